package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// What fails in the warm-up is told when it has ended and not half an hour later, and in
// the end which one of the batch it was that left the run without a number. A warm-up
// without a failure says nothing.
func TestTheOneThatFailsIsNamed(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/gone" {
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer server.Close()
	counts := "the warm-up had %d failed requests of %d"
	which := ": request 2 (" + server.URL + "/gone) failed in 4 of 4 trials"
	for _, c := range []struct {
		last, warmup string
		warned       string
		want         bool
	}{
		{"/gone", "1", fmt.Sprintf(counts, 2, 6) + "; ", true},
		{"/gone", "2", fmt.Sprintf(counts, 4, 12) + which + "; ", true},
		{"/c", "2", "warm-up had", false},
	} {
		code, _, said := command("run", server.URL+"/a", server.URL+"/b", server.URL+c.last, "-r", "2", "--warmup", c.warmup, "--pause", "1ms")
		for _, line := range []string{
			c.warned, "fetchbench: warning: request 2 (" + server.URL + "/gone) failed in 4 of 4 trials; no other did, ",
		} {
			if strings.Contains(said, line) != c.want || (code == exitInvalid) != c.want {
				t.Errorf("%s: exit code %d, want %v %q in\n%s", c.last, code, c.want, line, said)
			}
		}
	}
}

// Where chance decides what fails, nothing is to blame, however it turned out; nor is an
// address of the batch for what a whole route did.
func TestNoAddressIsBlamedForOthers(t *testing.T) {
	for name, c := range map[string]struct {
		embedded, route string
		want            bool
	}{
		"steady":     {embedded: "constant", want: true},
		"elsewhere":  {want: true},
		"at random":  {embedded: "flaky"},
		"hanging up": {embedded: "failing"},
		"a route":    {route: "http://h/page"},
	} {
		w := newWarmth(results.Header{
			Target:     results.Target{URLs: []string{"http://h/0", "http://h/1"}, Requests: 2, Embedded: c.embedded},
			Contenders: []results.Column{{Name: "sequential", Route: c.route}},
		})
		for _, round := range []int{-2, -1} {
			trial := &results.Trial{Round: round, Contender: "sequential", Outcome: results.Failed, Requests: []results.Request{{Class: "http_503"}, {Index: 1, Class: results.ClassOK}}}
			trial.Tally.Count = results.Count{Planned: 2, OK: 1, Failed: 1}
			w.add(trial)
		}
		if got := w.line(); strings.Contains(got, "(http://h/0) failed in 2 of 2 trials") != c.want || !strings.Contains(got, "had 2 failed requests of 4") {
			t.Errorf("%s: %q", name, got)
		}
	}
}
