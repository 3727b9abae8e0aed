package web

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/history"
)

// rows are the texts of the rows of the first table of a page.
func rows(t *testing.T, page string) (rows []string) {
	t.Helper()
	tree, err := html.Parse(strings.NewReader(page))
	must(t, err)
	for n := range tree.Descendants() {
		if n.Data != "tbody" {
			continue
		}
		for row := range n.ChildNodes() {
			if row.Data == "tr" {
				var text strings.Builder
				for part := range row.Descendants() {
					if next := part.NextSibling; part.Type == html.TextNode && next != nil && next.Data == "wbr" {
						text.WriteString(part.Data) // the word goes on
					} else if part.Type == html.TextNode {
						text.WriteString(part.Data + " ")
					}
				}
				rows = append(rows, strings.Join(strings.Fields(text.String()), " "))
			}
		}
		return rows
	}
	return nil
}

// Ten thousand runs are shown a hundred at a time, each once, the newest first.
func TestListHasPages(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: go test -short leaves out what takes its time")
	}
	const n = 10_000
	dir := t.TempDir()
	for i := range n {
		text := fmt.Sprintf(`{"type":"run","schema":1,"run":"r%05d","started":%q,"design":{"rounds":3},"contenders":[{"name":"pool:%d"}]}`+"\n"+`{"type":"end","complete":true}`+"\n",
			i, time.Unix(int64(i)*60, 0).UTC().Format(time.RFC3339), i%7)
		must(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("r%05d.jsonl", i)), []byte(text), 0o600))
	}
	page := shown(t, dir)
	for number, want := range map[string]struct{ newest, rows int }{
		"": {9999, 100}, "-3": {9999, 100}, "x": {9999, 100}, "2": {9899, 100}, "101": {99, 100},
	} {
		got := rows(t, ask(t, page, http.MethodGet, "/?page="+number).text)
		if len(got) != want.rows || !strings.HasPrefix(got[0], fmt.Sprintf("compare r%05d ", want.newest)) || !strings.HasPrefix(got[99], fmt.Sprintf("compare r%05d ", want.newest-99)) {
			t.Errorf("page %s: %d rows, from %q", number, len(got), got[0])
		}
	}
	// A search has pages of its own, and its words go on with it.
	text := ask(t, page, http.MethodGet, "/?q=POOL:3+complete").text
	if !strings.Contains(text, "1429 of 10000 runs") || !strings.Contains(text, `href="/?page=2&amp;q=POOL%3A3&#43;complete"`) {
		t.Errorf("the search says %q", text[strings.Index(text, "count"):][:900])
	}
}

// A search wants all of its words; what is damaged is listed with its reason, and
// neither it nor a run under way keeps anything else from being there.
func TestListSaysWhatEachRunIs(t *testing.T) {
	dir := t.TempDir()
	finished(t, dir, header("20261120-aaaa", "sequential", "pool:2"))
	_, err := history.SaveAs(dir, "main", "20261120-aaaa")
	must(t, err)
	j := begin(t, dir, header("20261120-bbbb", "goroutines"))
	defer func() { must(t, j.Close()) }()
	killed := begin(t, dir, header("20261120-cccc", "errgroup"))
	must(t, killed.Close())
	must(t, os.WriteFile(filepath.Join(dir, "20261120-dddd.jsonl"), []byte("no journal\nat all\n"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "a name.jsonl"), []byte("no journal\nat all\n"), 0o600))
	page := shown(t, dir)
	for query, want := range map[string][]string{
		"": {"a name", "dddd", "cccc", "bbbb", "aaaa"}, "main": {"aaaa"}, "pool": {"aaaa"}, "POOL+seq": {"aaaa"}, "pool+goroutines": nil,
		"running": {"bbbb"}, "unreadable": {"a name", "dddd"}, "incomplete": {"cccc"}, "2026+127.0.0.1": {"cccc", "bbbb", "aaaa"}, "zzzz": nil,
	} {
		text := ask(t, page, http.MethodGet, "/?q="+query).text
		got := rows(t, text)
		for _, id := range want {
			if !strings.Contains(strings.Join(got, "\n"), id) {
				t.Errorf("%q: no %s in %q", query, id, got)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
	text := ask(t, page, http.MethodGet, "/").text
	for _, want := range []string{`href="/runs/20261120-aaaa"`, `href="/live/20261120-bbbb"`, "killed: the journal has no end", "no journal of fetchbench", `>main</span>`} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s", want)
		}
	}
	if strings.Contains(text, `href="/runs/a name"`) || strings.Contains(text, `value="20261120-dddd"`) {
		t.Error("what cannot be shown is linked to, or offered for comparison")
	}
}

// A row has the words of fetchbench list: what failed in a run, what was made of its
// profile, and that its contenders are the sizes of a sweep.
func TestListHasTheWordsOfTheTerminal(t *testing.T) {
	dir := t.TempDir()
	h := header("20261120-aaaa", "pool:1", "pool:2")
	h.Target.Embedded, h.Target.Scale, h.Design.Sweep = "article", 0.3, true
	j := begin(t, dir, h)
	lost := trialOf(0, "pool:1", time.Second)
	lost.Outcome, lost.Tally.Count = results.Failed, results.Count{Planned: 2, Failed: 2}
	must(t, j.Append(&lost))
	must(t, j.End(""))
	got := strings.Join(rows(t, ask(t, shown(t, dir), http.MethodGet, "/").text), "")
	for _, want := range []string{" 2 failed ", "× article x0.3", "sweep of pool:1, pool:2"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q does not say %q", got, want)
		}
	}
}

// A run is found by its name and by the parts of its id that stand for no other, as on the
// command line: they lead to its id.
func TestNamesLeadToTheirRun(t *testing.T) {
	dir := t.TempDir()
	finished(t, dir, header("20261120-aaaa", "sequential", "pool:2"))
	finished(t, dir, header("20261120-abbb", "sequential", "pool:2"))
	_, err := history.SaveAs(dir, "main", "20261120-aaaa")
	must(t, err)
	page := shown(t, dir)
	for word, want := range map[string]string{"main": "20261120-aaaa", "aaaa": "20261120-aaaa", "abb": "20261120-abbb", "a": "", "20261120": "", "20261120-aaaa": ""} {
		for _, under := range []string{"/runs/", "/live/"} {
			got := ask(t, page, http.MethodGet, under+word)
			if place := got.Header.Get("Location"); want != "" && (got.StatusCode != http.StatusFound || place != under+want) || want == "" && place != "" {
				t.Errorf("%s%s: got %s to %q, want %q", under, word, got.Status, place, want)
			}
		}
	}
}

// A folder that is not there yet has no runs, and the page says how to make one.
func TestListOfNothing(t *testing.T) {
	got := ask(t, shown(t, filepath.Join(t.TempDir(), "none")), http.MethodGet, "/")
	if text := got.text; got.StatusCode != http.StatusOK || !strings.Contains(text, "There are no runs yet") {
		t.Errorf("got %s: %s", got.Status, text)
	}
}
