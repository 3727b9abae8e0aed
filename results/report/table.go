package report

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// gap is what keeps two columns of the plain table apart.
const gap = "  "

// plain renders a table without a border: the first column to the left, every
// other to the right, nothing behind the last one. Cells must be clean.
//
// The library drops the errors of the writer that it is given, so it writes
// into memory and the caller writes once.
func plain(head []string, rows [][]string) (string, error) {
	cell := cells(head)
	cell.Padding.Global = tw.PaddingNone
	return render(head, rows, cell, renderer.NewBlueprint(bare()))
}

// bare is a table without lines: a gap between columns, and nothing around them.
func bare() tw.Rendition {
	return tw.Rendition{
		Borders: tw.BorderNone,
		Symbols: tw.NewSymbolCustom("gap").WithColumn(gap),
		Settings: tw.Settings{
			Lines:      tw.LinesNone,
			Separators: tw.Separators{ShowHeader: tw.Off, ShowFooter: tw.Off, BetweenRows: tw.Off, BetweenColumns: tw.On},
		},
	}
}

// piped renders the table as GitHub Flavored Markdown. The library escapes
// nothing: cells must have gone through escape.
func piped(head []string, rows [][]string) (string, error) {
	return render(head, rows, cells(head), renderer.NewMarkdown())
}

// cells says how every cell is treated. All that the library would do to a
// text of ours is off: it turns p99.9_ms into P 99 . 9 MS, and wraps names.
func cells(head []string) tw.CellConfig {
	aligns := make([]tw.Align, len(head))
	for i := range aligns {
		aligns[i] = tw.AlignRight
	}
	aligns[0] = tw.AlignLeft
	return tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Padding:    tw.CellPadding{Global: tw.PaddingDefault},
		Alignment:  tw.CellAlignment{Global: tw.AlignRight, PerColumn: aligns},
	}
}

// render runs the library. Its idea of how wide an ambiguous character is comes
// from the environment unless told, and the same run would print differently.
func render(head []string, rows [][]string, cell tw.CellConfig, form tw.Renderer) (string, error) {
	var out bytes.Buffer
	table := tablewriter.NewTable(&out,
		tablewriter.WithRenderer(form),
		tablewriter.WithHeaderConfig(cell),
		tablewriter.WithRowConfig(cell),
		tablewriter.WithEastAsian(tw.Off),
	)
	table.Header(head)
	if err := table.Bulk(rows); err != nil {
		return "", fmt.Errorf("table of %d rows: %w", len(rows), err)
	}
	if err := table.Render(); err != nil {
		return "", fmt.Errorf("table of %d rows: %w", len(rows), err)
	}
	return out.String(), nil
}

// columnsOf returns how many columns of a terminal a text takes.
func columnsOf(s string) int {
	return twwidth.WidthWithOptions(s, twwidth.Options{})
}

// fits reports whether a rendered table is at most so wide. Wide characters count
// for two: what matters is where the line ends on the terminal.
func fits(table string, width int) bool {
	for line := range strings.Lines(table) {
		if columnsOf(strings.TrimRight(line, "\n")) > width {
			return false
		}
	}
	return true
}
