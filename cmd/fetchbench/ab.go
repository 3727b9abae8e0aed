package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usualPairs is how many pairs there are unless told otherwise.
const usualPairs = 20

// newAB compares two versions of something in one job.
func newAB(s *streams) *cobra.Command {
	var plan planFlags
	var out outputFlags
	var sides sideFlags
	var dir string
	cmd := &cobra.Command{
		Use:   "ab --base X --head Y [URL... | PLAN | --urls FILE]",
		Short: "Compare two versions, interleaved in one job: a gate for CI",
		Long: `Fetch the same batch with two sides, in pairs whose order is drawn anew, and
say by how much the head is slower or faster than the base. A side is

  a command      './fetch-pr --fast': started once a trial without a shell, gets
                 the URLs on its standard input, one a line, and in the file
                 that FETCHBENCH_URLS names; it must fetch them all and exit
                 with 0. Its time is from its start to its exit.
  a contender    'pool:8', 'exec:python3 a.py' or 'route:URL': see fetchbench
                 strategies.
  a plan file    'a.yaml': both sides are plans of one contender, and each trial
                 is a round of its own plan.

--base-build and --head-build are two builds of fetchbench that measure the
same plan instead.

With --fail-if 'median +5%' the exit code is 4 if the head is more than 5 %
slower for sure. base and head stand for the two sides in limits: 'head.median
> 500ms'.`,
		Example: `  fetchbench ab --base ./fetch-main --head ./fetch-pr --fail-if 'median +5%'
  fetchbench ab --base pool:8 --head pool:16 --urls upstreams.txt --pairs 40`,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, own, err := sides.build(&plan, cmd.Flags(), args, s)
			if err != nil {
				return err
			}
			wanted, err := out.products(s, append(args, plan.urls, sides.base, sides.head, sides.baseBuild, sides.headBuild)...)
			if err != nil {
				return err
			}
			names, _ := columnNames(p, own)
			wanted.sided(names)
			plan.warn(s, args, p)
			return nothing(measure(cmd.Context(), s, p, wanted, dir, own...))
		},
	}
	sides.define(cmd)
	plan.define(cmd)
	sides.hide(cmd.Flags())
	s.may.define(cmd)
	out.define(cmd)
	out.unasked = sidesFormat
	cmd.Flags().StringVar(&dir, "out", "", "`folder` for the journal (default in your state folder)")
	return cmd
}

// sideFlags are the two sides of a comparison, and how often they are measured.
type sideFlags struct {
	base, head           string
	baseBuild, headBuild string
	pairs                int
}

// define adds the flags to the command.
func (f *sideFlags) define(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.base, "base", "", "the `side` that is held against: a command, a contender or a plan file")
	flags.StringVar(&f.head, "head", "", "the `side` that is judged")
	flags.StringVar(&f.baseBuild, "base-build", "", "a build of fetchbench, as a `file`, in place of --base")
	flags.StringVar(&f.headBuild, "head-build", "", "a build of fetchbench, as a `file`, in place of --head")
	flags.IntVar(&f.pairs, "pairs", usualPairs, "measured pairs of trials")
	_ = cmd.RegisterFlagCompletionFunc("base", completeSides)
	_ = cmd.RegisterFlagCompletionFunc("head", completeSides)
}

// ruled are flags of a run that a comparison of two sides decides by itself.
func ruled() []string {
	return []string{"rounds", "baseline", "aa", "order", "precision", "max-rounds"}
}

// hide takes flags out of the help that the comparison decides by itself.
func (f *sideFlags) hide(flags *pflag.FlagSet) {
	for _, name := range ruled() {
		_ = flags.MarkHidden(name) // they are there: they were just defined
	}
	flags.Lookup("strategy").Usage = "the `contender` of two builds, where the plan has several"
}

// build makes the plan of the comparison, and its sides where they are no contenders
// that a plan can name.
func (f *sideFlags) build(plan *planFlags, flags *pflag.FlagSet, args []string, s *streams) (bench.Plan, []bench.Contender, error) {
	if err := f.check(flags); err != nil {
		return bench.Plan{}, nil, err
	}
	if err := flags.Set("rounds", strconv.Itoa(f.pairs)); err != nil {
		return bench.Plan{}, nil, err
	}
	switch {
	case f.baseBuild != "":
		return f.builds(plan, flags, args, s)
	case isPlanFile(f.base) && isPlanFile(f.head):
		return f.plans(plan, flags, args, s)
	case flags.Changed("strategy"):
		return bench.Plan{}, nil, &failure{code: exitUsage, err: errors.New("-s is for two builds: the sides of this comparison are --base and --head"), hint: "give the contenders as --base and --head"}
	case isSpec(f.base) && isSpec(f.head):
		return f.specs(plan, flags, args, s)
	case bench.IsRoute(f.base) || bench.IsRoute(f.head):
		return bench.Plan{}, nil, &failure{code: exitUsage, err: errors.New("a whole route has no match in a command, which is started anew for each trial"), hint: "compare it with a contender, such as route:URL, exec:COMMAND or pool:8"}
	}
	return f.commands(plan, flags, args, s)
}

// check refuses what cannot be two sides.
func (f *sideFlags) check(flags *pflag.FlagSet) error {
	for _, name := range ruled() {
		if flags.Changed(name) {
			return &failure{code: exitUsage, err: fmt.Errorf("--%s is not for ab", name), hint: "--pairs says how many, the base is the baseline; for the rest there is fetchbench run"}
		}
	}
	return f.two()
}

// two refuses more or fewer than two sides of one kind.
func (f *sideFlags) two() error {
	sides, builds := f.base != "" || f.head != "", f.baseBuild != "" || f.headBuild != ""
	switch {
	case f.pairs < 1:
		return fmt.Errorf("--pairs must be at least 1, got %d", f.pairs)
	case sides && builds:
		return &failure{code: exitUsage, err: errors.New("--base and --head exclude --base-build and --head-build"), hint: "compare two sides, or two builds"}
	case builds && (f.baseBuild == "" || f.headBuild == ""):
		return &failure{code: exitUsage, err: errors.New("two builds take --base-build and --head-build"), hint: "give both"}
	case !builds && (f.base == "" || f.head == ""):
		return &failure{code: exitUsage, err: errors.New("two sides take --base and --head"), hint: "such as --base pool:8 --head pool:16; see fetchbench ab --help"}
	}
	return nil
}

// isSpec tells whether a side is a contender that a plan can name.
func isSpec(side string) bool {
	_, err := bench.ParseContender(side)
	return err == nil || literal(side)
}

// specs is an ordinary run of two contenders, or of one against itself.
func (f *sideFlags) specs(plan *planFlags, flags *pflag.FlagSet, args []string, s *streams) (bench.Plan, []bench.Contender, error) {
	list := []string{f.base, f.head}
	if f.base == f.head {
		list = list[:1]
		if err := flags.Set("aa", "true"); err != nil {
			return bench.Plan{}, nil, err
		}
	}
	for _, spec := range list {
		if err := flags.Set("strategy", spec); err != nil {
			return bench.Plan{}, nil, err
		}
	}
	if err := flags.Set("baseline", f.base); err != nil {
		return bench.Plan{}, nil, err
	}
	p, err := plan.build(flags, args, s.in)
	return p, nil, err
}

// sided lets base and head stand for the sides in gates, whatever these are called.
func (h *held) sided(names []string) {
	h.sides = true
	for i, g := range h.gates {
		at := slices.Index([]string{"base", "head"}, g.Subject)
		if at < 0 || at >= len(names) || slices.Contains(names, g.Subject) {
			continue
		}
		named := g
		named.Subject = names[at]
		h.written[named.String()] = h.written[g.String()]
		h.gates = slices.Replace(slices.Clone(h.gates), i, i+1, named)
	}
}
