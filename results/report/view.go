package report

import (
	"github.com/fetchbench/fetchbench/results"
)

// A Table is a table in words, for whoever sets it otherwise than Text and Markdown
// do. Its cells are clean, nothing is left out for want of room, and there is a cell
// for each header in each row. The first column holds names.
type Table struct {
	Head []string
	Rows [][]string
}

// A Line is one sentence of a report.
type Line struct {
	Text string
	Tone Tone
}

// A Tone is how a sentence is meant.
type Tone string

// The tones: Even says how things are, Good that something is faster or enough, Bad
// that something is not to be trusted.
const (
	Even Tone = "even"
	Good Tone = "good"
	Bad  Tone = "bad"
)

// A View is what Text says of a judgement, in its parts. The order of the fields is
// that of the text.
type View struct {
	// Incomplete is there where the plan was not carried out, and then comes first.
	Incomplete []Line
	Table      Table
	// Cost has the tables of what each contender costs.
	Cost []Table
	// Meaning says what is faster and what to do about it, or which size is enough.
	Meaning []Line
	// Circumstances are how the run was laid out.
	Circumstances []Line
	// Account says where every request went.
	Account  []Line
	Warnings []string
}

// Look returns the view of a judgement. Of the options it takes the style,
// Cost and ASCII.
func Look(j *results.Judgement, o Options) (View, error) {
	o.run = j.Run
	style, err := o.style()
	if err != nil {
		return View{}, err
	}
	all := columns(j, style, o)
	if j.Sweep != nil && style == styleMain {
		all = worded(sweepMarkdown(j, o), o)
	}
	v := View{
		Incomplete:    o.lines(incomplete(j)),
		Table:         tabled(all),
		Meaning:       o.lines(meaning(j, o)),
		Circumstances: o.lines(circumstances(j)),
		Account:       o.lines(account(j)),
		Warnings:      Warnings(j),
	}
	for _, group := range costs(j, o) {
		v.Cost = append(v.Cost, tabled(worded(group, o)))
	}
	return v, nil
}

// tones are the tones in words.
func tones() map[tone]Tone { return map[tone]Tone{even: Even, good: Good, bad: Bad} }

// tabled is a table of columns.
func tabled(all []column) Table {
	head, rows := grid(all)
	return Table{Head: head, Rows: rows}
}

// lines makes lines fit to be shown.
func (o Options) lines(all []line) []Line {
	var out []Line
	for _, l := range all {
		out = append(out, Line{Text: o.clean(l.text), Tone: tones()[l.tone]})
	}
	return out
}

// A Unit is in which unit the times of a run are best shown: so many to a second, and
// with so many decimals.
type Unit struct {
	Name      string
	PerSecond float64
	Decimals  int
}

// UnitOf returns the unit of the tables of a judgement.
func UnitOf(j *results.Judgement) Unit {
	u := unitOf(j.Contenders)
	return Unit{Name: u.name, PerSecond: u.perS, Decimals: u.decimals}
}

// Bare is a time in seconds as a number of the unit, without its name.
func (u Unit) Bare(seconds float64) string { return fixed(seconds*u.PerSecond, u.Decimals) }

// Full is a time in seconds with the unit.
func (u Unit) Full(seconds float64) string { return u.Bare(seconds) + " " + u.Name }
