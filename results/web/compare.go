package web

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// A comparison is the page of two runs. What it says is what the terminal says.
type comparison struct {
	Base, Other string
	Table       report.Table
	Lines       []report.Line
	Differences []results.Difference
}

// compare holds the second run that the query names against the first.
func (h *handler) compare(w http.ResponseWriter, r *http.Request) {
	ids := r.URL.Query()["run"]
	if len(ids) != 2 || ids[0] == ids[1] {
		h.notTwo(w, ids)
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
	x := results.Across(runs[base], runs[other])
	x.Base, x.Other = ids[base], ids[other] // as their files are called
	if !x.SameWork() && r.URL.Query().Get("anyway") == "" {
		h.otherWork(w, x)
		return
	}
	h.show(w, http.StatusOK, "compare.html", compareInWords(x))
}

// notTwo says what to do where not two runs were chosen.
func (h *handler) notTwo(w http.ResponseWriter, ids []string) {
	text := fmt.Sprintf("Two runs are compared at a time, and %d were chosen. Go back and leave two of the boxes ticked.", len(ids))
	switch {
	case len(ids) == 0:
		text = "Two runs are compared at a time, and none was chosen. Go back and tick the boxes of two."
	case len(ids) == 1:
		text = "Two runs are compared at a time, and one was chosen. Go back and tick the box of another."
	case len(ids) == 2:
		text = "A run is not compared with itself: in its report its contenders are compared. Go back and tick the boxes of two."
	}
	h.show(w, http.StatusBadRequest, "problem.html", problem{Title: "Choose two runs", Text: text})
}

// otherWork refuses runs that did not fetch the same, as the command line does, and says
// how to compare them all the same.
func (h *handler) otherWork(w http.ResponseWriter, x *results.Crossing) {
	p := problem{
		Title: "These runs did not fetch the same",
		Way:   "/compare?" + url.Values{"run": {x.Base, x.Other}, "anyway": {"1"}}.Encode(), Label: "Compare anyway",
	}
	for _, one := range x.Warnings {
		if one.Code == results.WarnWork {
			p.Text = fmt.Sprintf("Runs %s and %s cannot be compared: %s.", x.Base, x.Other, report.Clean(one.Text))
		}
	}
	h.show(w, http.StatusConflict, "problem.html", p)
}

// compareInWords words a crossing. What came from the journals is cleaned.
func compareInWords(x *results.Crossing) *comparison {
	c := &comparison{Base: x.Base, Other: x.Other}
	c.Table, c.Lines = report.LookAcross(x, report.Options{})
	for _, d := range x.Differences {
		c.Differences = append(c.Differences, results.Difference{
			Kind: d.Kind, What: report.Clean(d.What), Base: report.Clean(d.Base), Other: report.Clean(d.Other),
		})
	}
	return c
}
