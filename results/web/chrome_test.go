package web

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/history"
	"github.com/fetchbench/fetchbench/results/page/pagetest"
)

// fits looks at a page as on a phone, a small and a large screen, in light and in
// dark: nothing is wider than the window. Pictures are left where they are asked for.
func fits(t *testing.T, tab *pagetest.Tab, name, url string) {
	t.Helper()
	for _, width := range []int{390, 1024, 1600} {
		for _, dark := range []bool{false, true} {
			tab.Load(url, pagetest.Look{Width: width, Dark: dark})
			what := fmt.Sprintf("web-%s-%d-dark=%t", name, width, dark)
			if n := pagetest.Ask[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); n > 0 {
				t.Errorf("%s: the page is %d pixels wider than its window", what, n)
			}
			tab.Shot(what)
		}
	}
}

// text is what stands in the first element that a selector finds.
func text(tab *pagetest.Tab, selector string) string {
	return pagetest.Ask[string](tab, fmt.Sprintf(`document.querySelector(%q).innerText`, selector))
}

// click clicks on an element, and waits for another that follows from it.
func click(tab *pagetest.Tab, on, then string) {
	tab.Do(chromedp.Click(chromedp.CSS(on)), chromedp.WaitVisible(chromedp.CSS(then)))
}

// looked is a folder with a run of every state.
func looked(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for i, id := range []string{"20261120-aaaa", "20261120-bbbb"} {
		h := header(id, "sequential", "pool:2", "goroutines")
		h.Started = h.Started.Add(time.Duration(i) * time.Hour)
		h.Environment.Go = fmt.Sprintf("go1.26.%d", 7+i)
		finished(t, dir, h)
	}
	must(t, begin(t, dir, header("20261120-cccc", "errgroup", "pool:2+retry:3@h2", "pool:16+hedge:p95", strings.Repeat("w", 300))).Close())
	must(t, os.WriteFile(filepath.Join(dir, "20261120-dddd.jsonl"), []byte("no journal\nat all\n"), 0o600))
	return dir
}

// From the list to a report and back, and to two runs compared, by typing and by
// clicks alone.
func TestChromeClicksThrough(t *testing.T) {
	tab, home := pagetest.Open(t), served(t, looked(t), usual())
	tab.Load(home, pagetest.Look{Width: 1024})
	tab.Do(chromedp.SendKeys(chromedp.CSS("#q"), "pool:2 complete\n"), chromedp.WaitVisible(chromedp.CSS(".count a")))
	if got := text(tab, ".count"); got != "2 of 4 runs have these words. Show all" {
		t.Errorf("the search says %q", got)
	}
	click(tab, `a[href="/runs/20261120-aaaa"]`, "#numbers")
	if got := text(tab, "h1"); !strings.Contains(got, "faster") {
		t.Errorf("the report says %q", got)
	}
	click(tab, ".brand a", `input[value="20261120-aaaa"]`)
	tab.Do(chromedp.Click(chromedp.CSS(`input[value="20261120-aaaa"]`)), chromedp.Click(chromedp.CSS(`input[value="20261120-bbbb"]`)))
	click(tab, ".actions button", "#times")
	if got := text(tab, ".pair"); got != "20261120-aaaa is the older and the base, 20261120-bbbb is held against it." {
		t.Errorf("the comparison says %q", got)
	}
	if got := text(tab, "main"); !strings.Contains(got, "go1.26.7") || !strings.Contains(got, "no difference shown") {
		t.Errorf("the comparison says %q", got)
	}
	tab.Clean(home+"/", "data:,")
}

// The whole list is there on a small laptop, whatever runs were saved as.
func TestChromeListIsNotCut(t *testing.T) {
	tab, dir := pagetest.Open(t), looked(t)
	for _, name := range []string{"main", "before-the-new-pool", "release-2026.11"} {
		_, err := history.SaveAs(dir, name, "20261120-aaaa")
		must(t, err)
	}
	tab.Load(served(t, dir, usual()), pagetest.Look{Width: 1024})
	wide := pagetest.Ask[float64](tab, `(() => {const s = document.querySelector(".runs .scroll"); return s.scrollWidth - s.clientWidth})()`)
	if wide > 0 {
		t.Errorf("%v pixels of the list are cut", wide)
	}
	if n := pagetest.Ask[float64](tab, `document.querySelectorAll(".runs button").length`); n != 2 {
		t.Errorf("%v buttons compare, want one above and one below", n)
	}
}

// Every page fits every width, in light and in dark.
func TestChromeFitsEveryWidth(t *testing.T) {
	tab, dir := pagetest.Open(t), looked(t)
	running := begin(t, dir, header("20261120-eeee", "sequential", "pool:2", "goroutines"))
	for i, name := range []string{"sequential", "pool:2", "goroutines"} {
		took := trialOf(0, name, time.Duration(300-100*i)*time.Millisecond)
		must(t, running.Append(&took))
	}
	home := served(t, dir, usual())
	for name, path := range map[string]string{
		"list": "/", "none": "/?q=nothing+at+all", "report": "/runs/20261120-aaaa",
		"compare": "/compare?run=20261120-aaaa&run=20261120-bbbb", "other": "/compare?run=20261120-aaaa&run=20261120-cccc",
		"live": "/live/20261120-eeee", "under way": "/runs/20261120-eeee", "killed": "/live/20261120-cccc",
	} {
		fits(t, tab, name, home+path)
	}
	tab.Clean(home+"/", "data:,")
	must(t, running.End(""))
}

// A run under way is seen to go on without loading the page again, and leads to its
// report when it has ended.
func TestChromeWatchesARun(t *testing.T) {
	tab, dir := pagetest.Open(t), t.TempDir()
	j := begin(t, dir, header("20261120-eeee", "sequential", "pool:2", evil()[3]))
	l := usual()
	l.look = time.Millisecond
	home := served(t, dir, l)
	tab.Load(home, pagetest.Look{Width: 1024})
	click(tab, ".watch", "#rows")
	pagetest.Ask[string](tab, `window.loaded = "once"`)
	for round := range 8 {
		for i, name := range []string{"sequential", "pool:2"} {
			took := trialOf(round, name, time.Duration(100+round)*time.Millisecond/time.Duration(1+i))
			must(t, j.Append(&took))
		}
		seen := fmt.Sprintf(`document.querySelector("#rows").rows[1].cells[1].textContent === "%d of 8"`, round+1)
		tab.Do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Run(ctx, chromedp.Poll[bool](seen))
			return err
		}))
	}
	hostile := trialOf(7, evil()[3], time.Millisecond)
	hostile.Outcome = results.TrialOutcome(evil()[3])
	must(t, j.Append(&hostile))
	must(t, j.EndReached("enough"))
	tab.Do(chromedp.WaitVisible(chromedp.CSS("#ended a")))
	if got := pagetest.Ask[string](tab, `window.loaded`); got != "once" || text(tab, "#status") != "The run is complete." {
		t.Errorf("the page was loaded %q, and says %q", got, text(tab, "#status"))
	}
	if got := text(tab, "#rows"); !strings.Contains(got, "103.5 ms") || !strings.Contains(got, "1.0 ms, <img") {
		t.Errorf("the table says %q", got)
	}
	click(tab, "#ended a", "#numbers")
	tab.Clean(home+"/", "data:,")
}

// Without a script everything is there, a run under way as it was when it was loaded.
func TestChromeNeedsNoScript(t *testing.T) {
	tab, dir := pagetest.Open(t), t.TempDir()
	j := begin(t, dir, header("20261120-ffff", "sequential"))
	home := served(t, dir, usual())
	tab.Do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	tab.Load(home+"/live/20261120-ffff", pagetest.Look{Width: 390})
	before := text(tab, "main")
	took := trialOf(0, "sequential", 100*time.Millisecond)
	must(t, j.Append(&took))
	click(tab, "noscript a", "#rows")
	if after := text(tab, "main"); !strings.Contains(before, "0 of 8") || !strings.Contains(after, "1 of 8") {
		t.Errorf("got %q, then %q", before, after)
	}
	must(t, j.Close())
	tab.Clean(home+"/", "data:,")
}
