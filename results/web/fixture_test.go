package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// The port of a page that is asked without a network, and its Host.
const (
	testPort = 8080
	testHost = "127.0.0.1:8080"
)

// header is that of a run of the contenders named, of which the first makes one
// request at a time.
func header(id string, names ...string) results.Header {
	h := results.Header{
		Schema: results.Schema, ID: id, Started: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Environment: results.Environment{Tool: "fetchbench 1.2.3", Go: "go1.26.8", OS: "linux", CPUs: 2},
		Target:      results.Target{URLs: []string{"http://127.0.0.1:1/a", "http://127.0.0.1:1/b"}, Requests: 2},
		Design:      results.Design{Seed: 7, Rounds: 8, Order: "random", Connections: "fresh", Baseline: names[0]},
		Plan:        json.RawMessage(`{"rounds":8}`),
	}
	for i, name := range names {
		h.Contenders = append(h.Contenders, results.Column{Name: name, Asked: 1 + i})
	}
	return h
}

// trialOf is a trial of two requests that both took half of it.
func trialOf(round int, name string, elapsed time.Duration) results.Trial {
	half := elapsed.Nanoseconds() / 2
	t := results.Trial{Round: round, Contender: name, Outcome: results.OK, ElapsedNS: elapsed.Nanoseconds()}
	for i := range 2 {
		t.Requests = append(t.Requests, results.Request{
			Index: i, Class: results.ClassOK, Status: 200, Attempts: 1, Bytes: 50, StartNS: int64(i) * half, ServiceNS: half,
		})
	}
	t.Tally = t.Count(2)
	return t
}

// begin creates the journal of a run in the folder.
func begin(t testing.TB, dir string, h results.Header) *results.Journal {
	t.Helper()
	j, err := results.Create(filepath.Join(dir, h.ID+".jsonl"), h)
	must(t, err)
	return j
}

// finished writes a complete run of eight rounds in which contender i takes
// 100 ms / (1 + i), and a little more each round.
func finished(t testing.TB, dir string, h results.Header) {
	t.Helper()
	j := begin(t, dir, h)
	for round := range h.Design.Rounds {
		for i, c := range h.Contenders {
			took := trialOf(round, c.Name, (100*time.Millisecond+time.Duration(round)*time.Millisecond)/time.Duration(1+i))
			took.Position = i
			must(t, j.Append(&took))
		}
	}
	must(t, j.End(""))
}

// shown is the page of a folder as it answers without a network.
func shown(t testing.TB, dir string) http.Handler {
	t.Helper()
	handler, err := newHandler(dir, usual())
	must(t, err)
	return guard(testPort, handler)
}

// A reply is what the page answered.
type reply struct {
	StatusCode int
	Status     string
	Header     http.Header
	text       string
}

// ask asks for a target, in the way that a browser does when its user types it.
func ask(t testing.TB, page http.Handler, method, target string, change ...func(*http.Request)) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, "http://"+testHost+target, http.NoBody)
	must(t, err)
	for _, c := range change {
		c(request)
	}
	w := httptest.NewRecorder()
	page.ServeHTTP(w, request)
	return reply{StatusCode: w.Code, Status: http.StatusText(w.Code), Header: w.Header(), text: w.Body.String()}
}

// served starts the page on loopback and returns where it is. It ends with the test,
// and must then leave nothing behind.
func served(t *testing.T, dir string, l limits) string {
	t.Helper()
	address, err := ParseAddress("127.0.0.1:0")
	must(t, err)
	server, err := Listen(t.Context(), address, dir)
	must(t, err)
	server.limits = l
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		must(t, <-ended)
	})
	return strings.TrimSuffix(server.URL(), "/")
}

// must ends the test on an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
