package bench_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
)

// endpoints is a server that is none of ours, and what it sees: requests with an
// id, requests by another program than this, and connections that are open.
type endpoints struct {
	*httptest.Server
	named, strange atomic.Int64
	opened, open   atomic.Int64
	// closed has something in it when a connection was closed.
	closed chan struct{}
}

func newEndpoints(t *testing.T) *endpoints {
	t.Helper()
	e := &endpoints{closed: make(chan struct{}, 1)}
	e.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Request-Id") != "" {
			e.named.Add(1)
		}
		if !strings.HasPrefix(r.UserAgent(), "fetchbench (+https://") {
			e.strange.Add(1)
		}
		_, _ = w.Write([]byte("hello"))
	}))
	e.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			e.opened.Add(1)
			e.open.Add(1)
		case http.StateClosed:
			e.open.Add(-1)
			select {
			case e.closed <- struct{}{}:
			default:
			}
		}
	}
	e.Start()
	t.Cleanup(e.Close)
	return e
}

// quiet waits until no connection is open. Only a leak takes seconds.
func (e *endpoints) quiet(t *testing.T) {
	t.Helper()
	leak := time.After(10 * time.Second)
	for e.open.Load() > 0 {
		select {
		case <-e.closed:
		case <-leak:
			t.Fatalf("%d connections are open", e.open.Load())
		}
	}
}

// Of real endpoints there is only our side to tell. They are sent no id, and when
// a trial with fresh connections is over its connections are closed.
func TestRealEndpoints(t *testing.T) {
	e := newEndpoints(t)
	p, err := bench.Defaults("")
	if err != nil {
		t.Fatal(err)
	}
	p.URLs = []bench.Request{{URL: e.URL + "/a"}, {URL: e.URL + "/b", Method: "POST", Body: "x"}}
	p.Requests, p.Rounds, p.Pause = 5, 3, 0
	opened := 0
	for trial, err := range bench.Run(t.Context(), p) {
		if err != nil {
			t.Fatal(err)
		}
		tally := &trial.Tally
		if trial.Outcome != results.OK || tally.OK != 5 || tally.Bytes != 25 || trial.Seen != nil {
			t.Errorf("%s: %q with %+v, %d bytes, upstream %+v", trial.Contender, trial.Outcome, tally.Count, tally.Bytes, trial.Seen)
		}
		opened += tally.Opened
		e.quiet(t)
	}
	if e.named.Load() > 0 || e.strange.Load() > 0 {
		t.Errorf("%d requests had an id, %d another User-Agent", e.named.Load(), e.strange.Load())
	}
	// A dial that was given up may have arrived, but none is counted that did not.
	// Each of 4 trials of 2 contenders opens at least one.
	if seen := int(e.opened.Load()); seen < opened || opened < 8 {
		t.Errorf("%d connections arrived, %d were reported", seen, opened)
	}
}

// Nobody listens: each trial is complete, with the failures in it, and the run
// goes to its end.
func TestEndpointsThatRefuse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p, err := bench.Defaults("")
	if err != nil {
		t.Fatal(err)
	}
	p.URLs = []bench.Request{{URL: "http://" + l.Addr().String()}}
	p.Requests, p.Rounds, p.Pause = 4, 2, 0
	_ = l.Close()
	list, err := trials(t.Context(), t, p)
	if err != nil || len(list) != 6 {
		t.Fatalf("%d trials and error %v, want 2 contenders x (1 warm-up + 2)", len(list), err)
	}
	for _, trial := range list {
		f := trial.Tally.Failures
		if trial.Outcome != results.Failed || trial.Tally.Failed != 4 || len(f) != 1 || f[0].Class != "refused" || f[0].Count != 4 || f[0].Text == "" {
			t.Errorf("%s: %q with %+v", trial.Contender, trial.Outcome, f)
		}
	}
}

// written is a file with the content.
func written(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
