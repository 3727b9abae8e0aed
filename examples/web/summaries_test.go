package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
)

// greetings is a summaries page as it is read.
type greetings struct {
	Summaries map[string]string
	Errors    []failure
}

// mustDecode reads a page of summaries.
func mustDecode(t *testing.T, text string) greetings {
	t.Helper()
	var g greetings
	if err := json.Unmarshal([]byte(text), &g); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return g
}

// Three greetings of a second, in the order of the plan, whatever their order was.
func TestSummariesAreThoseOfTheArticle(t *testing.T) {
	const golden = `{"summaries":{"bob":"Hello bob","bill":"Hello bill","betty":"Hello betty"},"errors":[]}` + "\n"
	for form, want := range map[string]time.Duration{"sync": 3 * time.Second, "async": time.Second} {
		inBubble(t, named(t, "greet"), nil, func(t *testing.T, v *visit) {
			w, took := v.get(t, "/summaries/"+form)
			if w.Body.String() != golden || took != want || w.Header().Get("Content-Type") != "application/json" {
				t.Errorf("%s after %v: %s", form, took, w.Body)
			}
		})
	}
	p := upstream.Profile{Name: "drawn", URLs: 1000, Latency: upstream.Law{Kind: upstream.Exponential, BaseMS: 50}}
	inBubble(t, p, nil, func(t *testing.T, v *visit) {
		if w, _ := v.get(t, "/summaries/async"); w.Body.String() != golden {
			t.Errorf("with drawn latencies: %s", w.Body)
		}
	})
}

// However many ids there are, each has its own summary and no other.
func TestNoIDIsLostOrMixedUp(t *testing.T) {
	p := upstream.Profile{Name: "drawn", URLs: 1000, Latency: upstream.Law{Kind: upstream.Exponential, BaseMS: 50}}
	for _, n := range []int{0, 1, 1000} {
		inBubble(t, p, nil, func(t *testing.T, v *visit) {
			w, _ := v.get(t, fmt.Sprintf("/summaries/async?n=%d", n))
			g := mustDecode(t, w.Body.String())
			if len(g.Summaries) != n || len(g.Errors) != 0 {
				t.Errorf("%d ids: %d summaries, %d errors", n, len(g.Summaries), len(g.Errors))
			}
			for _, i := range plan(n) {
				if g.Summaries[i.id] != "Hello "+i.id {
					t.Errorf("%s is %q", i.id, g.Summaries[i.id])
				}
			}
			if c := v.seen(t); c.Requests.Finished != n || n > 1 && c.InFlight.Max != n {
				t.Errorf("%d ids: upstream saw %+v", n, c)
			}
		})
	}
}

// Twenty pages at once, each of three calls: all are good ones, each is whole, and
// together they take as long as one.
func TestTwentyPagesAtOnce(t *testing.T) {
	inBubble(t, named(t, "greet"), nil, func(t *testing.T, v *visit) {
		begin := time.Now()
		var callers sync.WaitGroup
		for range 20 {
			callers.Go(func() {
				w, _ := v.get(t, "/summaries/async")
				if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"betty":"Hello betty"},"errors":[]`) {
					t.Errorf("%d: %s", w.Code, w.Body)
				}
			})
		}
		callers.Wait()
		if c := v.seen(t); time.Since(begin) != time.Second || c.InFlight.Max != 60 || c.Requests.Finished != 60 {
			t.Errorf("after %v: upstream saw %+v", time.Since(begin), c)
		}
	})
}

// slowly is an upstream where bill is slow: his answer comes at once, its body never
// ends. The others take a second.
func slowly(r *http.Request) (*http.Response, error) {
	name := r.URL.Query().Get("name")
	response := &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("Hello " + name))}
	if name == "bill" {
		response.Body = endless{r}
		return response, nil
	}
	select {
	case <-time.After(time.Second):
		return response, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// endless is a body that has begun and goes on for as long as its request.
type endless struct{ r *http.Request }

// Read implements io.Reader.
func (e endless) Read([]byte) (int, error) {
	<-e.r.Context().Done()
	return 0, e.r.Context().Err()
}

// Close implements io.Closer.
func (endless) Close() error { return nil }

// A call has 180 s to its last byte, and one that takes longer is in the list of errors
// and not in the map, which has the others all the same.
func TestATimeOutLeavesAPartialMap(t *testing.T) {
	mocked := func(o *options) { o.config.RoundTripper = roundTripper(slowly) }
	inBubble(t, named(t, "greet"), mocked, func(t *testing.T, v *visit) {
		w, took := v.get(t, "/summaries/async")
		const want = `{"summaries":{"bob":"Hello bob","betty":"Hello betty"},"errors":[{"id":"bill","error":"timeout: the deadline of the request passed"}]}`
		if w.Code != http.StatusOK || strings.TrimSpace(w.Body.String()) != want || took != 180*time.Second {
			t.Errorf("%d after %v: %s", w.Code, took, w.Body)
		}
	})
	// The same on the wire, where an answer that comes too late is given up.
	short := func(o *options) { o.config.Timeout = 300 * time.Millisecond }
	inBubble(t, named(t, "greet"), short, func(t *testing.T, v *visit) {
		w, took := v.get(t, "/summaries/async")
		if g := mustDecode(t, w.Body.String()); len(g.Summaries) != 0 || len(g.Errors) != 3 || took != 300*time.Millisecond {
			t.Errorf("after %v: %+v", took, g)
		}
		if c := v.seen(t); c.Requests.Gone != 3 {
			t.Errorf("upstream saw %+v", c)
		}
	})
}

// The key reaches the upstream, as part of the address that is base, path and key. It
// is on no page and in no log, though the upstream says it again, in a greeting and in
// an error, and though a list of URLs has it.
func TestTheKeyIsInNoOutput(t *testing.T) {
	const key = "sword fish&<more>"
	var asked []string
	var mu sync.Mutex
	telling := roundTripper(func(r *http.Request) (*http.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.URL.Query().Get("api_key"))
		if r.URL.Query().Get("name") == "bill" {
			return nil, fmt.Errorf("dial %s: broken", r.URL)
		}
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("your key is " + key + ", " + r.URL.RawQuery))}, nil
	})
	change := func(o *options) {
		o.key, o.config.RoundTripper, o.errands = key, telling, true
		o.urls = []string{memory + "/?name=bill&api_key=sword+fish%26%3Cmore%3E", memory + "/?x=sword+fish%26%3Cmore%3E", memory + "/?token=t0ken"}
	}
	inBubble(t, named(t, "greet"), change, func(t *testing.T, v *visit) {
		v.hooks.before = v.plainHooks().before // the errand before would fail every view
		said := ""
		for _, path := range []string{"/summaries/async", "/urls/async", "/urls/completed/sync", "/urls/first-error/async", "/boom", "/"} {
			w, _ := v.get(t, path)
			said += fmt.Sprint(w.Result().Header) + w.Body.String()
		}
		said += v.logged.String()
		for _, secret := range []string{"sword", "fish", "more>", "3Cmore", "t0ken"} {
			if strings.Contains(said, secret) {
				t.Errorf("%q is in %s", secret, said)
			}
		}
		if !strings.Contains(said, "(hidden)") || !strings.Contains(v.logged.String(), "boom") || len(asked) == 0 || asked[0] != key {
			t.Errorf("asked with %q, said %s", asked, said)
		}
	})
}
