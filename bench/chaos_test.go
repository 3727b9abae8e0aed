package bench

import (
	"context"
	"net"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/fetchbench/fetchbench/results"
)

// A faultyDialer fails the dial of one number, and counts all.
type faultyDialer struct {
	open  func(ctx context.Context, network, addr string) (net.Conn, error)
	at    int64
	err   error
	count int64 // written by one goroutine at a time: those of a bubble with one slot
}

// dial is that of an upstream, or its failure.
func (d *faultyDialer) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if d.count++; d.count == d.at {
		return nil, &net.OpError{Op: "dial", Net: network, Err: d.err}
	}
	return d.open(ctx, network, addr)
}

// faultyRun makes a run whose dial number k fails, and returns its trials and how
// many dials there were.
func faultyRun(t *testing.T, spec string, k int64, err error) (list []results.Trial, dials int64) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p, _ := Defaults("constant") // which is in the list
		p.Upstream.Form, p.Contenders = FormMemory, []string{spec}
		p.Requests, p.Rounds, p.Warmup, p.Seed = 4, 2, 0, 7
		e, openErr := Open(t.Context(), p, Tool{})
		if openErr != nil {
			t.Fatal(openErr)
		}
		d := &faultyDialer{open: e.target.dials.open, at: k, err: err}
		e.target.dials.open = d.dial
		for trial, err := range e.Trials(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, trial)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		dials = d.count
	})
	return list, dials
}

// TestR1ChaosEveryDialFails: whichever dial of a run fails, and for whatever reason,
// its request has the class of the reason, every other one is answered, the upstream
// saw what was reported, and the run goes on. A retry makes up for what was the
// upstream's fault; this machine's own want is no better a moment later.
func TestR1ChaosEveryDialFails(t *testing.T) {
	classes := map[string]error{
		"refused": syscall.ECONNREFUSED, "reset": syscall.ECONNRESET,
		"local_fds": syscall.EMFILE, "local_ports": syscall.EADDRNOTAVAIL,
	}
	for _, spec := range []string{"sequential@h1-nokeepalive", "sequential", "sequential@fasthttp", "sequential@h2c", "sequential+retry:1@h1-nokeepalive"} {
		_, dials := faultyRun(t, spec, 0, nil)
		if dials == 0 {
			t.Fatalf("%s dials nothing", spec)
		}
		for class, reason := range classes {
			for k := int64(1); k <= dials; k++ {
				list, _ := faultyRun(t, spec, k, reason)
				checkFaulty(t, spec, class, list)
			}
		}
	}
}

// checkFaulty wants one failure of the class among all requests, or none where a
// retry is of use.
func checkFaulty(t *testing.T, spec, class string, list []results.Trial) {
	t.Helper()
	var all results.Count
	failed := map[string]int{}
	for _, trial := range list {
		all.Add(trial.Tally.Count)
		for _, f := range trial.Tally.Failures {
			failed[f.Class] += f.Count
		}
		if len(trial.Seen.Differs) > 0 {
			t.Errorf("%s, %s: %q", spec, class, trial.Seen.Differs)
		}
	}
	want := results.Count{Planned: 8, OK: 7, Failed: 1}
	if strings.Contains(spec, "retry") && !strings.HasPrefix(class, "local") {
		want = results.Count{Planned: 8, OK: 8}
	}
	if all != want || failed[class] != want.Failed {
		t.Errorf("%s, %s: %+v and failures %v, want %+v", spec, class, all, failed, want)
	}
}
