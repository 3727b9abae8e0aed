package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/history"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/cobra"
)

// A listing is what list was asked for.
type listing struct {
	dir  string
	most int
	json bool
}

// newList lists the runs.
func newList(s *streams) *cobra.Command {
	var l listing
	cmd := &cobra.Command{
		Use:   "list [WORD...]",
		Short: "List the runs, the newest first",
		Long: `List the runs in the folder of journals, the newest first. With words only those
runs are listed that have each of them in their id, a name that they were saved
under, their profile, a host or a contender, or as their state: complete,
incomplete, running or unreadable.

A journal that cannot be read is listed with its reason. Of the others only the
header and the last lines are read: damage in between shows when they are used.`,
		Example: `  fetchbench list
  fetchbench list article pool -n 5`,
		RunE: func(_ *cobra.Command, args []string) error { return l.list(s, args) },
	}
	cmd.Flags().IntVarP(&l.most, "last", "n", 30, "at most so many, 0 for all")
	cmd.Flags().BoolVar(&l.json, "json", false, "one JSON object a line")
	cmd.Flags().StringVar(&l.dir, "out", "", "`folder` of the journals (default in your state folder)")
	return cmd
}

// list prints the runs that have all of the words.
func (l listing) list(s *streams, words []string) error {
	if l.most < 0 {
		return usage(fmt.Errorf("--last must be at least 0, got %d", l.most))
	}
	dir, err := runsDir(l.dir)
	if err != nil {
		return err
	}
	all, err := history.List(dir)
	if err != nil {
		return usage(fmt.Errorf("cannot list the runs in %s: %w", dir, cause(err)))
	}
	found := slices.Clone(all)
	for _, word := range words {
		found = slices.DeleteFunc(found, func(e history.Entry) bool { return !e.Matches(word) })
	}
	matching := len(found)
	if l.most > 0 {
		found = found[:min(l.most, matching)]
	}
	if err := l.print(s, found, callNames(all)); err != nil {
		return err
	}
	switch {
	case missing(l.dir):
		s.note("there is no folder %s: give that of the journals, or leave --out away", report.Clean(dir))
	case len(all) == 0:
		s.note("there are no runs in %s", report.Clean(dir))
	case matching == 0:
		s.note("none of %s has %s", counted(len(all), "run"), report.Clean(list(words)))
	case matching > len(found):
		s.note("the last %d of %s: -n 0 lists all", len(found), counted(matching, "run"))
	}
	return nil
}

// print writes the entries in the form that was asked for, and nothing for none.
func (l listing) print(s *streams, found []history.Entry, name func(id string) string) error {
	if l.json {
		out := buffer(s.out)
		for i := range found {
			if err := report.JSONLine(out, found[i]); err != nil {
				return unwritten(err)
			}
		}
		return unwritten(out.Flush())
	}
	if len(found) == 0 {
		return nil
	}
	head := []string{"Run", "Saved as", "Started", "Fetched", "Contenders", "Rounds", "State"}
	columns := make([]report.Listed, len(head))
	for i := range head {
		columns[i].Head, columns[i].Whole = head[i], head[i] == "Started"
	}
	for i := range found {
		for k, cell := range cellsOf(&found[i], name) {
			columns[k].Cells = append(columns[k].Cells, cell)
		}
	}
	if !slices.ContainsFunc(found, func(e history.Entry) bool { return len(e.Names) > 0 }) {
		columns = slices.Delete(columns, 1, 2)
	}
	o := report.Options{Width: width(s.out), ASCII: ascii()}
	return unwritten(report.Listing(s.out, columns, reasons(found, name), o))
}

// cellsOf are the cells of one run.
func cellsOf(e *history.Entry, name func(id string) string) []string {
	cells := []string{name(e.ID), list(e.Names), "", "", "", "", e.Standing()}
	if when := e.When(); !when.IsZero() {
		cells[2] = when.Local().Format("2006-01-02 15:04")
	}
	if e.State == history.Unreadable {
		return cells
	}
	cells[3], cells[4] = e.Target.String(), inTables(e.Contenders)
	if e.Sweep {
		cells[4] = "sweep of " + cells[4]
	}
	cells[5] = fmt.Sprintf("%d/%d", e.Done, e.Planned)
	if e.Done < 0 {
		cells[5] = fmt.Sprintf("?/%d", e.Planned)
	}
	return cells
}

// inTables lists contenders by the names that the tables of their run have for them.
func inTables(contenders []string) string {
	run := &results.Run{}
	for _, name := range contenders {
		run.Contenders = append(run.Contenders, results.Column{Name: name})
	}
	short := make([]string, len(contenders))
	for i, name := range contenders {
		short[i] = report.NameIn(run, name)
	}
	return list(short)
}

// reasons says of the first runs that are not complete why.
func reasons(found []history.Entry, name func(id string) string) (lines []string) {
	const shown = 10
	more := 0
	for i := range found {
		e := &found[i]
		text := e.Problem
		if e.State == history.Incomplete {
			text = e.Reason
		}
		switch {
		case text == "":
		case len(lines) == shown:
			more++
		default:
			lines = append(lines, fmt.Sprintf("%s %s: %s", name(e.ID), e.State, clip(text)))
		}
	}
	if more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more that are not complete: --json has their reasons", more))
	}
	return lines
}

// clip is the beginning of a text of somebody else.
func clip(text string) string {
	const most = 200
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// callNames returns how runs are called in a list: by the last part of their id where no
// other run and no name is called so.
func callNames(all []history.Entry) func(id string) string {
	uses := map[string]int{}
	for i := range all {
		uses[lastPart(all[i].ID)]++
		for _, name := range all[i].Names {
			uses[name]++
		}
	}
	return func(id string) string {
		if last := lastPart(id); uses[last] == 1 && last != "" {
			return last
		}
		return id
	}
}

// day is an instant for people, in their own time zone.
func day(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05 -0700") }
