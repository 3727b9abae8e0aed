package main

import (
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"testing"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/results/page/pagetest"
)

// The pages as a browser shows them, on a phone and on a desk, in light and in dark:
// every picture is really there, nothing is wider than the window, nothing is said on
// the console and nobody else is asked for anything.
func TestChromeShowsTheComics(t *testing.T) {
	p := named(t, "xkcd")
	p.Scale = 0.001 // a millisecond a call
	up, err := upstream.Serve("", p, upstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = up.Close() }()
	s, err := newSite(options{upstream: up.Addr(), config: usual()}, log.New(io.Discard, "", 0))
	if err != nil {
		t.Fatal(err)
	}
	defer s.client.Close()
	server := httptest.NewServer(s.routes())
	defer server.Close()
	tab := pagetest.Open(t)
	for name, path := range map[string]string{"comics": "/comics/async?seed=" + seedWith(0), "urls": "/urls/async", "home": "/"} {
		for _, width := range []int{390, 1024} {
			for _, dark := range []bool{false, true} {
				what := fmt.Sprintf("example-%s-%d-dark=%t", name, width, dark)
				tab.Load(server.URL+path, pagetest.Look{Width: width, Dark: dark})
				if n := pagetest.Ask[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); n > 0 {
					t.Errorf("%s is %d pixels wider than its window", what, n)
				}
				want := map[string]int{"comics": 4}[name]
				if n := pagetest.Ask[int](tab, `[...document.images].filter(i => i.naturalWidth === 320 && i.alt !== "").length`); n != want {
					t.Errorf("%s shows %d pictures, want %d", what, n, want)
				}
				tab.Shot(what)
			}
		}
	}
	tab.Clean(server.URL+"/", up.Addr()+"/comics/")
}
