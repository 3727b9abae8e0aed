package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/results"
)

// settle is how long the upstream gets to see the end of what the client has
// already read to its end.
const settle = 2 * time.Second

// seen asks the embedded upstream what it saw of a trial and holds it against
// what the harness recorded. A difference is said, never smoothed over.
func (t *target) seen(ctx context.Context, trial *results.Trial, contender int) (*results.Seen, error) {
	if t.embedded == nil {
		return nil, nil
	}
	counts, err := t.counts(ctx)
	if err != nil {
		return nil, fmt.Errorf("counts of the embedded upstream: %w", err)
	}
	s := &results.Seen{
		Requests:    counts.Requests.Started,
		Connections: counts.Connections.Opened,
		Flight:      counts.InFlightMean(),
		Max:         counts.InFlight.Max,
	}
	s.Differs = differences(counts, trial, contender)
	return s, nil
}

// counts waits until nothing is in flight any more and returns the counts.
func (t *target) counts(ctx context.Context) (upstream.Counts, error) {
	for end := time.Now().Add(settle); ; {
		counts, err := t.embedded.Counts(ctx)
		if err != nil || counts.InFlight.Now == 0 || time.Now().After(end) {
			return counts, err
		}
		time.Sleep(time.Millisecond)
	}
}

// differences names what the upstream and the records of a trial disagree on.
// A request that failed on its way may have been counted as sent and never have
// arrived whole, so a failed one may be missing there; nothing may be there that
// was not sent, and what was answered must be there.
func differences(counts upstream.Counts, trial *results.Trial, contender int) []string {
	var lost, extra int
	for i := range trial.Requests {
		r := &trial.Requests[i]
		id := upstream.ID{Round: trial.Round, Contender: contender, Index: r.Index}
		seen := counts.IDs[id]
		delete(counts.IDs, id)
		switch {
		case seen > r.Attempts:
			extra += seen - r.Attempts
		case seen < r.Attempts && r.Class == results.ClassOK:
			lost += r.Attempts - seen
		}
	}
	for _, n := range counts.IDs {
		extra += n
	}
	extra += counts.Requests.Unnamed
	var out []string
	if lost > 0 {
		out = append(out, fmt.Sprintf("%d requests were reported and never arrived", lost))
	}
	if extra > 0 {
		out = append(out, fmt.Sprintf("%d requests arrived and were not reported", extra))
	}
	if opened := counts.Connections.Opened; opened > trial.Tally.Opened {
		out = append(out, fmt.Sprintf("%d connections arrived, %d were reported", opened, trial.Tally.Opened))
	}
	return out
}
