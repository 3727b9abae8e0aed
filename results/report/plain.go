package report

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// A Column is one column of a table that is not about a judgement: its head, and a
// cell a row.
type Column struct {
	Head  string
	Cells []string
}

// Plain writes a table in the form of Text, with sentences below it. The first
// column holds names. Where the table is wider than the options say, the names are
// cut and columns are left out from the right, but for the second.
func Plain(w io.Writer, columns []Column, below []string, o Options) error {
	all := make([]column, len(columns))
	for i, c := range columns {
		all[i].head = o.clean(c.Head)
		for _, cell := range c.Cells {
			if i == 0 {
				cell = o.name(cell)
			}
			all[i].cells = append(all[i].cells, o.clean(cell))
		}
		if i > 1 {
			all[i].gone = min(len(columns)-i, lastStep)
		}
	}
	table, err := fitted(all, o)
	if err != nil {
		return err
	}
	var out strings.Builder
	out.WriteString(table)
	out.WriteString("\n")
	for _, text := range below {
		out.WriteString(o.set(line{text: text}))
	}
	return write(w, out.String())
}

// Times picks the unit of the times of a table, and how one of them is written in
// it: with as many decimals as the shortest needs.
func Times(seconds []float64) (name string, cell func(float64) string) {
	times := make([]results.Contender, len(seconds))
	for i := range seconds {
		times[i].Median = &seconds[i]
	}
	u := unitOf(times)
	return u.name, func(s float64) string { return u.bare(&s) }
}

// Object writes a value as one indented JSON object in the way of JSON: absent
// numbers are null, and so are those that JSON has no word for; lists never are.
func Object(w io.Writer, v any) error {
	text, err := json.MarshalIndent(tame(reflect.ValueOf(v)), "", "  ")
	if err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return write(w, Visible(string(text))+"\n")
}
