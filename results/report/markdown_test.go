package report_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// TestMarkdownIsAsAgreed holds whole reports against files that people have
// read.
func TestMarkdownIsAsAgreed(t *testing.T) {
	for name, c := range map[string]struct {
		j *results.Judgement
		o report.Options
	}{
		"article.md":       {article(), report.Options{}},
		"article_style.md": {article(), report.Options{Style: "article"}},
		"failing.md":       {failing(), report.Options{Warnings: true}},
		"hostile.md":       {hostile(), report.Options{Warnings: true}},
		"nothing.md":       {&results.Judgement{Run: &results.Run{Complete: true}}, report.Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, func(w io.Writer) error { return report.Markdown(w, c.j, c.o) })
		})
	}
}

// TestMarkdownTableIsRectangular: no name ends its cell or its row, so that each
// line of the table has as many bars that are not escaped as the first.
func TestMarkdownTableIsRectangular(t *testing.T) {
	var out bytes.Buffer
	if err := report.Markdown(&out, hostile(), report.Options{}); err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(out.String(), "\n\n")
	table, _, _ = strings.Cut(table, "\n\n")
	lines := strings.Split(table, "\n")
	if len(lines) != 2+len(hostileNames()) {
		t.Fatalf("%d lines in\n%s", len(lines), table)
	}
	// A backslash before a backslash escapes that one, and not the bar behind it.
	bars := func(line string) int {
		line = strings.ReplaceAll(line, `\\`, "")
		return strings.Count(line, "|") - strings.Count(line, `\|`)
	}
	for _, line := range lines {
		if bars(line) != bars(lines[0]) {
			t.Errorf("%d bars, want %d: %s", bars(line), bars(lines[0]), line)
		}
	}
}

// TestMarkdownIsInert: nothing that a name says is markup, in a cell or at the
// start of a line, where more is.
func TestMarkdownIsInert(t *testing.T) {
	for name, want := range map[string]struct{ cell, start string }{
		"<img src=x>": {"&lt;img src=x&gt;", "&lt;img src=x&gt;"},
		"&lt;":        {"&amp;lt;", "&amp;lt;"},
		"`code`":      {"\\`code\\`", "\\`code\\`"},
		"a|b":         {`a\|b`, `a\|b`},
		`a\|b`:        {`a\\\|b`, `a\\\|b`},
		"[x](y)":      {`\[x\](y)`, `\[x\](y)`},
		"*b*_i_~s~":   {`\*b\*\_i\_\~s\~`, `\*b\*\_i\_\~s\~`},
		"# h":         {"# h", `\# h`},
		"- x":         {"- x", `\- x`},
		"+ x":         {"+ x", `\+ x`},
		"1. x":        {"1. x", `1\. x`},
		"2) x":        {"2) x", `2\) x`},
		"1.5":         {"1.5", "1.5"},
		"10":          {"10", "10"},
		"pool:8":      {"pool:8", "pool:8"},
	} {
		j := article()
		j.Contenders[1].Name, j.Comparisons[0].Contender = name, name
		var out bytes.Buffer
		if err := report.Markdown(&out, j, report.Options{}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "\n| "+want.cell+" ") || !strings.Contains(out.String(), "\n- "+want.start+" is 7.9x") {
			t.Errorf("%q: no %q in\n%s", name, want, out.String())
		}
	}
}
