package main

import (
	"cmp"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
)

// listing makes the page of URLs fetch these.
func listing(urls ...string) func(*options) {
	return func(o *options) { o.urls = urls }
}

// The page, byte by byte: the list has the addresses that answered, what stands in them
// is escaped, and neither a 404 nor a 503 is an error.
func TestTheListIsTheOneOfTheArticle(t *testing.T) {
	golden, err := os.ReadFile("testdata/urls.html")
	if err != nil {
		t.Fatal(err)
	}
	urls := listing(memory+"/item/0", memory+"/status/404", memory+"/status/503?<script>alert(1)</script>&b=2",
		memory+"/redirect/2/greet/?name=bob&api_key=swordfish", nobody+"/")
	inBubble(t, named(t, "greet"), urls, func(t *testing.T, v *visit) {
		for form := range forms() {
			if w, _ := v.get(t, "/urls/"+form); w.Code != http.StatusOK || w.Body.String() != string(golden) {
				t.Errorf("%s: %d\n%s\nwant\n%s", form, w.Code, w.Body, golden)
			}
		}
	})
}

// Whatever the law, one after the other takes the sum of the latencies and all at once
// the longest of them. Every form answers the same bytes.
func TestFormsDifferInTimeAlone(t *testing.T) {
	p := named(t, "uniform") // 0.2 to 1.5 s
	var delays []time.Duration
	for comic := 1; comic <= 10; comic++ {
		delays = append(delays, p.Delay(comic%p.URLs, 0))
	}
	var bodies []string
	for form, want := range map[string]time.Duration{"sync": sum(delays), "async": slices.Max(delays), "pool": 0} {
		inBubble(t, p, nil, func(t *testing.T, v *visit) {
			w, took := v.get(t, "/urls/"+form)
			if want > 0 && took != want {
				t.Errorf("%s took %v, want %v", form, took, want)
			}
			bodies = append(bodies, w.Body.String())
		})
	}
	if len(slices.Compact(bodies)) != 1 || !strings.Contains(bodies[0], memory+"/9/info.0.json --- Status Code: 200") {
		t.Errorf("the forms answer %q", bodies)
	}
}

// sum adds up.
func sum(delays []time.Duration) (total time.Duration) {
	for _, d := range delays {
		total += d
	}
	return total
}

// As they answer: the list has the order of completion, and one after the other that is
// the order of the list.
func TestCompletedPageListsInOrderOfCompletion(t *testing.T) {
	p := named(t, "uniform")
	order := make([]int, p.URLs)
	for i := range order {
		order[i] = i
	}
	inOrder := slices.Clone(order)
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p.Delay((a+1)%p.URLs, 0), p.Delay((b+1)%p.URLs, 0)) })
	for form, want := range map[string][]int{"sync": inOrder, "async": order} {
		inBubble(t, p, nil, func(t *testing.T, v *visit) {
			w, _ := v.get(t, "/urls/completed/"+form)
			text := "<h1>URLs:</h1>"
			for _, i := range want {
				text += "<p>URL: " + v.urls[i] + " --- Status Code: 200</p>"
			}
			if w.Body.String() != text {
				t.Errorf("%s:\n%s\nwant\n%s", form, w.Body, text)
			}
		})
	}
}

// Four URLs of a second and one that refuses, in the last place. At once the page ends
// before any time has passed, and the four are given up: none is left upstream. One
// after the other it comes to that URL after 4 s.
func TestTheFirstErrorCancelsTheRest(t *testing.T) {
	urls := listing(memory+"/item/0", memory+"/item/1", memory+"/item/2", memory+"/status/503", nobody+"/")
	inBubble(t, named(t, "greet"), urls, func(t *testing.T, v *visit) {
		for form, want := range map[string]struct {
			took           time.Duration
			finished, most int
		}{"sync": {4 * time.Second, 4, 1}, "async": {0, 0, 4}} {
			w, took := v.get(t, "/urls/first-error/"+form)
			if w.Code != http.StatusInternalServerError || w.Body.String() != "500 error" || took != want.took {
				t.Errorf("%s: %d, %q after %v", form, w.Code, w.Body, took)
			}
			c := v.seen(t)
			if c.InFlight.Now != 0 || c.Requests.Finished != want.finished || c.Requests.Gone != c.Requests.Started-want.finished || c.InFlight.Max > want.most {
				t.Errorf("%s: upstream saw %+v", form, c)
			}
		}
		if w, took := v.get(t, "/urls/async"); w.Code != http.StatusOK || strings.Count(w.Body.String(), "Status Code") != 4 || took != time.Second {
			t.Errorf("without it: %d, %s after %v", w.Code, w.Body, took)
		}
	})
}

// The calls that were given up had reached the upstream: an error a moment later than
// the others began leaves N - 1 that are counted as gone.
func TestTheFirstErrorAbortsCallsUnderWay(t *testing.T) {
	p := named(t, "greet")
	inBubble(t, p, listing(memory+"/item/0", memory+"/item/1", memory+"/item/2", late+"/"), func(t *testing.T, v *visit) {
		w, took := v.get(t, "/urls/first-error/async")
		if c := v.seen(t); w.Code != 500 || took != 10*time.Millisecond || c.Requests.Gone != 3 || c.InFlight.Now != 0 || c.Requests.Finished != 0 {
			t.Errorf("%d after %v: upstream saw %+v", w.Code, took, c)
		}
	})
}

// A reader who leaves takes the calls of the page along.
func TestAReaderWhoLeavesEndsTheCalls(t *testing.T) {
	inBubble(t, named(t, "greet"), nil, func(t *testing.T, v *visit) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		begin := time.Now()
		v.handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/urls/async", nil))
		if c := v.seen(t); time.Since(begin) != 100*time.Millisecond || c.Requests.Gone != c.Requests.Started || c.InFlight.Max == 0 {
			t.Errorf("after %v: upstream saw %+v", time.Since(begin), c)
		}
	})
}

// Four callers of a page of ten calls are forty in flight, and the page takes as long
// for each of them as for one.
func TestCallersTimesCallsAreInFlight(t *testing.T) {
	p := named(t, "constant")
	inBubble(t, p, nil, func(t *testing.T, v *visit) {
		for form, most := range map[string]int{"sync": 4, "async": 40, "pool": 16} {
			begin := time.Now()
			var callers sync.WaitGroup
			for range 4 {
				callers.Go(func() { v.get(t, "/urls/"+form) })
			}
			callers.Wait()
			want := map[string]time.Duration{"sync": 500, "async": 50, "pool": 150}[form] * time.Millisecond
			if c := v.seen(t); c.InFlight.Max != most || c.Requests.Finished != 40 || time.Since(begin) != want {
				t.Errorf("%s after %v: upstream saw %+v", form, time.Since(begin), c)
			}
		}
	})
}

// Pages of different forms are served side by side: together they take as long as the
// longest.
func TestFormsAreServedSideBySide(t *testing.T) {
	inBubble(t, named(t, "constant"), nil, func(t *testing.T, v *visit) {
		begin := time.Now()
		var callers sync.WaitGroup
		for form := range forms() {
			callers.Go(func() {
				if w, _ := v.get(t, "/urls/"+form); w.Code != http.StatusOK {
					t.Errorf("%s: %d", form, w.Code)
				}
			})
		}
		callers.Wait()
		if took := time.Since(begin); took != 500*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

// What a test of the articles asks of its routes, of a real server in front of a real
// upstream.
func TestClientSeesTheHeading(t *testing.T) {
	up, err := upstream.Serve("", named(t, "fast"), upstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = up.Close() }()
	s, err := newSite(options{upstream: up.Addr(), config: usual()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.client.Close()
	server := httptest.NewServer(s.routes())
	defer server.Close()
	for form := range forms() {
		status, body := mustGet(t, server.Client(), server.URL+"/urls/"+form)
		if status != http.StatusOK || !strings.Contains(body, "<h1>URLs:</h1>") {
			t.Errorf("%s: %d, %s", form, status, body)
		}
	}
	if l, err := s.status(t.Context(), up.URLs()[0]); err != nil || l != (line{URL: up.URLs()[0], Status: 200}) {
		t.Errorf("one URL: %+v, %v", l, err)
	}
}
