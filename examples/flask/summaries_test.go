//go:build unix

package flask_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// secret is the key of the upstream.
const secret = "key-that-nobody-sees"

// greet answers who asks with the key, and nobody else.
func greet(_ *gate, w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if r.URL.Path != "/greet/" || query.Get("api_key") != secret {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	_, _ = io.WriteString(w, "Hello "+query.Get("name"))
}

// hidden wants the key nowhere in these pages nor in what the app said.
func hidden(t *testing.T, a *app, pages ...string) {
	t.Helper()
	for _, text := range append(pages, a.log()) {
		if strings.Contains(text, secret) {
			t.Errorf("the key is in\n%s", text)
		}
	}
}

// Summaries are in the order of the question, though their answers came the other way
// round, all three under way at once; or one after the other. The key is sent and told
// to nobody.
func TestSummariesAreInOrder(t *testing.T) {
	t.Parallel()
	for path, most := range map[string]int{"/summaries": 3, "/summaries/sync": 1} {
		turn, ended := backwards("bob", "bill", "betty")
		g := newGate(t, func(g *gate, w http.ResponseWriter, r *http.Request) {
			if name := r.URL.Query().Get("name"); g.meet(r, most) && most > 1 {
				turn(r, name)
				defer ended(name)
				defer w.(http.Flusher).Flush()
			}
			greet(g, w, r)
		})
		a := flask(t, 0, "FETCHBENCH_UPSTREAM="+g.URL, "API_KEY="+secret)
		const want = `{"summaries":{"bob":"Hello bob","bill":"Hello bill","betty":"Hello betty"},"errors":{}}` + "\n"
		got := a.get(t, path+"?id=bob&id=bill&id=betty", http.StatusOK).body
		if got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
		if seen := g.whole(); seen.came != 3 || seen.most != most {
			t.Errorf("%s: %+v", path, seen)
		}
		gone := a.get(t, path, http.StatusOK).body // nobody listens there any more
		hidden(t, a, got, gone)
		if !strings.HasPrefix(gone, `{"summaries":{},"errors":{"bob":"`) {
			t.Errorf("%s without an upstream: %s", path, gone)
		}
	}
}

// One that takes too long, with half of its body there, and one that is refused fail
// alone; what was found is there.
func TestSummariesThatFailLeaveTheOthersAlone(t *testing.T) {
	t.Parallel()
	g := newGate(t, func(g *gate, w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("name") {
		case "endless":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "Hel")
			w.(http.Flusher).Flush()
			wait(r, nil)
		case "refused":
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			greet(g, w, r)
		}
	})
	a := flask(t, 0, "FETCHBENCH_UPSTREAM="+g.URL, "API_KEY="+secret, "SUMMARY_SECONDS=2")
	const want = `{"summaries":{"bob":"Hello bob"},"errors":{"endless":"TimeoutError","refused":"ClientResponseError"}}` + "\n"
	got := a.get(t, "/summaries?id=endless&id=bob&id=refused", http.StatusOK).body
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	hidden(t, a, got)
	if seen := g.whole(); seen.gone != 1 {
		t.Errorf("%+v, want the endless one given up", seen)
	}
}

// Of a thousand summaries none is lost or mixed up. They go in waves of 100, because
// that is how many connections aiohttp opens unless it is told otherwise.
func TestAThousandSummariesGoInWaves(t *testing.T) {
	t.Parallel()
	const n, wave = 1000, 100
	g := newGate(t, func(g *gate, w http.ResponseWriter, r *http.Request) {
		g.meet(r, wave)
		greet(g, w, r)
	})
	a := flask(t, 0, "FETCHBENCH_UPSTREAM="+g.URL, "API_KEY="+secret)
	ids := times(n, func(i int) string { return fmt.Sprintf("id=p%d", i) })
	var told struct{ Summaries, Errors map[string]string }
	if err := json.Unmarshal([]byte(a.get(t, "/summaries?"+strings.Join(ids, "&"), http.StatusOK).body), &told); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if name := fmt.Sprintf("p%d", i); told.Summaries[name] != "Hello "+name {
			t.Errorf("%s: %q", name, told.Summaries[name])
		}
	}
	if seen := g.whole(); len(told.Summaries) != n || len(told.Errors) != 0 || seen.came != n || seen.most != wave {
		t.Errorf("%d summaries, %v, saw %d and %d at once", len(told.Summaries), told.Errors, seen.came, seen.most)
	}
}

// Visitors may come at once: each has an event loop of its own.
func TestSummariesInThreads(t *testing.T) {
	t.Parallel()
	const visitors = 20
	for _, threads := range []int{0, 4} {
		g := newGate(t, greet)
		a := flask(t, threads, "FETCHBENCH_UPSTREAM="+g.URL, "API_KEY="+secret)
		for i, page := range a.together(t, times(visitors, func(i int) string { return fmt.Sprintf("/summaries?id=v%d", i) })...) {
			if want := fmt.Sprintf(`{"summaries":{"v%d":"Hello v%d"},"errors":{}}`+"\n", i, i); page != want {
				t.Errorf("got %s, want %s", page, want)
			}
		}
	}
}
