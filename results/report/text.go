package report

import (
	"io"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// A line is a line of the report below or above the table, not yet wrapped.
type line struct {
	text string
	tone tone
}

// A tone is how a line is meant. On a terminal it becomes a colour; the words
// say the same to those who see none.
type tone int

const (
	even tone = iota
	good
	bad
)

// Text writes the table, those of the costs if asked for, and what it means below:
// the verdicts, what limits the best contender, and where every request went. A run
// that was cut short says so first. A sweep has its sizes in the main table and its
// recommendation below.
func Text(w io.Writer, j *results.Judgement, o Options) error {
	o.run = j.Run
	style, err := o.style()
	if err != nil {
		return err
	}
	table, err := tableOf(j, style, o)
	if err != nil {
		return err
	}
	cost, err := costText(j, o)
	if err != nil {
		return err
	}
	return write(w, o.composed(j, table+cost, below(j, o)))
}

// composed is a report: that it is cut short, its tables, and the lines below them.
func (o Options) composed(j *results.Judgement, tables string, lines []line) string {
	var out strings.Builder
	for _, l := range incomplete(j) {
		out.WriteString(o.set(l))
	}
	out.WriteString(tables + "\n")
	for _, l := range lines {
		out.WriteString(o.set(l))
	}
	return out.String()
}

// tableOf is the table of a run, or that of the sizes of a sweep.
func tableOf(j *results.Judgement, style string, o Options) (string, error) {
	if j.Sweep != nil && style == styleMain {
		return sweepTable(j, o)
	}
	return fitted(columns(j, style, o), o)
}

// below is all that stands under the table: first what is faster and what to do
// about it, and which limits it keeps, then what keeps it from being faster still, what the table leaves
// out, and under which circumstances, and last the numbers by which a reader can
// tell that the others are to be believed.
func below(j *results.Judgement, o Options) []line {
	lines := append(meaning(j, o), gates(j)...)
	lines = append(lines, costNote(j, o)...)
	lines = append(lines, circumstances(j)...)
	lines = append(lines, account(j)...)
	switch {
	case o.Warnings:
		return append(lines, doubts(j)...)
	case o.Told:
		return lines
	}
	return append(lines, unproven(j)...)
}

// doubts are the lines of Warnings.
func doubts(j *results.Judgement) (lines []line) {
	for _, warning := range Warnings(j) {
		lines = append(lines, line{text: warning})
	}
	return lines
}

// meaning words what was found: which contender is faster, or which size is enough.
func meaning(j *results.Judgement, o Options) []line {
	if j.Sweep != nil {
		return sweepLines(j, o)
	}
	u := unitOf(j.Contenders)
	lines := sentences(j, o)
	lines = append(lines, advice(j, u, o)...)
	lines = append(lines, limits(j, u)...)
	lines = append(lines, averages(j, u, o)...)
	return append(lines, percentiles(j, u, o)...)
}

// set makes a line ready for the terminal: clean, wrapped, and coloured last,
// since colours are made of what cleaning takes out.
func (o Options) set(l line) string {
	text := wrap(o.clean(l.text), o.width())
	if o.Color && l.tone != even {
		text = paint(text, l.tone)
	}
	return text + "\n"
}

// paint colours a text green or red. It does so for each line by itself, so that
// a pager that cuts lines does not let the colour run on.
func paint(text string, t tone) string {
	code := "\x1b[32m"
	if t == bad {
		code = "\x1b[31m"
	}
	return code + strings.ReplaceAll(text, "\n", "\x1b[0m\n"+code) + "\x1b[0m"
}

// indent is what a wrapped line begins with.
const indent = "  "

// wrap breaks a text at its spaces so that no line is wider than width, but not
// within what is read at one glance, as in p = 0.002. A word that is wider by
// itself is broken where the line ends.
func wrap(text string, width int) string {
	// The space that does not break is in no clean text.
	const glue = "\u00a0"
	text = strings.NewReplacer(" = ", glue+"="+glue, " < ", glue+"<"+glue, " %", glue+"%", " · ", glue+"· ",
		"upstream saw the same", strings.ReplaceAll("upstream saw the same", " ", glue)).Replace(text)
	var out strings.Builder
	used, fresh := len(text)-len(strings.TrimLeft(text, " ")), true
	out.WriteString(text[:used])
	for word := range strings.SplitSeq(text[used:], " ") {
		word = strings.ReplaceAll(word, glue, " ")
		switch {
		case fresh:
			fresh = false
		case used+1+columnsOf(word) > width:
			out.WriteString("\n" + indent)
			used = len(indent)
		default:
			out.WriteString(" ")
			used++
		}
		used = spell(&out, word, used, width)
	}
	return out.String()
}

// spell writes a word, over several lines if it must, and returns the columns
// used of the last one.
func spell(out *strings.Builder, word string, used, width int) int {
	for _, r := range word {
		w := columnsOf(string(r))
		if used+w > width {
			out.WriteString("\n" + indent)
			used = len(indent)
		}
		out.WriteRune(r)
		used += w
	}
	return used
}

// Warnings words the doubts that travel with the numbers, a line each: what is
// doubtful, and what to do about it. They are not wrapped, and clean as they are.
//
//	warning: this machine was the limit; use fewer in flight
func Warnings(j *results.Judgement) []string {
	lines := make([]string, 0, len(j.Warnings))
	for _, w := range j.Warnings {
		text := "warning: "
		if w.Contender != "" && !strings.Contains(w.Text, w.Contender) {
			text += NameIn(j.Run, w.Contender) + ": "
		}
		text += recalled(j.Run, w.Text)
		if w.Hint != "" {
			text += "; " + w.Hint
		}
		lines = append(lines, Clean(text))
	}
	return lines
}
