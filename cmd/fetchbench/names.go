package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/history"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/cobra"
)

// saveFlags say under which name a run is saved.
type saveFlags struct{ name string }

// define adds the flag.
func (f *saveFlags) define(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.name, "save-as", "", "save the run under this `name`, which it takes from the run that had it")
}

// add lets the run be saved when it is written. What cannot be a name, or is what a run
// of the folder is called already, is refused before anything is sent.
func (f *saveFlags) add(cmd *cobra.Command, s *streams, wanted *products) error {
	if !cmd.Flags().Changed("save-as") {
		return nil
	}
	dir, err := runsDir(cmd.Flag("out").Value.String())
	if err != nil {
		return err
	}
	if err := history.CheckFree(dir, f.name); err != nil {
		return &failure{code: exitUsage, err: fmt.Errorf("--save-as: %w", cause(err)), hint: "nothing was measured; use a name such as main or v1.2, by which no run is called"}
	}
	wanted.endings = append(wanted.endings, func(j *results.Judgement, journal string) *failure { return f.save(s, j, journal) })
	return nil
}

// taking says how a run that was cut short comes to its name after all, if it can be
// gone on with.
func taking(run *results.Run, journal, name string) string {
	if sealed(run.Header) {
		return ""
	}
	return fmt.Sprintf("; fetchbench resume %s --save-as %s goes on with it and saves it", called(journal), name)
}

// save gives the run its name. A run that is not complete does not take it from one
// that is: whoever compares with the name would compare with half a run.
func (f *saveFlags) save(s *streams, j *results.Judgement, journal string) *failure {
	if !j.Run.Complete {
		s.note("not saved as %s: the run is not complete%s", f.name, taking(j.Run, journal, f.name))
		return nil
	}
	id, isJournal := strings.CutSuffix(filepath.Base(journal), history.Suffix)
	if !isJournal {
		return &failure{code: exitUnwritten, err: fmt.Errorf("saving as %s: %s is no journal of a folder of runs", f.name, report.Clean(journal)), hint: "the name of a journal ends with " + history.Suffix}
	}
	had, err := history.SaveAs(filepath.Dir(journal), f.name, id)
	if err != nil {
		return &failure{code: exitUnwritten, err: fmt.Errorf("saving as %s: %w", f.name, errors.Join(cause(err))), hint: "the run is kept as " + report.Clean(id)}
	}
	from := ""
	if had != "" && had != id {
		from = fmt.Sprintf(", which was run %s before", report.Clean(had))
	}
	s.note("saved as %s%s", f.name, from)
	return nil
}
