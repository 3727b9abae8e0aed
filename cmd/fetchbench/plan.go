package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// planFlags are the flags that say what to measure. Those that are given
// override the plan file.
type planFlags struct {
	sourceFlags
	contenders       []string
	requests, repeat int
	plan             bench.Plan // for the flags that are fields of a plan
	limits           limitFlags
	maxRounds        int
	servedFlags
	sweepFlags
	routeFlags
}

// servedFlags say how the embedded upstream serves.
type servedFlags struct {
	scale     float64
	mock, tls bool
	slots     int
}

// limitFlags are durations as flags read them, and what ends a run early.
type limitFlags struct {
	timeout, trial, run, pause time.Duration
	keepGoing                  bool
}

// define adds the flags to a command.
func (f *planFlags) define(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.SortFlags = false
	f.sourceFlags.define(flags)
	f.routeFlags.define(flags)
	flags.Float64Var(&f.scale, "scale", 1, "multiply the profile's latencies")
	flags.BoolVar(&f.mock, "mock", false, "in-process mock instead of a server: scheduling only")
	flags.StringArrayVarP(&f.contenders, "strategy", "s", nil, "contenders, a comma `list` or repeated (default sequential,goroutines)")
	flags.StringVar(&f.plan.Baseline, "baseline", "", "`contender` that the others are compared with (default the first)")
	flags.IntVarP(&f.requests, "requests", "n", 0, "requests in a batch (default each URL once)")
	flags.IntVar(&f.repeat, "repeat", 0, "fetch the batch so often in a trial, one fan-out after the other (default once)")
	flags.BoolVar(&f.tls, "tls", false, "the embedded upstream over TLS")
	flags.IntVar(&f.slots, "slots", 0, "requests that the embedded upstream serves at once (default the profile's own)")
	flags.IntVarP(&f.plan.Rounds, "rounds", "r", 0, "measured rounds (default 20; the profile's own)")
	flags.IntVar(&f.plan.Warmup, "warmup", 0, "warm-up rounds, recorded and left out (default 1; the profile's own)")
	flags.Uint64Var(&f.plan.Seed, "seed", 0, "seed of the order of contenders (default drawn)")
	flags.Var(&f.plan.Precision, "precision", "end when every speed-up is known this well, such as 5%")
	flags.IntVar(&f.maxRounds, "max-rounds", 0, "most rounds that --precision may take (default 100)")
	flags.StringVar(&f.plan.Order, "order", bench.Random, "random; balanced, fixed and blocks show what it is for")
	flags.BoolVar(&f.plan.AA, "aa", false, "measure the baseline against itself: what this machine can see")
	flags.StringVar(&f.plan.Connections, "connections", bench.Fresh, "fresh for each trial, or warm")
	flags.StringVar(&f.plan.Authority, "ca", "", "trust the authority in this PEM `file` besides the system's")
	flags.DurationVar(&f.limits.pause, "pause", 0, "pause between trials (default 200ms; 20ms embedded)")
	flags.DurationVar(&f.limits.timeout, "timeout", 0, "deadline of a request, headers and body (default 10s)")
	flags.DurationVar(&f.limits.trial, "trial-timeout", 0, "deadline of a trial (default by its size)")
	flags.DurationVar(&f.limits.run, "max-time", 0, "limit of the run (default 30m)")
	flags.BoolVar(&f.limits.keepGoing, "keep-going", false, "go on when a host that is not private fails 20 requests in a row")
	_ = cmd.RegisterFlagCompletionFunc("profile", completeProfiles)
	_ = cmd.RegisterFlagCompletionFunc("strategy", completeStrategies)
	_ = cmd.RegisterFlagCompletionFunc("baseline", completeStrategies)
	_ = cmd.RegisterFlagCompletionFunc("body", cobra.FixedCompletions([]string{bench.BodyRead, bench.BodyHeaders}, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("connections", cobra.FixedCompletions([]string{bench.Fresh, bench.Warm}, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("order", cobra.FixedCompletions(bench.Orders(), cobra.ShellCompDirectiveNoFileComp))
}

// build makes the plan of the arguments and flags, and validates it. Nothing is
// sent and nothing is written.
func (f *planFlags) build(flags *pflag.FlagSet, args []string, stdin io.Reader) (bench.Plan, error) {
	if err := filled(flags, "urls", "baseline", "ca", "out"); err != nil {
		return bench.Plan{}, err
	}
	plan, err := f.source(flags, args, stdin)
	if err != nil {
		return bench.Plan{}, err
	}
	if err := f.override(flags, &plan); err != nil {
		return bench.Plan{}, err
	}
	if err := f.addHeaders(flags, &plan); err != nil {
		return bench.Plan{}, err
	}
	if err := f.spread(flags, &plan); err != nil {
		return bench.Plan{}, err
	}
	if plan.AA && len(plan.Contenders) > 1 && plan.Baseline == "" && flags.Changed("strategy") {
		return bench.Plan{}, &failure{code: exitUsage, err: fmt.Errorf("--aa measures one contender against itself, got %s", list(plan.Contenders)), hint: "name one, or which of them with --baseline"}
	}
	if plan.Upstream.Profile != "" {
		if plan.Upstream.Command, err = childCommand(); err != nil {
			return bench.Plan{}, err
		}
	}
	plan.Makers, plan.Launcher = makers(), launcher()
	_, err = plan.Resolve()
	return plan, hinted(placed(flags, err))
}

// placed says by which flag a field that is wrong was given. Those of a plan file
// have their line already.
func placed(flags *pflag.FlagSet, err error) error {
	names := map[string]string{
		"contenders": "strategy", "upstream.scale": "scale", "upstream.tls": "tls", "upstream.slots": "slots", "authority": "ca",
		"ready_timeout": "ready-timeout", "limits.timeout": "timeout", "limits.trial": "trial-timeout", "limits.run": "max-time",
	}
	var wrong []error
	for _, one := range split(err) {
		var field *bench.FieldError
		if errors.As(one, &field) {
			name, _, _ := strings.Cut(field.Field, "[") // the flag gives the whole list
			name = cmp.Or(names[name], name)
			if flags.Changed(name) {
				one = fmt.Errorf("--%s: %w", name, one)
			}
		}
		wrong = append(wrong, one)
	}
	return errors.Join(wrong...)
}

// check refuses values of flags that a plan would take for not given.
func (f *planFlags) check(flags *pflag.FlagSet) error {
	for _, n := range []struct {
		name  string
		value int
	}{{"requests", f.requests}, {"repeat", f.repeat}, {"slots", f.slots}} {
		if flags.Changed(n.name) && n.value < 1 {
			return fmt.Errorf("--%s must be at least 1, got %d", n.name, n.value)
		}
	}
	if flags.Changed("scale") && !(f.scale > 0) { // NaN is not
		return fmt.Errorf("--scale must be above 0, got %v", f.scale)
	}
	if err := f.checkPrecision(flags); err != nil {
		return err
	}
	for _, d := range []struct {
		name  string
		value time.Duration
	}{{"timeout", f.limits.timeout}, {"trial-timeout", f.limits.trial}, {"max-time", f.limits.run}} {
		if flags.Changed(d.name) && d.value <= 0 {
			return &failure{code: exitUsage, err: fmt.Errorf("--%s must be above 0, got %v", d.name, d.value), hint: "there is always a limit: give a long one"}
		}
	}
	return nil
}

// checkPrecision refuses the two ways to say how many rounds there are together.
func (f *planFlags) checkPrecision(flags *pflag.FlagSet) error {
	switch {
	case flags.Changed("precision") && flags.Changed("rounds"):
		return &failure{code: exitUsage, err: errors.New("--precision and --rounds exclude each other"), hint: "bound the rounds of --precision with --max-rounds"}
	case flags.Changed("max-rounds") && !flags.Changed("precision"):
		return &failure{code: exitUsage, err: errors.New("--max-rounds is the limit of --precision, which is not given"), hint: "use --rounds"}
	case flags.Changed("max-rounds") && f.maxRounds < leastPrecise:
		return fmt.Errorf("--max-rounds must be at least %d, got %d", leastPrecise, f.maxRounds)
	}
	return nil
}

// The rounds that a precision takes at least, its limits where none is given, and
// the time: what is not precise by then will not be soon.
const (
	leastPrecise  = 10
	mostPrecise   = 100
	preciseWithin = 10 * time.Minute
)

// precise writes what a precision implies.
func (f *planFlags) precise(flags *pflag.FlagSet, plan *bench.Plan) {
	plan.Precision = f.plan.Precision
	plan.Rounds = cmp.Or(f.maxRounds, mostPrecise)
	if !flags.Changed("max-time") {
		plan.Limits.Run = bench.Duration(preciseWithin)
	}
}

// embedded writes the flags of the embedded upstream over the plan.
func (f *planFlags) embedded(flags *pflag.FlagSet, plan *bench.Plan) error {
	for _, name := range []string{"scale", "mock", "tls", "slots"} {
		if flags.Changed(name) && plan.Upstream.Profile == "" {
			return &failure{
				code: exitUsage, err: fmt.Errorf("--%s is for the embedded upstream, and there are URLs", name),
				hint: "use --profile NAME in place of the URLs",
			}
		}
	}
	if f.mock {
		plan.Upstream.Form = bench.FormMock
	}
	if flags.Changed("tls") {
		plan.Upstream.TLS = f.tls
	}
	if flags.Changed("slots") {
		plan.Upstream.Slots = f.slots
	}
	return nil
}

// override writes the flags that were given over the plan.
func (f *planFlags) override(flags *pflag.FlagSet, plan *bench.Plan) error {
	if len(f.contenders) > 0 {
		plan.Contenders = nil
		for _, list := range f.contenders {
			if literal(list) {
				plan.Contenders = append(plan.Contenders, list)
				continue
			}
			for _, spec := range strings.Split(list, ",") {
				if spec = strings.TrimSpace(spec); spec == "" {
					return fmt.Errorf("--strategy: %q names no contender between two commas", list)
				}
				plan.Contenders = append(plan.Contenders, spec)
			}
		}
	}
	if err := f.check(flags); err != nil {
		return err
	}
	if err := f.embedded(flags, plan); err != nil {
		return err
	}
	if err := f.routeFlags.override(flags, plan); err != nil {
		return err
	}
	set := func(name string, assign func()) {
		if flags.Changed(name) {
			assign()
		}
	}
	set("requests", func() { plan.Requests = f.requests })
	set("repeat", func() { plan.Repeat = f.repeat })
	set("scale", func() { plan.Upstream.Scale = f.scale })
	set("baseline", func() { plan.Baseline = f.plan.Baseline })
	set("rounds", func() { plan.Rounds = f.plan.Rounds })
	set("warmup", func() { plan.Warmup = f.plan.Warmup })
	set("seed", func() { plan.Seed = f.plan.Seed })
	set("precision", func() { f.precise(flags, plan) })
	set("order", func() { plan.Order = f.plan.Order })
	set("aa", func() { plan.AA = f.plan.AA })
	set("ca", func() { plan.Authority = f.plan.Authority })
	set("connections", func() { plan.Connections = f.plan.Connections })
	set("pause", func() { plan.Pause = bench.Duration(f.limits.pause) })
	set("timeout", func() { plan.Limits.Timeout = bench.Duration(f.limits.timeout) })
	set("trial-timeout", func() { plan.Limits.Trial = bench.Duration(f.limits.trial) })
	set("keep-going", func() { plan.Limits.KeepGoing = f.limits.keepGoing })
	set("max-time", func() { plan.Limits.Run = bench.Duration(f.limits.run) })
	return nil
}
