package report

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// leastShown is how narrow a column of a listing may become.
const leastShown = 6

// A Listed is a column of a Listing; a Whole one is not cut.
type Listed struct {
	Column
	Whole bool
}

// Listing writes a table of words: every column to the left, and where the table is
// wider than the options say, the ends of the widest cells are cut off. Below it are
// sentences. No column is left out.
func Listing(w io.Writer, columns []Listed, below []string, o Options) error {
	all := make([]column, len(columns))
	for i, c := range columns {
		all[i].head = o.clean(c.Head)
		for _, cell := range c.Cells {
			all[i].cells = append(all[i].cells, o.clean(cell))
		}
	}
	squeeze(all, columns, o)
	head, rows := grid(all)
	cell := cells(head)
	cell.Padding.Global = tw.PaddingNone
	for i := range cell.Alignment.PerColumn {
		cell.Alignment.PerColumn[i] = tw.AlignLeft
	}
	table, err := render(head, rows, cell, renderer.NewBlueprint(bare()))
	if err != nil {
		return err
	}
	var out strings.Builder
	for line := range strings.Lines(table) {
		out.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	for i, text := range below {
		if i == 0 {
			out.WriteString("\n")
		}
		out.WriteString(o.set(line{text: text}))
	}
	return write(w, out.String())
}

// squeeze cuts the widest columns until all of them fit beside each other, or none can
// become narrower.
func squeeze(all []column, columns []Listed, o Options) {
	widths, total := make([]int, len(all)), 0
	for i := range all {
		for _, cell := range append([]string{all[i].head}, all[i].cells...) {
			widths[i] = max(widths[i], columnsOf(cell))
		}
		total += widths[i] + len(gap)
	}
	for total -= len(gap); total > o.width(); total-- {
		widest, width := -1, leastShown
		for i := range widths {
			if widths[i] > width && !columns[i].Whole {
				widest, width = i, widths[i]
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
	}
	for i := range all {
		all[i].head = o.begin(all[i].head, widths[i])
		for k, cell := range all[i].cells {
			all[i].cells[k] = o.begin(cell, widths[i])
		}
	}
}

// begin is the beginning of a clean text, with a mark where it was cut.
func (o Options) begin(s string, width int) string {
	if columnsOf(s) <= width {
		return s
	}
	mark := o.clean("…")
	runes := []rune(s)
	n, _ := take(runes, width-columnsOf(mark))
	return string(runes[:n]) + mark
}

// JSONLine writes a value as one line of JSON, in the way of Object.
func JSONLine(w io.Writer, v any) error {
	text, err := json.Marshal(tame(reflect.ValueOf(v)))
	if err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return write(w, Visible(string(text))+"\n")
}
