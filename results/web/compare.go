package web

import (
	"fmt"
	"net/http"
	"unicode"
	"unicode/utf8"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// A comparison is the page of two runs.
type comparison struct {
	Base, Other  string
	Warnings     []results.Warning
	Differences  []results.Difference
	Rows         []compared
	Alone, There []string // contenders of one run only
}

// A compared contender is one row, in words.
type compared struct {
	Name, Base, Other, SpeedUp, P, Finding string
}

// compare holds the second run that the query names against the first.
func (h *handler) compare(w http.ResponseWriter, r *http.Request) {
	ids := r.URL.Query()["run"]
	if len(ids) != 2 || ids[0] == ids[1] {
		h.problem(w, http.StatusBadRequest, fmt.Errorf("two runs are compared: go back to the list and choose two"))
		return
	}
	var runs [2]*results.Run
	for i, id := range ids {
		run, err := h.run(r.Context(), id)
		if err != nil {
			h.refuse(w, report.Clean(id), err)
			return
		}
		runs[i] = run
	}
	// The older run is the base, whatever the order of the boxes.
	base, other := 0, 1
	if runs[1].Started.Before(runs[0].Started) {
		base, other = 1, 0
	}
	c := compareInWords(results.Across(runs[base], runs[other]))
	c.Base, c.Other = ids[base], ids[other]
	h.show(w, http.StatusOK, "compare.html", c)
}

// compareInWords words a crossing. What came from the journals is cleaned.
func compareInWords(x *results.Crossing) *comparison {
	c := &comparison{Alone: cleaned(x.OnlyBase), There: cleaned(x.OnlyOther)}
	for _, one := range x.Warnings {
		c.Warnings = append(c.Warnings, results.Warning{Text: sentence(one.Text), Hint: sentence(one.Hint)})
	}
	for _, d := range x.Differences {
		c.Differences = append(c.Differences, results.Difference{
			Kind: d.Kind, What: report.Clean(d.What), Base: report.Clean(d.Base), Other: report.Clean(d.Other),
		})
	}
	for i := range x.Contenders {
		one := &x.Contenders[i]
		row := compared{
			Name: report.Name(one.Contender), Base: side(one.Base), Other: side(one.Other),
			SpeedUp: none, P: none, Finding: one.Finding,
		}
		if s := one.SpeedUp; s != nil {
			row.SpeedUp = fmt.Sprintf("%.3g×", s.Estimate) + interval(s.Lo, s.Hi)
		}
		if one.P != nil {
			row.P = fmt.Sprintf("%.2g", *one.P)
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

// sentence is a message as it stands on a page: clean, with a capital and a full stop.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(text)
	return report.Clean(string(unicode.ToUpper(first))+text[size:]) + "."
}

// cleaned are names as tables have them.
func cleaned(names []string) (clean []string) {
	for _, name := range names {
		clean = append(clean, report.Name(name))
	}
	return clean
}

// side words a contender in one of the runs: its median, and of how many trials.
func side(s results.Side) string {
	if s.Median == nil {
		return fmt.Sprintf("%s (%d of %d trials succeeded)", none, s.OK, s.Trials)
	}
	return fmt.Sprintf("%s (%d trials)", words(*s.Median), s.OK)
}

// interval words the bounds of a ratio, empty where there are none.
func interval(lo, hi *float64) string {
	switch {
	case lo == nil && hi == nil:
		return ""
	case hi == nil:
		return fmt.Sprintf(" [%.3g or more]", *lo)
	case lo == nil:
		return fmt.Sprintf(" [%.3g or less]", *hi)
	}
	return fmt.Sprintf(" [%.3g, %.3g]", *lo, *hi)
}
