package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// newSweep measures one strategy at several sizes.
func newSweep(s *streams) *cobra.Command {
	own := runFlags{plan: planFlags{sweepFlags: sweepFlags{sweep: true}}}
	cmd := &cobra.Command{
		Use:   "sweep [URL... | PLAN | --urls FILE | --profile NAME]",
		Short: "Find a pool size: one strategy at several sizes",
		Long: `Fetch the same URLs with one strategy at several sizes, round by round in an
order drawn anew, and recommend the smallest size that is as good as the best:
sizes at which more than 0.5 % of the requests fail are dropped, then the
smallest within 5 % of the best median is taken. Ten rounds are the least that
carry a recommendation.

-s names the strategy without its number, with policies and a transport if
wanted: -s pool (the default), -s semaphore+retry:3@h2.`,
		Example: `  fetchbench sweep --profile capacity --pool 1,2,4,8,16,32
  fetchbench sweep http://127.0.0.1:9000/item -n 120`,
		RunE: func(cmd *cobra.Command, args []string) error { return own.measure(cmd, args, s) },
	}
	own.plan.define(cmd)
	flags := cmd.Flags()
	flags.Lookup("strategy").Usage = "the `strategy` to size, without its number (default pool)"
	flags.Lookup("rounds").Usage = "measured rounds (default 10)"
	for _, name := range unswept() {
		_ = flags.MarkHidden(name) // they are there: they were just defined
	}
	s.may.define(cmd)
	own.saved.define(cmd)
	flags.StringSliceVar(&own.plan.sizes, "pool", nil, "sizes to try, a comma `list` (default 1,2,4,... up to the batch)")
	own.out.defineSweep(cmd)
	own.defineDir(cmd)
	return cmd
}

// sweepFlags are those of a sweep; a run has none of them.
type sweepFlags struct {
	sweep bool
	sizes []string
}

// unswept are flags of a run that a sweep has no use for: it compares sizes of one
// strategy, and has no whole routes.
func unswept() []string {
	return []string{"baseline", "aa", "order", "clients", "start", "ready", "ready-timeout"}
}

// leastSwept is how many rounds a sweep makes unless told otherwise, the least that
// its rule takes for more than provisional.
const leastSwept = 10

// spread makes the contenders of a sweep: the one that the plan names, at each size.
func (f *sweepFlags) spread(flags *pflag.FlagSet, plan *bench.Plan) error {
	if !f.sweep {
		return nil
	}
	for _, name := range unswept() {
		if flags.Changed(name) {
			return &failure{code: exitUsage, err: fmt.Errorf("--%s is not for a sweep", name), hint: "compare with fetchbench run"}
		}
	}
	template := "pool"
	if flags.Changed("strategy") {
		if len(plan.Contenders) != 1 {
			return fmt.Errorf("a sweep is of one strategy, got %s", list(plan.Contenders))
		}
		template = plan.Contenders[0]
	}
	name, rest, err := unsized(template)
	if err != nil {
		return err
	}
	sizes, err := f.list(plan.Batch())
	if err != nil {
		return err
	}
	plan.Contenders = nil
	for _, size := range sizes {
		plan.Contenders = append(plan.Contenders, name+":"+strconv.Itoa(size)+rest)
	}
	plan.Sweep = true
	if !flags.Changed("rounds") && !flags.Changed("precision") {
		plan.Rounds = leastSwept
	}
	return nil
}

// unsized is the name of the strategy that a spec sizes, and what follows it. What has a
// size already, and what is no strategy, is refused.
func unsized(template string) (name, rest string, err error) {
	if literal(template) {
		return "", "", &failure{code: exitUsage, err: fmt.Errorf("a sweep is of a strategy, which has sizes to try, and not of %s", bench.Conceal(template)), hint: "sweep one such as pool; compare programs and whole routes with fetchbench run"}
	}
	name, rest = cutName(template)
	if strings.HasPrefix(rest, ":") {
		return "", "", &failure{code: exitUsage, err: fmt.Errorf("-s %s has a size, and the sizes are what a sweep tries", template), hint: "name the strategy alone, and the sizes with --pool"}
	}
	return name, rest, sizable(name)
}

// sizable refuses a strategy that there is and that has no number of its own.
func sizable(name string) error {
	for _, s := range bench.Specs() {
		if s.Name != name {
			continue
		}
		if _, err := bench.ParseStrategy(name + ":2"); err != nil {
			return &failure{code: exitUsage, err: fmt.Errorf("%s has no size that could be swept", name), hint: "use one that has, such as pool"}
		}
	}
	return nil
}

// cutName separates the name of a strategy from what follows it in a spec.
func cutName(spec string) (name, rest string) {
	if end := strings.IndexAny(spec, ":+@"); end >= 0 {
		return spec[:end], spec[end:]
	}
	return spec, ""
}

// list returns the sizes in ascending order, each once: those that were given, else
// the powers of two up to the batch, and the batch.
func (f *sweepFlags) list(batch int) ([]int, error) {
	var sizes []int
	for _, text := range f.sizes {
		size, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || size < 1 {
			return nil, fmt.Errorf("--pool: a size must be a whole number from 1, got %q", text)
		}
		if size > batch {
			return nil, &failure{
				code: exitUsage, err: fmt.Errorf("--pool: %d in flight cannot be reached with %d requests in a batch", size, batch),
				hint: fmt.Sprintf("fetch more at once with -n %d", size),
			}
		}
		sizes = append(sizes, size)
	}
	for size := 1; len(f.sizes) == 0 && size < batch; size *= 2 {
		sizes = append(sizes, size)
	}
	if len(f.sizes) == 0 {
		sizes = append(sizes, batch)
	}
	slices.Sort(sizes)
	if unique := slices.Compact(slices.Clone(sizes)); len(unique) < len(sizes) {
		return nil, errors.New("--pool: a size is named twice")
	}
	if len(sizes) < 2 {
		return nil, &failure{code: exitUsage, err: errors.New("a sweep needs two sizes at least"), hint: "name more with --pool, or more requests with -n"}
	}
	return sizes, nil
}
