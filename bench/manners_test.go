package bench

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// The addresses of a host that is not private and of one that is.
const (
	elsewhere = "192.0.2.1"
	inside    = "10.0.0.7"
)

// visit opens a plan of one host at an address: n requests one after the other, the
// given number of rounds without warm-up and without a pause.
func (f *faraway) visit(t *testing.T, address string, n, rounds int, change func(*Plan)) *Experiment {
	t.Helper()
	f.addresses = []string{address + ":80"}
	p := planFor(t, "http://host.test/")
	p.Contenders, p.Requests, p.Rounds, p.Warmup, p.Pause = []string{"sequential"}, n, rounds, 0, 0
	if change != nil {
		change(&p)
	}
	return f.open(t, p, phoneBook(map[string][]string{"host.test": {address}}))
}

// TestR65RetryAfterPausesBetweenTrials: the first answer of the first trial asks for
// patience. The other requests of that trial are made at once, and the next trial
// begins when the pause is over, to the nanosecond of virtual time.
func TestR65RetryAfterPausesBetweenTrials(t *testing.T) {
	for _, c := range []struct {
		name, address string
		status        int
		value         string
		pause         time.Duration // between trials, by the plan
		want          time.Duration // before the second trial; 0 for none
	}{
		{"seconds", elsewhere, 429, "7", 0, 7 * time.Second},
		{"unavailable", elsewhere, 503, "7", 0, 7 * time.Second},
		{"longer than a run waits", elsewhere, 429, "99999999999", 0, longestPatience},
		{"garbage", elsewhere, 429, "banana", 0, 0},
		{"negative", elsewhere, 429, "-1", 0, 0},
		{"another status", elsewhere, 500, "7", 0, 0},
		{"less than the plan's pause", elsewhere, 429, "7", time.Minute, 0},
		{"private", inside, 429, "7", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var seen atomic.Int64
				f := &faraway{handler: func(w http.ResponseWriter, _ *http.Request) {
					if seen.Add(1) == 1 {
						w.Header().Set("Retry-After", c.value)
						w.WriteHeader(c.status)
					}
				}}
				e := f.visit(t, c.address, 3, 3, func(p *Plan) { p.Pause = Duration(c.pause) })
				list, err := f.run(t, e)
				if err != nil || len(list) != 3 {
					t.Fatalf("%d trials, %v", len(list), err)
				}
				if list[0].ElapsedNS != 0 || list[0].Tally.Attempts != 3 {
					t.Errorf("the trial that was asked for patience took %v for %d requests", time.Duration(list[0].ElapsedNS), list[0].Tally.Attempts)
				}
				checkPause(t, list, c.want)
			})
		})
	}
}

// checkPause looks at the wait before the second of three trials.
func checkPause(t *testing.T, list []results.Trial, want time.Duration) {
	t.Helper()
	if list[0].Pause != nil || list[2].Pause != nil {
		t.Errorf("pauses %+v and %+v around the one", list[0].Pause, list[2].Pause)
	}
	p := list[1].Pause
	switch {
	case want == 0 && p != nil:
		t.Errorf("a pause of %+v", p)
	case want == 0:
	case p == nil || p.Host != "host.test" || p.NS != want.Nanoseconds() || p.AskedNS < p.NS:
		t.Errorf("the pause is %+v, want %v", p, want)
	case list[1].StartNS-list[0].StartNS != want.Nanoseconds():
		t.Errorf("the next trial began %v later, want %v", time.Duration(list[1].StartNS-list[0].StartNS), want)
	}
}

// TestR65APauseEndsWithTheRun: the limit of the run does not wait for a host.
func TestR65APauseEndsWithTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &faraway{handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "25")
			w.WriteHeader(http.StatusTooManyRequests)
		}}
		begun := time.Now()
		list, err := f.run(t, f.visit(t, elsewhere, 1, 3, func(p *Plan) { p.Limits.Run = Duration(10 * time.Second) }))
		if !errors.Is(err, ErrRunLimit) || len(list) != 1 || time.Since(begun) != 10*time.Second {
			t.Errorf("%d trials and %v after %v", len(list), err, time.Since(begun))
		}
	})
}

// TestR65AHostThatKeepsFailingIsLeftInPeace after 20 requests in a row, over trials
// and whatever the failure; a private one is not, nor one that answers between.
func TestR65AHostThatKeepsFailingIsLeftInPeace(t *testing.T) {
	const n, rounds = 7, 6
	for _, c := range []struct {
		name, address string
		good          int64 // every so manieth answer is well
		keepGoing     bool
		want          int64 // requests that arrive
	}{
		{"not private", elsewhere, 0, false, 20},
		{"private", inside, 0, false, n * rounds},
		{"keep going", elsewhere, 0, true, n * rounds},
		{"one in twenty", elsewhere, 20, false, n * rounds},
		{"one in twenty-one", elsewhere, 21, false, 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var seen atomic.Int64
				f := &faraway{handler: func(w http.ResponseWriter, _ *http.Request) {
					if i := seen.Add(1); c.good == 0 || i%c.good != 0 {
						w.WriteHeader(http.StatusNotFound)
					}
				}}
				list, err := f.run(t, f.visit(t, c.address, n, rounds, func(p *Plan) { p.Limits.KeepGoing = c.keepGoing }))
				if seen.Load() != c.want || errors.Is(err, ErrHostFails) != (c.want == 20) {
					t.Fatalf("%d requests arrived, want %d; %v", seen.Load(), c.want, err)
				}
				if c.want != 20 {
					return
				}
				last := list[len(list)-1]
				if len(list) != 3 || last.Outcome != results.Aborted || last.Tally.Failed != 6 || last.Tally.NotStarted != 1 {
					t.Errorf("%d trials, the last %s: %+v", len(list), last.Outcome, last.Tally.Count)
				}
				if want := "stopped: " + ErrHostFails.Error() + ": host.test, the last with http_4xx"; err.Error() != want {
					t.Errorf("the reason is %q, want %q", err, want)
				}
			})
		})
	}
}

// TestR65EveryFailureCounts but a cancelled request, which says nothing of the host:
// here nobody listens there.
func TestR65EveryFailureCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &faraway{handler: func(http.ResponseWriter, *http.Request) {}}
		e := f.visit(t, elsewhere, 30, 1, nil)
		b := newBorder(&Footprint{Hosts: []Load{{Host: "host.test", Foreign: true}}}, true)
		b.connect = func(_ context.Context, _, _ string, allow func(string) error) (net.Conn, error) {
			return nil, errors.Join(allow(elsewhere+":80"), syscall.ECONNREFUSED)
		}
		var err error
		if e.target, err = e.plan.open(t.Context(), "test", b, e.contenders); err != nil {
			t.Fatal(err)
		}
		list, err := f.run(t, e)
		if !errors.Is(err, ErrHostFails) || list[0].Tally.Failed != 20 || list[0].Tally.Failures[0].Class != string(client.ClassRefused) {
			t.Errorf("%v, %+v", err, list)
		}
	})
	n := &neighbour{host: "host.test"}
	n.foreign.Store(true)
	stopped := 0
	m := &manners{stop: func(error) { stopped++ }}
	for range 19 {
		m.note(n, &client.Outcome{Class: client.ClassOther})
	}
	for range 100 {
		m.note(n, &client.Outcome{Class: client.ClassCancelled})
	}
	if stopped != 0 {
		t.Error("cancelled requests count as failures")
	}
	if m.note(n, &client.Outcome{Class: client.ClassOther}); stopped != 1 {
		t.Error("the twentieth failure does not end the run")
	}
}
