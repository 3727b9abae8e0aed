package web

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/history"
)

// evil are texts that a page must show and never do.
func evil() []string {
	return []string{
		`"><script>document.title='hacked'</script>`, `</script><script>alert(1)</script>`, `' onmouseover='alert(1)`, `<img src=x onerror=alert(1)>`,
		`javascript:alert(1)`, `</style><svg onload=alert(1)>`, "\u202egnp.exe", "\x1b[31mred", "{{.}}", "<!--", "&lt;b&gt;", strings.Repeat("w", 300),
	}
}

// inert parses a page and wants nothing in it that runs, loads or leads elsewhere. The
// one script is ours, and it is known by its text.
func inert(t *testing.T, what, text string) {
	t.Helper()
	tree, err := html.Parse(strings.NewReader(text))
	must(t, err)
	own, err := os.ReadFile("html/live.js")
	must(t, err)
	banned := []string{"img", "iframe", "object", "embed", "base", "audio", "video", "frame", "applet", "b"}
	for n := range tree.Descendants() {
		if n.Type == html.CommentNode {
			t.Errorf("%s: a comment %q", what, n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains(banned, n.Data) {
			t.Errorf("%s: there is a <%s>", what, n.Data)
		}
		if n.Data == "script" && n.FirstChild.Data != string(own) {
			t.Errorf("%s: a script that is not ours: %q", what, n.FirstChild.Data)
		}
		for _, a := range n.Attr {
			checkAttribute(t, what+": <"+n.Data+">", a)
		}
	}
}

// checkAttribute wants no handlers and no address but our own.
func checkAttribute(t *testing.T, what string, a html.Attribute) {
	t.Helper()
	if strings.HasPrefix(a.Key, "on") || a.Key == "style" && strings.Contains(a.Val, "url") {
		t.Errorf("%s has %s=%q", what, a.Key, a.Val)
	}
	if !slices.Contains([]string{"href", "src", "action", "xlink:href", "formaction", "data-events"}, a.Key) {
		return
	}
	local := strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "//") || strings.HasPrefix(a.Val, "#") || a.Val == "data:,"
	if !local {
		t.Errorf("%s leads to %s=%q", what, a.Key, a.Val)
	}
}

// Names, addresses, reasons and saved names are written by anybody. In every page they
// are text.
func TestR38WhatOthersWroteIsInert(t *testing.T) {
	dir := t.TempDir()
	for i, id := range []string{"a", "b"} {
		h := header(id, append([]string{"sequential"}, evil()...)...)
		h.Target.URLs, h.Target.Embedded = evil(), evil()[i]
		h.Environment.Tool, h.Environment.CPU = evil()[0], evil()[3]
		h.Design.Order, h.Design.Connections = evil()[1], evil()[2]
		finished(t, dir, h)
	}
	must(t, os.WriteFile(filepath.Join(dir, "torn.jsonl"), []byte("{\"type\":\"<script>alert(1)</script>\"}\n{}\n"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, `"><img src=x onerror=alert(1)>.jsonl`), []byte("<script>\n"), 0o600))
	j := begin(t, dir, header("c", evil()...))
	failing := trialOf(0, evil()[0], 1e6)
	failing.Outcome = results.TrialOutcome(evil()[3])
	must(t, j.Append(&failing))
	must(t, j.End(evil()[1]))
	_, err := history.SaveAs(dir, "main", "a")
	must(t, err)
	page := shown(t, dir)
	for _, target := range append(routes(), "/live/c", "/runs/c", "/runs/torn", "/live/torn", "/compare?run=a&run=c", "/nothing", "/?q=%3Cscript%3E") {
		got := ask(t, page, http.MethodGet, target)
		if text := got.text; strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
			inert(t, target, text)
			if strings.Contains(text, "\u202e") || strings.Contains(text, "\x1b") {
				t.Errorf("%s: a control character", target)
			}
		}
	}
}
