package page_test

import (
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/page"
	"github.com/fetchbench/fetchbench/results/page/pagetest"
)

// drawn is the address of a page with figures of requests: of the run of the article, and
// of one with failures that is made up.
func drawn(t *testing.T) map[string]string {
	t.Helper()
	found, err := filepath.Glob("../published/article-go/*.jsonl")
	if err != nil || len(found) != 1 {
		t.Fatalf("the published run: %v %v", found, err)
	}
	file, err := os.Open(found[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	failing := slotted(6)
	for i := range failing.Trials {
		trial := &failing.Trials[i]
		trial.Requests[3].Class, trial.Requests[5].Phases.LateNS = "http_5xx", 4e6
		trial.Outcome, trial.Tally = results.Failed, trial.Count(10)
	}
	pages := map[string]string{
		"requests": written(t, published(t), page.Options{Trials: func() iter.Seq2[*results.Trial, error] { return results.Trials(file) }}),
		"failing":  journaled(t, failing),
	}
	for name, text := range pages {
		path := filepath.Join(t.TempDir(), "run.html")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		pages[name] = "file://" + path
	}
	return pages
}

// pointed is what a reader sees who rests the pointer on the middle of the n-th bar.
const pointed = `(() => {
	const bar = document.querySelectorAll("#waterfall > svg .p4")[%d];
	bar.scrollIntoView({block: "center"});
	const box = bar.getBoundingClientRect();
	const under = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
	return under.closest("g").querySelector("title").textContent;
})()`

// TestBrowserShowsRequests: at each width nothing is wider than the window, no words of a
// figure lie outside of it, and the pointer finds the request that it rests on, even
// where its number is written on the bar.
func TestBrowserShowsRequests(t *testing.T) {
	tab := pagetest.Open(t)
	for name, url := range drawn(t) {
		for _, width := range []int{390, 1024, 1600} {
			tab.Load(url, pagetest.Look{Width: width, Dark: width == 1024})
			if n := pagetest.Ask[int](tab, overflow); n > 0 {
				t.Errorf("%s at %d: the page is %d pixels wider than its window", name, width, n)
			}
			if words := pagetest.Ask[string](tab, outside); words != "" {
				t.Errorf("%s at %d: %q is outside of its figure", name, width, words)
			}
			tip := pagetest.Ask[string](tab, fmt.Sprintf(pointed, 2))
			if !strings.HasPrefix(tip, "request 2: ok after ") || !strings.Contains(tip, "\nhttp://") {
				t.Errorf("%s at %d: the pointer finds %q", name, width, tip)
			}
			tab.Shot(fmt.Sprintf("%s-%d", name, width))
		}
		tab.Clean(url)
	}
}

// outside is the first text of the figures of requests that lies beyond a side of its
// figure, but for a few pixels.
const outside = `(() => {
	for (const svg of document.querySelectorAll("#waterfall > svg, #ecdf > svg, #sweep > svg")) {
		const frame = svg.getBoundingClientRect();
		for (const text of svg.querySelectorAll("text")) {
			const box = text.getBoundingClientRect();
			if (box.width > 0 && (box.left < frame.left - 4 || box.right > frame.right + 4 || box.bottom > frame.bottom + 4 || box.top < frame.top - 4)) return text.textContent;
		}
	}
	return "";
})()`
