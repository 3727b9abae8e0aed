package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/cobra"
)

// newReport judges a journal again, without measuring.
func newReport(s *streams) *cobra.Command {
	var out outputFlags
	var format, dir string
	cmd := &cobra.Command{
		Use:   "report RUN",
		Short: "Judge a run again from its journal, without measuring",
		Long: `Judge a run again from its journal. RUN is the id that the run printed, a
beginning or the last part of it, or the path of a journal. The exit code is
that of the run: 5 if requests failed, 7 if it is not complete.`,
		Args: exactly(1, "one RUN"),
		RunE: func(_ *cobra.Command, args []string) error {
			write := out.formats(s)[format]
			s.tabled = format == "text"
			if write == nil {
				return unknownFormat(format, out.formats(s))
			}
			if err := knownStyle(out.style); err != nil {
				return err
			}
			runs, err := runsDir(dir)
			if err != nil {
				return err
			}
			return judgeAgain(s, runs, args[0], write)
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "text", "`format`: text, csv, csv-requests, csv-sizes, json or markdown")
	cmd.Flags().StringVar(&dir, "out", "", "`folder` of the journals (default in your state folder)")
	out.defineStyle(cmd)
	return cmd
}

// unknownFormat says what there is.
func unknownFormat(format string, formats map[string]writer) error {
	names := slices.Sorted(maps.Keys(formats))
	return meant(fmt.Errorf("unknown --format %q (have %s)", format, list(names)), format, names)
}

// judgeAgain reads the journal, judges it and writes one format to stdout.
func judgeAgain(s *streams, dir, word string, write writer) error {
	path, err := findRun(dir, word)
	if err != nil {
		return err
	}
	run, err := results.OpenLatencies(path)
	if err != nil {
		return &failure{code: exitUsage, err: err, hint: "give the id that a run printed, or the path of its journal"}
	}
	judgement := results.Judge(run)
	failed := save(s, []output{{"-", write}}, judgement, path)
	return nothing(worse(failed, verdict(s, judgement, nil)))
}

// verdict prints what is doubtful and returns what makes the run invalid: failed
// requests, a trial that did not end, an upstream that saw something else, or rounds that are missing. The
// sentences are the same for a run and for a report of it, but that a run which
// has just ended early knows why, and says that alone.
func verdict(s *streams, j *results.Judgement, ended *failure) *failure {
	worst := ended
	lines := report.Warnings(j)
	for i, w := range j.Warnings {
		switch w.Code {
		case results.WarnFailed, results.WarnHung, results.WarnUpstream, results.WarnBytes:
			worst = worse(&failure{code: exitInvalid, err: errors.New(w.Text), hint: w.Hint}, worst)
		case results.WarnIncomplete:
			if ended != nil {
				continue
			}
			worst = worse(&failure{code: exitIncomplete, err: errors.New(w.Text), hint: w.Hint}, worst)
		case results.WarnMock, results.WarnRounds:
			if !s.tabled { // the table says so itself
				s.note("fetchbench: %s", lines[i])
			}
		default:
			s.note("fetchbench: %s", lines[i])
		}
	}
	if worst == nil && j.Requests.OK == 0 {
		worst = &failure{code: exitInvalid, err: errors.New("no request succeeded")}
	}
	return worst
}
