package main

import (
	"fmt"
	"math"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/predict"
	"github.com/fetchbench/fetchbench/results/report"
)

// assumption is what every prediction rests on.
const assumption = "a request takes as long however many others are in flight"

// A predictionDocument is the answer for machines.
type predictionDocument struct {
	Schema      int               `json:"schema"`
	Run         string            `json:"run"`
	Seed        uint64            `json:"seed"`
	Assumption  string            `json:"assumption"`
	Sources     []sourceDocument  `json:"sources"`
	Predictions []foretold        `json:"predictions"`
	Warnings    []warningDocument `json:"warnings"`
}

// A sourceDocument says what was drawn from, and what the run shows of the
// assumption.
type sourceDocument struct {
	Contender string             `json:"contender"`
	Rounds    int                `json:"rounds"`
	Requests  int                `json:"requests"`
	Failed    int                `json:"failed"`
	Slowdowns []predict.Slowdown `json:"slowdowns"`
}

// A warningDocument has all of its fields, empty or not.
type warningDocument struct {
	Code      string `json:"code"`
	Contender string `json:"contender"`
	Text      string `json:"text"`
	Hint      string `json:"hint"`
}

// document is the answer as one object.
func (o *forecast) document() predictionDocument {
	d := predictionDocument{Schema: results.Schema, Run: o.run.ID, Seed: o.options.Seed, Assumption: assumption, Predictions: o.rows}
	for _, name := range o.order {
		s := o.samples[name]
		d.Sources = append(d.Sources, sourceDocument{name, s.Rounds, s.Requests, s.Failed, s.Slowdowns(o.comparable(name))})
	}
	for _, w := range o.warnings {
		d.Warnings = append(d.Warnings, warningDocument(w))
	}
	return d
}

// columns is the table: what trials take, and in a check what they took.
func (o *forecast) columns() []report.Column {
	var times []float64
	checked := false
	for _, r := range o.rows {
		times = append(times, r.Median, r.Mean)
		checked = checked || r.Measured != nil
	}
	unit, cell := report.Times(times)
	each := func(head string, text func(foretold) string) report.Column {
		c := report.Column{Head: head}
		for _, r := range o.rows {
			c.Cells = append(c.Cells, text(r))
		}
		return c
	}
	band := func(b *results.Band) string {
		if b == nil {
			return "–"
		}
		return cell(b.Lo) + " .. " + cell(*b.Hi)
	}
	columns := []report.Column{
		each("Type", func(r foretold) string { return r.Contender }),
		each("Median ("+unit+")", func(r foretold) string { return cell(r.Median) }),
	}
	if checked {
		columns = append(columns,
			each("measured", func(r foretold) string { return r.took(cell) }),
			each("off by", func(r foretold) string { return r.off() }))
	}
	return append(columns,
		each("95 % interval", func(r foretold) string { return band(r.MedianCI) }),
		each("95 % of trials", func(r foretold) string { return band(&r.Trial) }),
		each("Average", func(r foretold) string { return cell(r.Mean) }))
}

// took is the cell of the measured median.
func (r foretold) took(cell func(float64) string) string {
	if r.Measured == nil {
		return "–"
	}
	return cell(r.Measured.Median)
}

// off is how far the prediction is from what was measured.
func (r foretold) off() string {
	if r.Measured == nil {
		return "–"
	}
	return fmt.Sprintf("%+.1f %%", 100*r.Measured.Off)
}

// below is what has to be known of the table.
func (o *forecast) below() []string {
	first := o.rows[0]
	lines := []string{"Predicted, assuming that " + assumption + "."}
	for _, name := range o.order {
		s := o.samples[name]
		lines = append(lines, fmt.Sprintf("From the latencies of %s: %s, batches of %s, %d batches, seed %d.",
			name, plural(s.Rounds, "round"), plural(first.Requests, "request"), first.Batches, o.options.Seed))
		lines = append(lines, tested(s.Slowdowns(o.comparable(name)), name))
	}
	if worst := o.worst(); worst != nil {
		lines = append(lines, fmt.Sprintf("Largest difference of the medians: %s (%s).", worst.off(), worst.Contender))
	}
	return lines
}

// tested says how far the run itself tests the assumption.
func tested(list []predict.Slowdown, name string) string {
	if len(list) == 0 {
		return fmt.Sprintf("Nothing in the run tests that: no other contender whose trials succeeded had more in flight than %s.", name)
	}
	d := list[len(list)-1]
	for _, other := range list {
		if other.Off() {
			d = other
			break
		}
	}
	if d.Off() {
		return fmt.Sprintf("The run refutes that: with %d in flight they took %.2f times as long (%.2f to %.2f).", d.Asked, d.Estimate, d.Lo, d.Hi)
	}
	return fmt.Sprintf("The run tests that up to %d in flight: they took %.2f times as long (%.2f to %.2f).", d.Asked, d.Estimate, d.Lo, d.Hi)
}

// worst is the row whose prediction is furthest from what was measured.
func (o *forecast) worst() (worst *foretold) {
	for i := range o.rows {
		r := &o.rows[i]
		if r.Measured != nil && (worst == nil || math.Abs(r.Measured.Off) > math.Abs(worst.Measured.Off)) {
			worst = r
		}
	}
	return worst
}

// plural counts things.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
