package page_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/page"
	"golang.org/x/net/html"
)

// parsed is a page as a browser reads it.
func parsed(t testing.TB, text string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// attribute is the value of an attribute, empty if there is none.
func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// byID is the element of an id.
func byID(root *html.Node, id string) *html.Node {
	for n := range root.Descendants() {
		if attribute(n, "id") == id {
			return n
		}
	}
	return &html.Node{}
}

// textOf is all text below an element.
func textOf(n *html.Node) string {
	var out strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			out.WriteString(c.Data)
		}
	}
	return out.String()
}

// shape lists the elements of a page with the names of their attributes, in order. What
// text is in them is not part of it.
func shape(root *html.Node) (elements []string) {
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			var names []string
			for _, a := range n.Attr {
				names = append(names, a.Key)
			}
			elements = append(elements, n.Data+" "+strings.Join(names, " "))
		case html.CommentNode:
			elements = append(elements, "a comment")
		}
	}
	return elements
}

// active lists what in a page could do something.
func active(root *html.Node) (all []string) {
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains([]string{"script", "iframe", "object", "embed", "img", "form", "base", "link", "foreignobject"}, strings.ToLower(n.Data)) {
			all = append(all, "<"+n.Data+">")
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			link := slices.Contains([]string{"href", "src", "action", "xlink:href"}, a.Key) && !strings.HasPrefix(value, "#")
			if strings.HasPrefix(a.Key, "on") || strings.Contains(value, "javascript:") || link || a.Key == "style" {
				all = append(all, fmt.Sprintf("%s=%q", a.Key, a.Val))
			}
		}
	}
	return all
}

// texts are what others may have written.
func texts() []string {
	return []string{
		`"><script>x</script>`, `</script>`, `</style><script>x</script>`, `<img src=x onerror=x>`, `<img onerror>`, `javascript:alert(1)`,
		`' onmouseover='x`, `{{.}}`, `]]><svg onload=x>`, `<!--`, `--></title><script>`, "\u202eevil", "a\u200bb", "\x1b[31m", "\x00", "\xff",
		strings.Repeat("r", 300), `&lt;b&gt;`, `</title></desc></svg><a href="javascript:x">`,
	}
}

// TestR38PageIsInertWhateverTextItShows: a run in which names, addresses, reasons, plan
// and environment are hostile has the page of a tame one, element by element and
// attribute by attribute, and nothing in it can do anything.
func TestR38PageIsInertWhateverTextItShows(t *testing.T) {
	build := func(words string) *html.Node {
		m := maker{names: []string{"a" + words, "b" + words, "c" + words}, rounds: 8, words: words}
		m.fails = func(round int, name string) bool { return round == 3 && name == m.names[2] }
		run := m.run()
		run.Complete, run.Reason = false, "stopped"+words
		return parsed(t, written(t, run, page.Options{Command: "fetchbench run " + words}))
	}
	want := shape(build("tame"))
	if len(want) < 100 {
		t.Fatalf("the tame page has %d elements", len(want))
	}
	for _, words := range texts() {
		root := build(words)
		if got := shape(root); !slices.Equal(got, want) {
			t.Errorf("%q changes the page: %d elements instead of %d", words, len(got), len(want))
		}
		for _, thing := range active(root) {
			t.Errorf("%q puts %s into the page", words, thing)
		}
		if text := textOf(root); strings.ContainsAny(text, "\u202e\u200b\x1b\x00") {
			t.Errorf("%q is in the page as it is", words)
		}
	}
}

// TestR38PolicyForbidsEverything: the page says so itself, before anything else in it.
func TestR38PolicyForbidsEverything(t *testing.T) {
	root := parsed(t, written(t, maker{names: many(2), rounds: 8}.run(), page.Options{}))
	policy := ""
	for n := range root.Descendants() {
		if n.Data == "meta" && attribute(n, "http-equiv") == "Content-Security-Policy" {
			policy = attribute(n, "content")
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %q", policy)
	}
}

// TestHomeLinkIsAnAddress: not a script, whoever set it.
func TestHomeLinkIsAnAddress(t *testing.T) {
	run := maker{names: many(2), rounds: 8}.run()
	contains(t, written(t, run, page.Options{Home: "/"}), `<a href="/">fetchbench</a>`)
	for _, thing := range active(parsed(t, written(t, run, page.Options{Home: "javascript:alert(1)"}))) {
		t.Errorf("the page has %s", thing)
	}
}

// FuzzHTMLReport: no text changes the shape of the page.
func FuzzHTMLReport(f *testing.F) {
	for _, words := range texts() {
		f.Add(words, words, words)
	}
	f.Fuzz(func(t *testing.T, name, reason, url string) {
		build := func(name, reason, url string) *html.Node {
			m := maker{names: []string{"base", "x" + name}, rounds: 2, words: url}
			run := m.run()
			run.Complete, run.Reason = false, "because "+reason
			run.Trials[3].Outcome = results.Failed
			return parsed(t, written(t, run, page.Options{Command: "run " + reason}))
		}
		root := build(name, reason, url)
		if got, want := shape(root), shape(build("y", "y", "y")); !slices.Equal(got, want) {
			t.Errorf("%q, %q, %q change the page", name, reason, url)
		}
		for _, thing := range active(root) {
			t.Errorf("%q, %q, %q put %s into the page", name, reason, url, thing)
		}
	})
}
