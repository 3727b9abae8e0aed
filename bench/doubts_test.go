package bench_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// Unruly is a contender elsewhere that has records of everything, and does not do what
// it was asked for.
type unruly struct {
	kind  string
	limit int
	kept  *client.Client
}

func (u *unruly) String() string                       { return u.kind }
func (u *unruly) Limit(n int) int                      { return min(n, u.limit) }
func (u *unruly) Start(context.Context) results.Column { return results.Column{} }

// Fetch sends the batch at once, in the way of its kind.
func (u *unruly) Fetch(ctx context.Context, b *bench.Batch) error {
	list := make([]bench.Claim, b.Planned())
	if u.kept == nil {
		config := b.Config
		config.InFlight = b.Planned()
		u.kept = client.New(config)
	}
	switch u.kind { // what it opens before the clock starts
	case "keeps":
		u.send(ctx, b, make([]bench.Claim, len(list)))
	case "keeps one":
		u.send(ctx, b, make([]bench.Claim, 1))
	}
	err := b.Elsewhere(ctx, func(ctx context.Context) error {
		if u.kind == "early" {
			time.Sleep(2 * time.Millisecond)
			return nil
		}
		u.send(ctx, b, list)
		if u.kind == "twice" {
			u.send(ctx, b, list)
		}
		return nil
	})
	if u.kind == "early" {
		u.send(ctx, b, list)
		for i := range list {
			list[i].Start, list[i].End = 0, b.Elapsed()
		}
	}
	if err != nil {
		return err
	}
	return b.Claim(list)
}

// send fetches the batch, or one URL of it under the ids of all.
func (u *unruly) send(ctx context.Context, b *bench.Batch, list []bench.Claim) {
	begun := time.Now()
	_ = fetchers.Goroutines{}.Run(ctx, len(list), func(ctx context.Context, i int) error {
		r := b.Request(i)
		if u.kind == "same" {
			r.URL = b.Request(0).URL
		}
		start := time.Since(begun)
		o := u.kept.Fetch(ctx, r)
		if u.kind == "misquotes" && i > 2 { // the class is what the harness makes of the status
			o.Status, o.Class = http.StatusInternalServerError, client.ClassHTTP5xx
		}
		list[i] = bench.Claim{Start: start, End: time.Since(begun), Outcome: o}
		return nil
	})
}

// What was asked for is held against what the upstream saw, where bodies are read and
// where they are not.
func TestContenderElsewhereDoesAsAsked(t *testing.T) {
	for _, c := range []struct {
		kind, body string
		limit      int
		differs    string
	}{
		{"honest", bench.BodyRead, 10, ""},
		{"honest", bench.BodyHeaders, 10, ""},
		{"eager", bench.BodyRead, 1, "it was asked for at most 1 in flight, the upstream had 10 at once"},
		{"keeps", bench.BodyRead, 10, "10 of 10 requests came over connections that it had kept, and it was to open new ones"},
		{"keeps one", bench.BodyRead, 10, "1 of 10 requests came over connections that it had kept, and it was to open new ones"},
		{"same", bench.BodyRead, 10, "it asked for 1 of 10 endpoints as often as the batch does"},
		{"twice", bench.BodyRead, 10, "10 requests arrived and were not reported; requests were there for 1s in all, their latencies add up to 500ms"},
		{"misquotes", bench.BodyRead, 10, "7 answers with status 500 were reported, 0 were given"},
		{"early", bench.BodyRead, 10, "10 requests arrived after the trial ended"},
		{"early", bench.BodyHeaders, 10, "requests came over 50ms, the trial took 2ms"},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := inMemory(t, "constant")
			p.Rounds, p.Warmup, p.Body = 1, 0, c.body
			u := &unruly{kind: c.kind, limit: c.limit}
			list, err := trials(t.Context(), t, p, u)
			if err != nil || len(list) != 1 {
				t.Fatalf("%s: %d trials, %v", c.kind, len(list), err)
			}
			u.kept.Close()
			trial := &list[0]
			said := strings.Join(trial.Seen.Differs, "; ")
			if !strings.Contains(said, c.differs) || (said == "") != (c.differs == "") {
				t.Errorf("%s, %s: the upstream says %q, want %q", c.kind, c.body, said, c.differs)
			}
			if c.differs != "" {
				lied(t, c.kind, trial)
			}
			if refuted := trial.Claimed.Broken == results.ClassLying; refuted != (c.differs != "") || refuted == (trial.Outcome == results.OK) {
				t.Errorf("%s, %s: %s, %+v", c.kind, c.body, trial.Outcome, trial.Claimed)
			}
		})
	}
}

// lied checks that all requests of a trial count as lies, and that no complaint says that
// all is as it should be.
func lied(t *testing.T, kind string, trial *results.Trial) {
	t.Helper()
	if f := trial.Tally.Failures; len(f) != 1 || f[0].Class != results.ClassLying || f[0].Count != 10 {
		t.Errorf("%s: failures %+v, want ten lies", kind, f)
	}
	if said := strings.Join(trial.Seen.Differs, "; "); strings.Contains(said, "10 of 10 endpoints") {
		t.Errorf("%s: %q", kind, said)
	}
}
