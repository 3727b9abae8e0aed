package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/cobra"
)

// maxTimes bounds a file of times.
const maxTimes = 64 << 20

// newAnalyse judges times that something else measured.
func newAnalyse(s *streams) *cobra.Command {
	var out outputFlags
	cmd := &cobra.Command{
		Use:   "analyse FILE",
		Short: "Judge trial times from anywhere, as if they were a run's",
		Long: `Judge times that something else measured (- for stdin), with the same
statistics:

  {"baseline": "sync", "times_in_round_order": {
     "sync":  [4.07, 3.42, 3.39], "async": [0.53, 0.41, "Infinity"]}}

Times are seconds, "Infinity" is a trial that failed. Times at the same place
of two lists must come from the same round: measured one after the other, in
an order that was drawn. If all of one were measured before all of the other,
no statistics can undo it.`,
		Args: exactly(1, "one FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			wanted, err := out.products(s, args[0])
			if err != nil {
				return err
			}
			if unknown := wanted.ofTimes(); unknown != nil {
				return unknown
			}
			text, err := readTimes(args[0], s.in)
			if err != nil {
				return err
			}
			run, err := results.Import(args[0], text)
			if err != nil {
				return err
			}
			if unknown := wanted.knownIn(run.Header); unknown != nil {
				return unknown
			}
			run.Environment.Tool = fullVersion()
			judgement := results.Judge(run)
			failed := wanted.make(s, judgement, args[0])
			return nothing(worse(failed, timesVerdict(s, judgement)))
		},
	}
	out.define(cmd)
	for _, flag := range []string{"csv-requests", "cost"} {
		_ = cmd.Flags().MarkHidden(flag) // imported times are all there is
	}
	return cmd
}

// timesVerdict prints what is doubtful about times and returns what makes them invalid:
// that trials failed, as in a run, and that none has succeeded.
func timesVerdict(s *streams, j *results.Judgement) (failed *failure) {
	for i, line := range report.Warnings(j) {
		if w := j.Warnings[i]; w.Code == results.WarnFailed {
			failed = worse(&failure{code: exitInvalid, err: errors.New(w.Text), hint: w.Hint}, failed)
			continue
		}
		s.note("fetchbench: %s", line)
	}
	if slices.ContainsFunc(j.Contenders, func(c results.Contender) bool { return c.OK > 0 }) {
		return failed
	}
	return worse(failed, &failure{code: exitInvalid, err: errors.New("no trial succeeded: there is nothing to judge")})
}

// readTimes reads the file, or stdin.
func readTimes(path string, stdin io.Reader) ([]byte, error) {
	in := stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, unreadable(path, err, "give a file of times, or - for stdin")
		}
		defer func() { _ = file.Close() }() // it was only read
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, maxTimes+1))
	switch {
	case err != nil:
		return nil, unreadable(path, err, "give a file of times, or - for stdin")
	case len(text) > maxTimes:
		return nil, fmt.Errorf("%s has more than %d bytes", path, maxTimes)
	}
	return text, nil
}
