package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// planFlags are the flags that say what to measure. Those that are given
// override the plan file.
type planFlags struct {
	urls, profile string
	scale         float64
	mock          bool
	contenders    []string
	requests      int
	plan          bench.Plan // for the flags that are fields of a plan
	limits        limitFlags
}

// limitFlags are durations as flags read them.
type limitFlags struct{ timeout, trial, run, pause time.Duration }

// define adds the flags to a command.
func (f *planFlags) define(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.urls, "urls", "", "file with one URL a line (- for stdin)")
	flags.StringVar(&f.profile, "profile", "", "profile of the embedded upstream (article if nothing is given)")
	flags.Float64Var(&f.scale, "scale", 1, "multiply the profile's latencies")
	flags.BoolVar(&f.mock, "mock", false, "in-process mock instead of a server: scheduling only")
	flags.StringArrayVarP(&f.contenders, "strategy", "s", nil, "contenders, a comma list or repeated (default sequential,goroutines)")
	flags.StringVar(&f.plan.Baseline, "baseline", "", "contender that the others are compared with (default the first)")
	flags.IntVarP(&f.requests, "requests", "n", 0, "requests in a batch (default each URL once)")
	flags.IntVarP(&f.plan.Rounds, "rounds", "r", 0, "measured rounds (default 20; the profile's own)")
	flags.IntVar(&f.plan.Warmup, "warmup", 0, "warm-up rounds, recorded and left out (default 1; the profile's own)")
	flags.Uint64Var(&f.plan.Seed, "seed", 0, "seed of the order of contenders (default drawn)")
	flags.StringVar(&f.plan.Connections, "connections", bench.Fresh, "fresh for each trial, or warm")
	flags.DurationVar(&f.limits.pause, "pause", 0, "pause between trials (default 200ms; 20ms embedded)")
	flags.DurationVar(&f.limits.timeout, "timeout", 0, "deadline of a request, headers and body (default 10s)")
	flags.DurationVar(&f.limits.trial, "trial-timeout", 0, "deadline of a trial (default by its size)")
	flags.DurationVar(&f.limits.run, "max-time", 0, "limit of the run (default 30m)")
	_ = cmd.RegisterFlagCompletionFunc("profile", completeProfiles)
	_ = cmd.RegisterFlagCompletionFunc("strategy", completeStrategies)
}

// completeStrategies completes the spec of a contender.
func completeStrategies(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var specs []string
	for _, s := range bench.Specs() {
		specs = append(specs, s.Example())
	}
	return specs, cobra.ShellCompDirectiveNoFileComp
}

// build makes the plan of the arguments and flags, and validates it. Nothing is
// sent and nothing is written.
func (f *planFlags) build(flags *pflag.FlagSet, args []string, stdin io.Reader) (bench.Plan, error) {
	plan, err := f.source(flags, args, stdin)
	if err != nil {
		return bench.Plan{}, err
	}
	if err := f.override(flags, &plan); err != nil {
		return bench.Plan{}, err
	}
	if plan.Upstream.Profile != "" {
		if plan.Upstream.Command, err = childCommand(); err != nil {
			return bench.Plan{}, err
		}
	}
	if err := plan.Validate(); err != nil {
		return bench.Plan{}, hinted(err)
	}
	var wrong []error
	for _, spec := range plan.Contenders {
		if _, err := bench.ParseContender(spec); err != nil {
			wrong = append(wrong, err)
		}
	}
	return plan, errors.Join(wrong...)
}

// source finds what is to be fetched: a plan file, URLs as arguments or in a
// file, or the profile of an embedded upstream. It takes one of them.
func (f *planFlags) source(flags *pflag.FlagSet, args []string, stdin io.Reader) (bench.Plan, error) {
	planFile := len(args) > 0 && isPlan(args[0])
	given := 0
	for _, is := range []bool{len(args) > 0, flags.Changed("urls"), flags.Changed("profile")} {
		if is {
			given++
		}
	}
	switch {
	case given > 1 && !(planFile && given == 1):
		return bench.Plan{}, &failure{
			code: exitUsage, err: errors.New("URLs, --urls FILE, --profile NAME and a plan file exclude each other"),
			hint: "give one of them",
		}
	case planFile && len(args) > 1:
		return bench.Plan{}, fmt.Errorf("a plan file stands alone, got %q besides", args[1])
	case planFile:
		return readPlan(args[0])
	case given == 0:
		return bench.Defaults("article")
	case flags.Changed("profile"):
		return bench.Defaults(f.profile)
	}
	plan, err := bench.Defaults("")
	if err != nil {
		return plan, err
	}
	if flags.Changed("urls") {
		plan.URLs, err = readURLs(f.urls, stdin)
		return plan, err
	}
	for _, url := range args {
		plan.URLs = append(plan.URLs, bench.Request{URL: url})
	}
	return plan, nil
}

// isPlan tells whether an argument is a plan file: by its ending, or because
// there is such a file and it is no URL.
func isPlan(arg string) bool {
	if strings.Contains(arg, "://") {
		return false
	}
	switch filepath.Ext(arg) {
	case ".yaml", ".yml", ".json":
		return true
	}
	_, err := os.Stat(arg)
	return err == nil
}

// maxPlan bounds a plan file.
const maxPlan = 16 << 20

// readPlan reads a plan file.
func readPlan(path string) (bench.Plan, error) {
	file, err := os.Open(path)
	if err != nil {
		return bench.Plan{}, err
	}
	defer func() { _ = file.Close() }() // it was only read
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return bench.Plan{}, &failure{
			code: exitUsage, err: fmt.Errorf("%s is a directory, not a plan", path), hint: "give the plan file in it",
		}
	}
	text, err := io.ReadAll(io.LimitReader(file, maxPlan+1))
	if err != nil {
		return bench.Plan{}, err
	}
	if len(text) > maxPlan {
		return bench.Plan{}, fmt.Errorf("%s has more than %d bytes, which is no plan", path, maxPlan)
	}
	plan, err := bench.DecodePlan(path, text)
	if err != nil {
		return plan, hinted(err)
	}
	return plan, nil
}

// readURLs reads a list of URLs, - for stdin.
func readURLs(path string, stdin io.Reader) ([]bench.Request, error) {
	if path == "-" {
		list, err := bench.ParseURLs("stdin", stdin)
		return list, hinted(err)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	list, err := bench.ParseURLs(path, file)
	return list, hinted(err)
}

// hinted adds the way out to errors that have a usual one.
func hinted(err error) error {
	if errors.Is(err, bench.ErrNoURLs) {
		return &failure{code: exitUsage, err: err, hint: "one URL a line, such as https://api.example.com/user"}
	}
	return err
}

// override writes the flags that were given over the plan.
func (f *planFlags) override(flags *pflag.FlagSet, plan *bench.Plan) error {
	if len(f.contenders) > 0 {
		plan.Contenders = nil
		for _, list := range f.contenders {
			plan.Contenders = append(plan.Contenders, strings.Split(list, ",")...)
		}
	}
	if flags.Changed("requests") && f.requests < 1 {
		return fmt.Errorf("--requests must be at least 1, got %d", f.requests)
	}
	if (flags.Changed("scale") || f.mock) && plan.Upstream.Profile == "" {
		return &failure{
			code: exitUsage, err: errors.New("--scale and --mock are for the embedded upstream, and there are URLs"),
			hint: "use --profile NAME in place of the URLs",
		}
	}
	if flags.Changed("scale") && !(f.scale > 0) {
		return fmt.Errorf("--scale must be above 0, got %v", f.scale)
	}
	set := func(name string, assign func()) {
		if flags.Changed(name) {
			assign()
		}
	}
	set("requests", func() { plan.Requests = f.requests })
	set("scale", func() { plan.Upstream.Scale = f.scale })
	set("mock", func() { plan.Upstream.Form = bench.FormMock })
	set("baseline", func() { plan.Baseline = f.plan.Baseline })
	set("rounds", func() { plan.Rounds = f.plan.Rounds })
	set("warmup", func() { plan.Warmup = f.plan.Warmup })
	set("seed", func() { plan.Seed = f.plan.Seed })
	set("connections", func() { plan.Connections = f.plan.Connections })
	set("pause", func() { plan.Pause = bench.Duration(f.limits.pause) })
	set("timeout", func() { plan.Limits.Timeout = bench.Duration(f.limits.timeout) })
	set("trial-timeout", func() { plan.Limits.Trial = bench.Duration(f.limits.trial) })
	set("max-time", func() { plan.Limits.Run = bench.Duration(f.limits.run) })
	return nil
}
