package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/cobra"
)

// newReport judges a journal again, without measuring.
func newReport(s *streams) *cobra.Command {
	var out outputFlags
	var dir string
	cmd := &cobra.Command{
		Use:   "report RUN",
		Short: "Judge a run again from its journal, without measuring",
		Long: `Judge a run again from its journal. RUN is the id that the run printed, a
beginning or the last part of it, or the path of a journal or of the folder that
it is alone in. The exit code is that of the run: 5 if requests failed, 7 if it
is not complete.`,
		Args: exactly(1, "one RUN"),
		RunE: func(_ *cobra.Command, args []string) error {
			if known := formatNames(formats(nil)); !slices.Contains(known, out.unasked) {
				return unknownFormat(out.unasked, known)
			}
			if err := knownStyle(out.style); err != nil {
				return err
			}
			runs, err := runsDir(dir)
			if err != nil {
				return err
			}
			path, err := findRun(runs, args[0])
			if err != nil {
				return err
			}
			wanted, err := out.products(s, path)
			if err != nil {
				return err
			}
			return judgeAgain(s, path, wanted)
		},
	}
	out.defineSweep(cmd)
	cmd.Flags().StringVarP(&out.unasked, "format", "f", textFormat, "`format` of stdout: "+list(formatNames(formats(nil))))
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formatNames(formats(nil)), cobra.ShellCompDirectiveNoFileComp))
	cmd.Flags().StringVar(&dir, "out", "", "`folder` of the journals (default in your state folder)")
	cmd.ValidArgsFunction = completeRuns(&dir, cobra.ShellCompDirectiveDefault)
	return cmd
}

// unknownFormat says what there is.
func unknownFormat(name string, names []string) error {
	return meant(fmt.Errorf("unknown --format %q (have %s)", name, list(names)), name, names)
}

// formatNames are the names of formats, in the order of the alphabet.
func formatNames(known []format) (names []string) {
	for _, f := range known {
		names = append(names, f.name)
	}
	slices.Sort(names)
	return names
}

// judgeAgain reads the journal, judges it and makes of it what is wanted.
func judgeAgain(s *streams, path string, wanted products) error {
	run, err := results.OpenLatencies(path)
	if err != nil {
		return &failure{code: exitUsage, err: err, hint: otherSchema(err, "give the id that a run printed, or the path of its journal")}
	}
	judgement := results.Judge(run)
	if unknown := wanted.suited(run.Header); unknown != nil {
		return unknown
	}
	failed := wanted.make(s, judgement, path)
	return nothing(worse(failed, verdict(s, judgement, nil).seeAlso(judgement, called(path))))
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
		case results.WarnSaturated:
			worst = worse(s.saturated(w, lines[i]), worst)
		case results.WarnBroken:
			worst = worse(&failure{code: exitIncomplete, err: errors.New(w.Text), hint: w.Hint}, worst)
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
	s.refuted(j, lines, worst)
	if worst == nil && j.Requests.OK == 0 {
		worst = &failure{code: exitInvalid, err: errors.New("no request succeeded")}
	}
	return worst
}

// saturated is the failure of a run in which this machine was the limit, where that is
// one, and a line on stderr elsewhere.
func (s *streams) saturated(w results.Warning, line string) *failure {
	if s.strict {
		return &failure{code: exitInvalid, err: errors.New(w.Text), hint: w.Hint}
	}
	s.note("fetchbench: %s", line)
	return nil
}

// refuted notes what an upstream disagrees on where a worse failure is all that would
// be said: one contender that broke must not hide another that lied.
func (s *streams) refuted(j *results.Judgement, lines []string, worst *failure) {
	if worst == nil || worst.code == exitInvalid {
		return
	}
	for i, w := range j.Warnings {
		if w.Code == results.WarnUpstream {
			s.note("fetchbench: %s", lines[i])
		}
	}
}
