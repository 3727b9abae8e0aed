package page_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/page"
	"github.com/fetchbench/fetchbench/results/page/pagetest"
)

// saved is the address of the page of a run in a file.
func saved(t *testing.T, r *results.Run) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "run.html")
	if err := os.WriteFile(path, []byte(written(t, r, page.Options{Command: "fetchbench run plan.json"})), 0o644); err != nil {
		t.Fatal(err)
	}
	return "file://" + path
}

// published is the run of the article, as it is kept with the project.
func published(t *testing.T) *results.Run {
	t.Helper()
	found, err := filepath.Glob("../published/article-go/*.jsonl")
	if err != nil || len(found) != 1 {
		t.Fatalf("the published run: %v %v", found, err)
	}
	run, err := results.OpenLatencies(found[0])
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// runs are those that are looked at, each for what it may do to a layout.
func runs(t *testing.T) map[string]*results.Run {
	half := func(round int, name string) bool { return name == "pool:4" && round%2 == 1 }
	wide := "ы" + fmt.Sprintf("%0299d", 0)
	return map[string]*results.Run{
		"article": published(t),
		"many":    maker{names: many(13), rounds: 30, fails: half}.run(),
		"long":    maker{names: []string{wide + "a", wide + "b"}, rounds: 8, words: wide}.run(),
		"hostile": maker{names: []string{texts()[0], texts()[2]}, rounds: 8, words: texts()[3]}.run(),
	}
}

// overflow is by how many pixels the page is wider than its window. What is wider by
// itself has a scroll bar of its own.
const overflow = `document.documentElement.scrollWidth - document.documentElement.clientWidth`

// TestBrowserShowsThePage: at the width of a phone, a tablet and a desk, in light and
// in dark, nothing is wider than the window, nothing is on the console, nothing was
// asked for, and the style sheet that the policy allows is in force.
func TestBrowserShowsThePage(t *testing.T) {
	tab := pagetest.Open(t)
	for name, run := range runs(t) {
		url := saved(t, run)
		for _, width := range []int{390, 1024, 1600} {
			for _, dark := range []bool{false, true} {
				tab.Load(url, pagetest.Look{Width: width, Dark: dark})
				look := fmt.Sprintf("%s-%d-dark=%t", name, width, dark)
				if n := pagetest.Ask[int](tab, overflow); n > 0 {
					t.Errorf("%s: the page is %d pixels wider than its window", look, n)
				}
				ground := pagetest.Ask[string](tab, `getComputedStyle(document.body).backgroundColor`)
				if want := map[bool]string{false: "rgb(255, 255, 255)", true: "rgb(20, 23, 28)"}[dark]; ground != want {
					t.Errorf("%s: the ground is %s, want %s", look, ground, want)
				}
				tab.Shot(look)
			}
		}
		tab.Clean(url)
	}
}

// TestBrowserOpensWhatIsFolded: a click shows what a summary promises, and the link to
// the warnings leads to them.
func TestBrowserOpensWhatIsFolded(t *testing.T) {
	tab := pagetest.Open(t)
	url := saved(t, published(t))
	tab.Load(url, pagetest.Look{Width: 390})
	const table = `document.querySelector("#trials details table").checkVisibility()`
	if pagetest.Ask[bool](tab, table) {
		t.Error("the table is open from the start")
	}
	tab.Do(chromedp.Click(chromedp.CSS("#trials summary")))
	if !pagetest.Ask[bool](tab, table) {
		t.Error("a click does not open the table")
	}
	if n := pagetest.Ask[int](tab, overflow); n > 0 {
		t.Errorf("the open table makes the page %d pixels wider than its window", n)
	}
	tab.Do(chromedp.Click(chromedp.CSS(".caution a")))
	if at := pagetest.Ask[string](tab, `location.hash`); at != "#warnings" {
		t.Errorf("the link leads to %q", at)
	}
	tab.Clean(url)
}

// TestBrowserTextIsReadable: on a phone no letter of a figure is smaller than 10 pixels,
// and every colour of text stands out from its ground by 4.5 to 1, as WCAG 2 wants it.
func TestBrowserTextIsReadable(t *testing.T) {
	tab := pagetest.Open(t)
	url := saved(t, published(t))
	for _, dark := range []bool{false, true} {
		tab.Load(url, pagetest.Look{Width: 390, Dark: dark})
		least := pagetest.Ask[float64](tab, `Math.min(...[...document.querySelectorAll("svg text")].map(e =>
			parseFloat(getComputedStyle(e).fontSize) * e.ownerSVGElement.getBoundingClientRect().width / e.ownerSVGElement.viewBox.baseVal.width))`)
		if least < 10 {
			t.Errorf("the smallest letters of a figure have %.1f pixels", least)
		}
		if worst := pagetest.Ask[float64](tab, contrast); worst < 4.5 {
			t.Errorf("dark %t: the worst contrast is %.2f", dark, worst)
		}
	}
}

// TestBrowserPrintsOnWhite: on paper the ground is white whatever the reader's choice, and
// a link that leads nowhere on paper is not there.
func TestBrowserPrintsOnWhite(t *testing.T) {
	tab := pagetest.Open(t)
	tab.Load(saved(t, published(t)), pagetest.Look{Width: 800, Dark: true, Print: true})
	if ground := pagetest.Ask[string](tab, `getComputedStyle(document.body).backgroundColor`); ground != "rgb(255, 255, 255)" {
		t.Errorf("the ground is %s", ground)
	}
	if worst := pagetest.Ask[float64](tab, contrast); worst < 4.5 {
		t.Errorf("the worst contrast is %.2f", worst)
	}
	if pagetest.Ask[bool](tab, `document.querySelector(".caution").checkVisibility()`) {
		t.Error("the link to the warnings is printed")
	}
	tab.Shot("article-print")
}

// contrast is the worst ratio of the relative luminances of text and ground, by the
// formulae of WCAG 2.2, "relative luminance" and "contrast ratio".
const contrast = `(() => {
	const light = c => {
		const [r, g, b] = c.match(/[\d.]+/g).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const ground = light(getComputedStyle(document.body).backgroundColor);
	return Math.min(...[...document.querySelectorAll("p, li, th, td, h1, h2, h3, summary, dt, dd, svg text")].map(e => {
		const style = getComputedStyle(e);
		const text = light(e.ownerSVGElement ? style.fill : style.color);
		return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
	}));
})()`

// TestBrowserShowsThatATableGoesOn: on a phone a shadow lies where one is cut, and no
// word of its head is broken.
func TestBrowserShowsThatATableGoesOn(t *testing.T) {
	tab := pagetest.Open(t)
	tab.Load(saved(t, published(t)), pagetest.Look{Width: 390})
	const cut = `[...document.querySelectorAll(".scroll")].filter(e => e.scrollWidth > e.clientWidth)`
	if !pagetest.Ask[bool](tab, cut+`.length > 0 && `+cut+`.every(e => getComputedStyle(e).backgroundImage.includes("gradient"))`) {
		t.Error("nothing shows that the table goes on")
	}
	if broken := pagetest.Ask[string](tab, `[...document.querySelectorAll("#numbers ~ .scroll thead th")].filter(e => {
		const line = parseFloat(getComputedStyle(e).fontSize) * 1.7, r = document.createRange();
		r.selectNodeContents(e);
		return !e.textContent.includes(" ") && !e.textContent.includes("-") && r.getBoundingClientRect().height > line;
	}).map(e => e.textContent).join(", ") + [...document.querySelectorAll("#numbers ~ .scroll thead th")].map(e => getComputedStyle(e).overflowWrap).filter(v => v != "normal").join(", ")`); broken != "" {
		t.Errorf("broken in the head: %s", broken)
	}
}

// brokenWord is the first name in the table that is broken within a word, found by where
// each of its letters stands.
const brokenWord = `[...document.querySelectorAll("main table tbody th")].slice(0, 19).map(cell => {
	const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = document.createRange()
	let text = "", top = null
	while (walk.nextNode()) {
		for (let i = 0; i < walk.currentNode.length; i++) {
			range.setStart(walk.currentNode, i)
			range.setEnd(walk.currentNode, i + 1)
			const at = range.getBoundingClientRect().top
			if (top !== null && at > top + 2 && !/[:\/\-]$/.test(text)) return text + "|" + walk.currentNode.data.slice(i)
			top = at
			text += walk.currentNode.data[i]
		}
	}
	return ""
}).filter(text => text)[0] || ""`

// TestBrowserShowsTheSpeedUpOnAPhone, without having to scroll, and no name that is broken
// within a word; at the width of a tablet no figure leaves half of its row empty.
func TestBrowserShowsTheSpeedUpOnAPhone(t *testing.T) {
	run, err := results.OpenLatencies("../published/article/run.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	tab, url := pagetest.Open(t), saved(t, run)
	tab.Load(url, pagetest.Look{Width: 390})
	if right := pagetest.Ask[float64](tab, `[...document.querySelectorAll("thead th")].find(h => h.textContent == "Speed-up").getBoundingClientRect().right`); right > 340 {
		t.Errorf("the speed-up ends at %v of 390 pixels", right)
	}
	if name := pagetest.Ask[string](tab, brokenWord); name != "" {
		t.Errorf("%q is broken within a word", name)
	}
	tab.Load(saved(t, maker{names: many(3), rounds: 6}.run()), pagetest.Look{Width: 1024})
	for _, id := range []string{"waterfall", "ecdf"} {
		if width := pagetest.Ask[float64](tab, `document.getElementById("`+id+`").getBoundingClientRect().width`); width < 800 {
			t.Errorf("%s is %v of 1024 pixels wide, with nothing beside it", id, width)
		}
	}
}
