package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// Elsewhere is a contender whose requests are made by somebody else: a program, a
// child process, a web app. It dials by itself, where no policy, no limit and no
// check of addresses of this process can reach it; its Fetch goes through
// Batch.Elsewhere. Everything else about its trials is as for the others.
type Elsewhere interface {
	Contender
	// Start is called once, before the first trial and after everything was agreed to,
	// and says what the header has of the contender. One that cannot start says so in
	// its trials, as Broken, so that the other contenders go on.
	Start(ctx context.Context) results.Column
}

// Unknown as what a Column has asked for says that nobody knows: the header has 0.
const Unknown = -1

// A Claim is what the maker of a request says of it. Nothing of it is believed where
// the harness knows better: the makespan is the harness's own, and an embedded
// upstream is asked about every id.
type Claim struct {
	// Start and End count from the beginning of the timed span, by the maker's clock.
	Start, End time.Duration
	// Outcome is as from a client of this project. Attempts below 1 are taken for the
	// one that there must have been.
	Outcome client.Outcome
}

// Broken is the error of a Fetch whose contender broke: there is nothing to measure,
// and every request of the trial counts as failed with its class. The run goes on.
type Broken struct {
	Class string
	Err   error
	// Said is what the contender last said by itself, which may repeat anything.
	Said string
}

// Error is what broke, and how.
func (b *Broken) Error() string { return fmt.Sprintf("%s: %v", b.Class, b.Err) }

// Unwrap returns how it broke.
func (b *Broken) Unwrap() error { return b.Err }

// Elsewhere times send, which has the requests of the batch made by somebody else:
// the clock starts just before it and stops when it returns. Clocks, counts and the
// deadline of the trial are those of Measure, and so is what comes after that. Who made the requests may then tell of
// them with Claim; of those it does not tell nothing is known but the makespan.
func (b *Batch) Elsewhere(ctx context.Context, send func(context.Context) error) error {
	b.noted.claimed = &results.Claimed{}
	if err := b.edges.before(); err != nil {
		return err
	}
	b.clock.start = time.Now()
	err := send(ctx)
	b.clock.elapsed = time.Since(b.clock.start)
	b.edges.after()
	b.noted.ended = b.side.arrived(ctx)
	return err
}

// Claim hands in one record for each request of a batch that was made elsewhere, in
// the order of the batch. It is for after Elsewhere has returned.
func (b *Batch) Claim(claims []Claim) error {
	if b.noted.claimed == nil || len(claims) != len(b.slots) {
		return fmt.Errorf("%d records for %d requests", len(claims), len(b.slots))
	}
	b.noted.claimed.Records = true
	for i := range claims {
		s := &b.slots[i]
		s.start, s.end, s.outcome = claims[i].Start, claims[i].End, claims[i].Outcome
		s.outcome.Attempts = max(1, s.outcome.Attempts)
		s.called.Store(true)
		s.done.Store(true)
	}
	return nil
}

// Tell notes what a contender says of itself in the trial: its own makespan, its
// processor time. It is for after Elsewhere has returned.
func (b *Batch) Tell(own results.Own) {
	if b.noted.claimed != nil {
		b.noted.claimed.Own = own
	}
}

// Elapsed is the makespan so far measured: 0 before Elsewhere or Measure has returned.
func (b *Batch) Elapsed() time.Duration { return b.clock.elapsed }

// Planned is how many requests the trial has, those of repeated batches included.
func (b *Batch) Planned() int { return len(b.slots) }

// Timeout bounds each request.
func (b *Batch) Timeout() time.Duration { return b.Config.Timeout }

// Request is the request with this number among those that are Planned.
func (b *Batch) Request(i int) client.Request {
	return b.request(i/len(b.Requests)*len(b.Requests), i%len(b.Requests))
}

// Warming is the id for requests that are sent before the clock starts; calling it
// counts one of them.
func (b *Batch) Warming() string {
	b.aside.attempts++
	return b.aside.id
}

// elsewhere makes of a trial whose requests were made by somebody else what the
// journal has of it, where err is that of its Fetch. Without records there is one
// account for all requests.
func (b *Batch) elsewhere(t *results.Trial, err error, told func(class, text string) string) {
	t.Claimed = b.noted.claimed
	var broken *Broken
	if errors.As(err, &broken) {
		if t.Claimed == nil { // it broke before its clock began
			t.Claimed = &results.Claimed{}
		}
		t.Claimed.Broken, t.Claimed.Records = broken.Class, false
		if broken.Said != "" {
			t.Claimed.Said = told(string(client.ClassOther), broken.Said)
		}
	}
	if t.Claimed == nil || t.Claimed.Records {
		return
	}
	planned := len(b.slots)
	t.Requests, t.Tally = nil, results.Tally{Count: results.Count{Planned: planned, OK: planned}}
	switch {
	case broken == nil && err != nil: // cut short, by the deadline or with the run
		t.Tally.OK, t.Tally.Cancelled = 0, planned
	case broken != nil:
		t.Tally.OK, t.Tally.Failed = 0, planned
		t.Tally.Failures = []results.Failure{{
			Class: broken.Class, Count: planned, AtNS: t.ElapsedNS, Text: told(broken.Class, broken.Err.Error()),
		}}
	}
}

// observe takes from the upstream what it knows better of a trial made elsewhere: how
// many requests were in flight, and without records how many there were.
func observe(trial *results.Trial, counts upstream.Counts) {
	if trial.Claimed == nil {
		return
	}
	trial.Tally.Flight.Mean, trial.Tally.Flight.Max = counts.InFlightMean(), counts.InFlight.Max
	if !trial.Claimed.Records {
		trial.Tally.Attempts, trial.Tally.Bytes = counts.Requests.Started, counts.Bytes
	}
}

// claimed names what an upstream has to say against claims, besides what it has to say
// against records: answers that it never gave, and bytes that it did not send.
func claimed(counts upstream.Counts, trial *results.Trial) (out []string) {
	said := map[int]int{}
	for i := range trial.Requests {
		if r := &trial.Requests[i]; r.Status != 0 {
			said[r.Status]++
		}
	}
	for status, n := range said {
		if gave := counts.Statuses[status]; n > gave {
			out = append(out, fmt.Sprintf("%d answers with status %d were reported, %d were given", n, status, gave))
		}
	}
	if trial.Tally.Bytes > counts.Bytes {
		out = append(out, fmt.Sprintf("%d bytes were reported, %d were sent", trial.Tally.Bytes, counts.Bytes))
	}
	if all := trial.Tally.OK == trial.Tally.Planned && counts.Requests.Started == trial.Tally.Planned; all && trial.Tally.Bytes < counts.Bytes {
		out = append(out, fmt.Sprintf("%d bytes were reported of answers with %d", trial.Tally.Bytes, counts.Bytes))
	}
	return out
}
