package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/cobra"
)

// compareFlags are those of compare.
type compareFlags struct {
	dir, json, markdown     string
	strict, anyway, noColor bool
}

// newCompare holds runs against the first of them.
func newCompare(s *streams) *cobra.Command {
	var f compareFlags
	cmd := &cobra.Command{
		Use:   "compare RUN RUN...",
		Short: "Hold runs against the first of them, contender by contender",
		Long: `Hold runs against the first of them, the base, contender by contender. The times
of two runs are not paired: what changed between the runs (the machine, the
network, the hour) is in the ratios and not in their intervals. To know which of
two contenders is faster measure both in one run.

Runs that did not fetch the same are refused. Everything else in which they
differ is said.`,
		Example: `  fetchbench compare main 3f2k
  fetchbench compare main 3f2k --strict --markdown -`,
		Args: someRuns(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := filled(cmd.Flags(), "json", "markdown"); err != nil {
				return err
			}
			return f.compare(s, args)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.strict, "strict", false, "exit code 6 where nothing is shown, or by another machine")
	flags.BoolVar(&f.anyway, "anyway", false, "compare runs that did not fetch the same")
	flags.StringVar(&f.json, "json", "", "write everything as one JSON object to this `file` (- for stdout)")
	flags.StringVar(&f.markdown, "markdown", "", "write the tables as Markdown to this `file`")
	flags.BoolVar(&f.noColor, "no-color", false, "no colours, whatever the terminal")
	flags.StringVar(&f.dir, "out", "", "`folder` of the journals (default in your state folder)")
	cmd.ValidArgsFunction = completeRuns(&f.dir, cobra.ShellCompDirectiveDefault)
	return cmd
}

// compare reads the runs, holds them against the first and writes what came out.
func (f compareFlags) compare(s *streams, words []string) error {
	runs, paths, err := f.read(words)
	if err != nil {
		return err
	}
	var crossings []*results.Crossing
	for _, run := range runs[1:] {
		c := results.Across(runs[0], run)
		if !c.SameWork() && !f.anyway {
			return otherWork(c)
		}
		crossings = append(crossings, c)
	}
	outputs, err := f.outputs(s, crossings, paths)
	if err != nil {
		return err
	}
	return nothing(worse(save(s, outputs, nil, paths[0]), f.undecided(s, crossings)))
}

// read finds and reads the runs. One is not held against itself.
func (f compareFlags) read(words []string) (runs []*results.Run, paths []string, err error) {
	dir, err := runsDir(f.dir)
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]string{}
	for _, word := range words {
		path, err := findRun(dir, word)
		if err != nil {
			return nil, nil, err
		}
		if first, twice := seen[resolved(path)]; twice {
			return nil, nil, &failure{code: exitUsage, err: fmt.Errorf("%q and %q are the same run", first, word), hint: "within a run its contenders are compared by fetchbench report"}
		}
		seen[resolved(path)] = word
		run, err := openRun(dir, path)
		if err != nil {
			return nil, nil, err
		}
		runs, paths = append(runs, run), append(paths, path)
	}
	return runs, paths, nil
}

// otherWork refuses runs that did not fetch the same.
func otherWork(c *results.Crossing) *failure {
	for _, w := range c.Warnings {
		if w.Code == results.WarnWork {
			return &failure{
				code: exitUsage, err: fmt.Errorf("runs %s and %s cannot be compared: %s", c.Base, c.Other, w.Text),
				hint: "measure the same batch twice, or use --anyway if you know that it is the same work",
			}
		}
	}
	return usage(fmt.Errorf("runs %s and %s cannot be compared", c.Base, c.Other))
}

// outputs are the files that were asked for, and the tables on stdout unless that takes
// something else. The journals are never written over.
func (f compareFlags) outputs(s *streams, crossings []*results.Crossing, journals []string) ([]output, error) {
	o := report.Options{Width: width(s.out), Color: colours(s.out, f.noColor), ASCII: ascii()}
	each := func(write func(io.Writer, *results.Crossing, report.Options) error) writer {
		return func(w io.Writer, _ *results.Judgement, _ string) error { return writeEach(w, crossings, o, write) }
	}
	stdout := output{"-", each(report.Crossing)}
	var files []output
	taken := false
	for _, wanted := range []output{
		{f.json, func(w io.Writer, _ *results.Judgement, _ string) error { return report.CrossingsJSON(w, crossings) }},
		{f.markdown, each(report.CrossingMarkdown)},
	} {
		switch {
		case wanted.path == "":
		case wanted.path != "-" && wanted.path != "/dev/stdout":
			files = append(files, wanted)
		case taken:
			return nil, &failure{code: exitUsage, err: errors.New("stdout takes one result, and - was given more than once"), hint: "write the others to files"}
		default:
			stdout, taken = output{"-", wanted.write}, true
		}
	}
	return append(files, stdout), checkPaths(files, journals)
}

// writeEach writes crossings below each other.
func writeEach(w io.Writer, crossings []*results.Crossing, o report.Options, write func(io.Writer, *results.Crossing, report.Options) error) error {
	var b bytes.Buffer
	for i, c := range crossings {
		if i > 0 {
			b.WriteString("\n")
		}
		if err := write(&b, c, o); err != nil {
			return err
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// undecided says where no decision can rest on the runs: contenders of which nothing is
// shown, another machine, other work, nothing in common. It is a failure with --strict only.
func (f compareFlags) undecided(s *streams, crossings []*results.Crossing) *failure {
	var doubts []error
	for _, c := range crossings {
		for _, x := range c.Contenders {
			if x.Finding == results.NotShown || x.Finding == results.TooFew {
				doubts = append(doubts, fmt.Errorf("%s of run %s: %s", clip(x.Contender), c.Other, x.Finding))
			}
		}
		switch {
		case !c.SameWork():
			doubts = append(doubts, fmt.Errorf("run %s did not fetch the same", c.Other))
		case !c.SameMachine():
			doubts = append(doubts, fmt.Errorf("run %s was made on another machine", c.Other))
		case len(c.Contenders) == 0:
			doubts = append(doubts, fmt.Errorf("run %s has no contender of the base", c.Other))
		}
	}
	if len(doubts) == 0 {
		return nil
	}
	const shown = 5
	if more := len(doubts) - shown; more > 0 {
		doubts = append(doubts[:shown], fmt.Errorf("and %d more", more))
	}
	if f.strict {
		return &failure{code: exitUndecided, err: errors.Join(doubts...), hint: "measure both in one run, with more rounds"}
	}
	for _, doubt := range doubts {
		s.note("fetchbench: undecided: %s", oneLine(doubt))
	}
	return nil
}
