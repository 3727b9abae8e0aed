// Package pagetest looks at pages with a headless Chromium, for tests.
//
// It keeps a record of what a page must not do: say something on the console, fail,
// or ask the network for anything. Where there is no Chromium a test is skipped, and
// says so; it fails where CI is true, since nobody would read that there.
//
//	tab := pagetest.Open(t)
//	tab.Load("file:///tmp/run.html", pagetest.Look{Width: 390})
//	tab.Clean("file:///tmp/run.html")
package pagetest

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long everything that is done with a tab may take, together.
const patience = 5 * time.Minute

// A Look is how a page is looked at.
type Look struct {
	Width, Height int
	Dark          bool
	// Print shows it as it would be on paper.
	Print bool
}

// A Tab is a tab of a browser of its own.
type Tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	said     []string
	requests []string
}

// Open starts a browser that ends with the test.
func Open(t *testing.T) *Tab {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("no chromium here: nobody looks at the page")
	}
	if err != nil {
		t.Skip("SKIPPED: no chromium here, so nobody looked at the page")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.WSURLReadTimeout(patience))
	bounded, stop := context.WithTimeout(t.Context(), patience)
	t.Cleanup(stop)
	browser, closeBrowser := chromedp.NewExecAllocator(bounded, options...)
	t.Cleanup(closeBrowser)
	tab := &Tab{t: t}
	var closeTab context.CancelFunc
	tab.ctx, closeTab = chromedp.NewContext(browser)
	t.Cleanup(closeTab)
	if err := chromedp.Listen(tab.ctx, tab.hear); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	call(tab, network.Enable, network.EnableParams{})
	call(tab, runtime.Enable, cdp.Empty{})
	call(tab, log.Enable, cdp.Empty{})
	return tab
}

// call sends a command to the tab.
func call[P, R any](b *Tab, command cdp.Command[P, R], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, command, params); err != nil {
		b.t.Fatalf("browser: %v", err)
	}
}

// hear takes down what must not be.
func (b *Tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *runtime.EventConsoleAPICalled:
		b.said = append(b.said, "console: "+string(e.Type))
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, "exception: "+e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		b.said = append(b.said, "log: "+e.Entry.Text)
	}
}

// Do performs actions, and fails the test if one does.
func (b *Tab) Do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatalf("browser: %v", err)
	}
}

// Load opens a page at a width.
func (b *Tab) Load(url string, look Look) {
	b.t.Helper()
	scheme := "light"
	if look.Dark {
		scheme = "dark"
	}
	media := ""
	if look.Print {
		media = "print"
	}
	height := look.Height
	if height == 0 {
		height = 900
	}
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media:    media,
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	b.Do(chromedp.EmulateViewport(int64(look.Width), int64(height)),
		chromedp.Navigate(url), chromedp.WaitReady(chromedp.CSS("body")))
}

// Ask evaluates an expression in the page.
func Ask[T any](b *Tab, expression string) T {
	b.t.Helper()
	answer, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("browser: evaluate %s: %v", expression, err)
	}
	return answer
}

// Clean fails the test if the page said anything or asked for an address that does not
// begin with one of those allowed, since it was last asked.
func (b *Tab) Clean(allowed ...string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, said := range b.said {
		b.t.Errorf("the page said %s", said)
	}
	for _, url := range b.requests {
		if !slices.ContainsFunc(allowed, func(prefix string) bool { return strings.HasPrefix(url, prefix) }) {
			b.t.Errorf("the page asked for %s", url)
		}
	}
	b.said, b.requests = nil, nil
}

// Shot saves what the whole page looks like as a PNG, where the environment names a
// folder for that in FETCHBENCH_SHOTS. Otherwise nobody would look at it.
func (b *Tab) Shot(name string) {
	b.t.Helper()
	folder := os.Getenv("FETCHBENCH_SHOTS")
	if folder == "" {
		return
	}
	const best = 100 // a PNG
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(best))
	if err != nil {
		b.t.Fatalf("browser: take a picture: %v", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = root.Close() }() // only its files were written
	if err := root.WriteFile(name+".png", png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}
