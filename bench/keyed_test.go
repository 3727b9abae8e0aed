package bench_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/results"
)

// How many perhost may have in flight depends on how many hosts the plan has: that is
// what it asks for, and what its connections and its ideal are made for.
func TestPerHostAsksForAllHosts(t *testing.T) {
	p := inForm(t, "", "fast", "perhost:2")
	p.Upstream = bench.Upstream{}
	for i := range 9 {
		p.URLs = append(p.URLs, bench.Request{URL: fmt.Sprintf("http://h%d.invalid/%d", i%3, i)})
	}
	list, err := p.Resolve()
	if err != nil || list[0].Limit(9) != 6 {
		t.Fatalf("error %v, limit %d, want 6: two for each of three hosts", err, list[0].Limit(9))
	}
	p.URLs = p.URLs[:1]
	p.Requests = 9
	if list, err = p.Resolve(); err != nil || list[0].Limit(9) != 2 {
		t.Errorf("error %v, limit %d, want 2 for one host", err, list[0].Limit(9))
	}
}

// A rate has its time within the deadline of a trial: 25 requests at 20/s begin over
// 1.2 s, where ten times the timeout is one second.
func TestARateHasItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "constant", "paced:20/s", "pool:4+limit:20/s")
		p.Requests, p.Limits.Timeout = 25, bench.Duration(100*time.Millisecond)
		p.Rounds, p.Warmup = 1, 0
		list, err := trials(t.Context(), t, p)
		if err != nil {
			t.Fatal(err)
		}
		if trial := list[0]; trial.Contender == "paced:20/s" && trial.Outcome != results.OK {
			t.Errorf("%s is %q: %+v", trial.Contender, trial.Outcome, trial.Tally.Count)
		}
		for _, trial := range list {
			if trial.Tally.NotStarted > 0 {
				t.Errorf("%s did not begin %d", trial.Contender, trial.Tally.NotStarted)
			}
		}
	})
}

// A request that gives up on a shared fetch leaves its attempts to another, which has
// another id: as many arrived as were reported, only not by the same name.
func TestSharedAttemptsAddUp(t *testing.T) {
	p := inForm(t, bench.FormServer, "exponential", "paced:1000/s+dedup", "goroutines+dedup+hedge:20ms+retry:2")
	p.Requests, p.Limits.Timeout, p.Rounds = 200, bench.Duration(60*time.Millisecond), 2
	list, err := trials(t.Context(), t, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range list {
		if len(trial.Seen.Differs) > 0 || trial.Tally.Shared == 0 {
			t.Errorf("%s: %d shared, the upstream saw %+v", trial.Contender, trial.Tally.Shared, trial.Seen)
		}
	}
}

// An upstream with a certificate of its own is trusted by a file of its authority's.
func TestAuthorityFile(t *testing.T) {
	profile, err := upstream.Lookup("fast")
	if err != nil {
		t.Fatal(err)
	}
	server, err := upstream.Serve("", profile, upstream.Options{Secure: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	p := inForm(t, "", "fast", "pool:4", "pool:4@h2")
	p.Upstream, p.Authority, p.Rounds = bench.Upstream{}, written(t, server.CA()), 1
	for _, u := range server.SecureURLs()[:8] {
		p.URLs = append(p.URLs, bench.Request{URL: u})
	}
	list, err := trials(t.Context(), t, p)
	if err != nil || len(list) != 2 || list[0].Tally.OK != 8 || list[1].Tally.OK != 8 {
		t.Fatalf("error %v with %+v", err, list)
	}
	p.Authority = ""
	if list, err = trials(t.Context(), t, p); err != nil || list[0].Tally.Failures[0].Class != "tls_certificate" {
		t.Errorf("without the file: error %v, %+v", err, list[0].Tally)
	}
}
