package bench_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
)

// Three URLs whose first byte takes 390 ms and whose body 750 ms more: one after the
// other that is 3.42 s or, after the headers, 1.17 s; at once 1.14 s or 0.39 s. What
// is compared does the same work either way, and both times are in the records. A
// comparison of the two modes with each other, as that of a view that returns after
// the headers with one that reads, would say 8.8x for three URLs.
func TestBodyIsReadByAllOrByNone(t *testing.T) {
	const first, body = 390 * time.Millisecond, 750 * time.Millisecond
	for mode, per := range map[string]time.Duration{"": first + body, bench.BodyRead: first + body, bench.BodyHeaders: first} {
		for _, form := range []string{bench.FormMemory, bench.FormMock} {
			synctest.Test(t, func(t *testing.T) {
				p := inMemory(t, "slow-body", "sequential", "goroutines")
				p.Upstream.Form, p.Body, p.Rounds, p.Warmup = form, mode, 1, 0
				list, err := trials(t.Context(), t, p)
				if err != nil {
					t.Fatal(err)
				}
				for i := range list {
					trial, want := &list[i], per
					if trial.Contender == "sequential" {
						want *= 3
					}
					if got := time.Duration(trial.ElapsedNS); got != want || trial.Outcome != results.OK {
						t.Errorf("%s on %s: %s took %v and is %s, want %v", mode, form, trial.Contender, got, trial.Outcome, want)
					}
					if len(trial.Seen.Differs) > 0 || trial.Seen.Requests != 3 {
						t.Errorf("%s on %s: %+v", mode, form, trial.Seen)
					}
					parts(t, mode, form, &trial.Requests[0])
				}
			})
		}
	}
}

// parts checks what a record says of the time to the first byte and of the body's.
func parts(t *testing.T, mode, form string, r *results.Request) {
	t.Helper()
	var wait, body, bytes int64 = 390e6, 750e6, 1024
	if mode == bench.BodyHeaders {
		body, bytes = 0, 0
	}
	if r.Bytes != bytes || r.ServiceNS != wait+body || r.Status != 200 {
		t.Errorf("%s on %s: %+v", mode, form, r)
	}
	if form == bench.FormMemory && (r.Phases.WaitNS != wait || r.Phases.BodyNS != body) {
		t.Errorf("%s on %s: the first byte after %d ns, the body after %d more", mode, form, r.Phases.WaitNS, r.Phases.BodyNS)
	}
}

// Over real connections no contender gets another one's saving, whatever it is made
// over; a connection whose answer was not read is not used again.
func TestHeadersOverEveryTransport(t *testing.T) {
	for _, over := range []string{"", "@h1", "@h1-default", "@h2c", "@h2", "@h3", "@fasthttp"} {
		p := inForm(t, bench.FormServer, "slow-body", "sequential"+over)
		p.Upstream.Scale, p.Body, p.Rounds, p.Warmup, p.Connections = 0.1, bench.BodyHeaders, 2, 0, bench.Warm
		list, err := trials(t.Context(), t, p)
		if err != nil || len(list) != 2 {
			t.Errorf("%s: %d trials, %v", over, len(list), err)
			continue
		}
		trial := &list[1]
		if trial.Outcome != results.OK || trial.Tally.OK != 3 || trial.Tally.Bytes != 0 || len(trial.Seen.Differs) > 0 {
			t.Errorf("%s: %s, %+v, %q", over, trial.Outcome, trial.Tally, trial.Seen.Differs)
		}
		shared := over == "@h2c" || over == "@h2" || over == "@h3"
		if reused := trial.Tally.Reused; (reused > 0) != shared {
			t.Errorf("%s: %d requests over connections that were there, %d opened", over, reused, trial.Tally.Opened)
		}
	}
}
