package page_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/page"
	"golang.org/x/net/html"
)

// TestFirstThingSaidIsTheVerdict: before any table or figure stand the verdict, how sure
// it is and why. In ten rounds the second contender takes 200 to 209 ms where the
// first takes 400 to 409, so about half.
func TestFirstThingSaidIsTheVerdict(t *testing.T) {
	text := written(t, maker{names: many(2), rounds: 10}.run(), page.Options{})
	lead, _, _ := strings.Cut(text, "<table>")
	contains(t, lead, `<h1 class="brief">pool:2 is 2.0x faster than sequential</h1>`, "95\u00a0% interval", "faster in 10 of 10 rounds", "p\u00a0=\u00a00.002", "had 2.0 requests in flight (median over the trials)")
	contains(t, text, "<title>pool:2 is 2.0x faster than sequential · fetchbench</title>")
}

// TestEveryRunHasAPage: whatever a run lacks, its page says so and stands.
func TestEveryRunHasAPage(t *testing.T) {
	always := func(int, string) bool { return true }
	cut := maker{names: many(3), rounds: 2}.run()
	cut.Complete, cut.Reason, cut.Design.Rounds = false, "interrupted", 10
	empty := maker{names: many(2), rounds: 1}.run()
	empty.Complete, empty.Trials = false, nil
	swept := maker{names: many(6), rounds: 8}.run()
	swept.Design.Sweep = true
	for i := range swept.Contenders {
		swept.Contenders[i].Size = i + 1
	}
	imported, err := results.Import("times", []byte(`{"baseline":"a","times_in_round_order":{"a":[2,2,2,2,2,2,2,2],"b":[1,1,1,1,1,1,"Infinity",1]}}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		run   *results.Run
		words []string
	}{
		"one round":      {maker{names: many(2), rounds: 1}.run(), []string{"1 round is too few for a verdict", `id="trials"`}},
		"one contender":  {maker{names: many(1), rounds: 8}.run(), []string{"sequential takes 404 ms"}},
		"all fail":       {maker{names: many(2), rounds: 8, fails: always}.run(), []string{"No trial succeeded", `class="lead`}},
		"some fail":      {maker{names: many(2), rounds: 8, fails: func(r int, n string) bool { return n == "pool:2" && r%2 == 1 }}.run(), []string{"4 of 8 failed", "A cross is a failed trial"}},
		"incomplete":     {cut, []string{"incomplete: 2 of 10 rounds done (interrupted)"}},
		"nothing":        {empty, []string{"incomplete: 0 of 1 round done", "<table>"}},
		"sweep":          {swept, []string{"<h1", `id="trials"`}},
		"imported":       {imported, []string{"imported times", `id="speedups"`}},
		"13 contenders":  {maker{names: many(13), rounds: 10}.run(), []string{"6 of 13 contenders", "7 more in the table"}},
		"long names":     {maker{names: []string{strings.Repeat("a", 300), strings.Repeat("b", 300)}, rounds: 8}.run(), []string{"…"}},
		"no time at all": {still(), []string{"<h1"}},
	} {
		t.Run(name, func(t *testing.T) {
			text := written(t, test.run, page.Options{})
			contains(t, text, test.words...)
			for _, never := range []string{"NaN", "Inf", "%!", "<nil>", "ZgotmplZ"} {
				if strings.Contains(text, never) {
					t.Errorf("the page says %s", never)
				}
			}
		})
	}
}

// still is a run whose trials take no time, as an edited journal may have it.
func still() *results.Run {
	r := maker{names: many(2), rounds: 8}.run()
	for i := range r.Trials {
		r.Trials[i].ElapsedNS = 0
	}
	return r
}

// TestPageIsAccessible: one h1, a language, landmarks, and every picture has a title, a
// description and a caption, every table headers.
func TestPageIsAccessible(t *testing.T) {
	root := parsed(t, written(t, maker{names: many(3), rounds: 10}.run(), page.Options{}))
	count := map[string]int{}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if attribute(n, "aria-hidden") != "true" { // samples of a legend, which has words
			count[n.Data]++
		}
		if complaint := inaccessible(root, n); complaint != "" {
			t.Error(complaint)
		}
	}
	pictures := 5
	for name, want := range map[string]int{"h1": 1, "main": 1, "header": 1, "footer": 1, "svg": pictures, "title": 1 + pictures + tips(root), "script": 0} {
		if count[name] != want {
			t.Errorf("%d of %s, want %d", count[name], name, want)
		}
	}
}

// inaccessible says what an element lacks.
func inaccessible(root, n *html.Node) string {
	switch {
	case n.Data == "html" && attribute(n, "lang") != "en":
		return "the page has no language"
	case n.Data == "svg" && attribute(n, "role") != "img" && attribute(n, "aria-hidden") != "true":
		return "a picture that is no img"
	case n.Data == "th" && attribute(n, "scope") == "":
		return "a header without a scope"
	case n.Data == "figure" && !slices.ContainsFunc(slices.Collect(n.Descendants()), func(c *html.Node) bool { return c.Data == "figcaption" }):
		return "a figure without a caption"
	}
	for _, id := range strings.Fields(attribute(n, "aria-labelledby")) {
		if words := textOf(byID(root, id)); words == "" {
			return id + " has no words"
		}
	}
	return ""
}

// tips counts the titles of marks.
func tips(root *html.Node) (n int) {
	for node := range root.Descendants() {
		if node.Data == "title" && node.Parent.Data != "svg" && node.Parent.Data != "head" {
			n++
		}
	}
	return n
}

// TestThousandsOfTrialsStaySmall: 12,000 trials of few contenders, or 10,000 of many,
// are binned; their page is hardly larger than that of a few.
func TestThousandsOfTrialsStaySmall(t *testing.T) {
	if testing.Short() {
		t.Skip("so many trials take a while to judge")
	}
	for _, m := range []maker{{names: many(3), rounds: 4000}, {names: many(13), rounds: 500}, {names: many(60), rounds: 170}} {
		text := written(t, m.run(), page.Options{})
		const most = 800 << 10
		if len(text) > most {
			t.Errorf("%d contenders: the page has %d bytes, more than %d", len(m.names), len(text), most)
		}
		for svg := range strings.SplitSeq(text, "<svg") {
			if marks := strings.Count(svg, "<rect") + strings.Count(svg, "<circle") + strings.Count(svg, "h0") + strings.Count(svg, "<path"); marks > 5000 {
				t.Errorf("%d contenders: a figure has %d marks", len(m.names), marks)
			}
		}
	}
}

// TestNumbersThatAreNoneAreNotDrawn: a journal edited by hand may hold any.
func TestNumbersThatAreNoneAreNotDrawn(t *testing.T) {
	r := maker{names: many(2), rounds: 8}.run()
	r.Trials[0].ElapsedNS = math.MaxInt64
	r.Trials[1].ElapsedNS = math.MinInt64
	if text := written(t, r, page.Options{}); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
		t.Error("the page has a number that is none")
	}
}
