package report

import (
	"io"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// Markdown writes the same as Text, or as Sides of a run that was made to compare two,
// as GitHub Flavored Markdown: the table, then
// a list of sentences, the warnings last, since there is no other place for them. Nothing is left out for its width, and Color means
// nothing. It is meant for a README, an issue or the summary of a CI job.
func Markdown(w io.Writer, j *results.Judgement, o Options) error {
	o.run, o.Warnings, o.Told = j.Run, false, false // they are the last lines of each, for whoever reads it elsewhere
	style, err := o.style()
	if err != nil {
		return err
	}
	all, lines := columns(j, style, o), below(j, o)
	switch {
	case style != styleMain:
	case j.Sweep != nil:
		all = sweepMarkdown(j, o)
	case ofSides(j):
		all, lines = sideColumns(j, o), sideLines(j, o)
	}
	table, err := markdownTable(all)
	if err != nil {
		return err
	}
	cost, err := costMarkdown(j, o)
	if err != nil {
		return err
	}
	var out strings.Builder
	for _, l := range incomplete(j) {
		out.WriteString("**" + Escape(o.clean(l.text)) + "**\n\n")
	}
	out.WriteString(table + "\n" + cost)
	for _, l := range append(lines, doubts(j)...) {
		out.WriteString(item(o.clean(l.text)))
	}
	return write(w, out.String())
}

// markdownTable renders columns whose cells are clean.
func markdownTable(all []column) (string, error) {
	head, rows := grid(all)
	for i := range head { // in which names of sides may be
		head[i] = Escape(head[i])
	}
	for _, row := range rows {
		for i := range row {
			row[i] = Escape(row[i])
		}
	}
	return piped(head, rows)
}

// Escape makes a clean text stand for itself in Markdown, within a table too:
// no cell ends early, no markup and no HTML begins.
func Escape(s string) string {
	return strings.NewReplacer(
		"&", "&amp;", "<", "&lt;", ">", "&gt;",
		`\`, `\\`, "`", "\\`", "|", `\|`, "*", `\*`, "_", `\_`, "~", `\~`, "[", `\[`, "]", `\]`,
	).Replace(s)
}

// item is a clean text as an item of a list. Its start could open a heading, a
// quotation, or one more list in the item. One that is indented goes below the
// item before it.
func item(s string) string {
	nested := ""
	if below, ok := strings.CutPrefix(s, indent); ok {
		nested, s = indent, below
	}
	s = Escape(s)
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if rest := s[digits:]; rest != "" && opens(rest, digits > 0) {
		s = s[:digits] + `\` + rest
	}
	return nested + "- " + s + "\n"
}

// opens reports whether a text begins a block, or its end does so for the number
// before it. A point within a number does not.
func opens(s string, numbered bool) bool {
	if numbered {
		return s == "." || s == ")" || strings.HasPrefix(s, ". ") || strings.HasPrefix(s, ") ")
	}
	return strings.IndexByte("#+-=", s[0]) >= 0
}
