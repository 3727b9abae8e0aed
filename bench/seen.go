package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/results"
)

// settle is how long the upstream gets to see the end of what the client has
// already read to its end, and to accept what the client has opened.
const settle = 2 * time.Second

// seen asks the embedded upstream what it saw of a trial and holds it against
// what the harness recorded. A difference is said, never smoothed over. That the
// run ends meanwhile takes nothing from a trial that was made.
func (t *target) seen(ctx context.Context, trial *results.Trial, contender int, b *Batch) (*results.Seen, error) {
	if b.side.embedded == nil || b.clock.start.IsZero() { // it has counted nothing for a trial that never began
		return nil, nil
	}
	asking, enough := patient(ctx)
	defer enough()
	opened := b.edges.opened
	if trial.Claimed != nil {
		opened = nil // whoever opened them does not say how many
	}
	counts, err := t.counts(asking, b.side, opened)
	if err == nil && b.wanting(trial, counts) {
		counts, err = t.late(asking, b, trial, counts)
	}
	if err != nil {
		return nil, fmt.Errorf("counts of the embedded upstream: %w", err)
	}
	trial.Tally.Opened = b.edges.opened()
	if trial.Claimed != nil {
		trial.Tally.Opened = counts.Connections.Opened
	}
	s := &results.Seen{
		Requests:    counts.Requests.Started,
		Connections: counts.Connections.Opened,
		Flight:      counts.InFlightMean(),
		Max:         counts.InFlight.Max,
		BusyNS:      counts.Busy.Nanoseconds(),
		P99NS:       counts.P99.Nanoseconds(),
	}
	held := counts
	if b.Config.HeadersOnly {
		held = unread(counts, trial)
	}
	switch {
	case trial.Claimed == nil:
		s.Differs = differences(held, trial, contender, b.spare, b.noted.pooled)
	case trial.Claimed.Records:
		s.Differs = append(differences(held, trial, contender, b.spare, false), claimed(held, trial)...)
		misquoted(held, trial)
	}
	s.Differs = append(s.Differs, b.strayed(trial, counts)...)
	observe(trial, counts)
	b.unfetched(trial, counts)
	if trial.Claimed != nil {
		s.Differs = append(s.Differs, b.doubts(held, trial)...)
	}
	return s, nil
}

// unread are counts without what they have of bodies, which nobody reads: how long a
// request is there until the upstream notices that its client has left, and what it had
// sent by then, are no claims of anybody. The span ends with the last headers that left:
// no trial ends before those.
func unread(counts upstream.Counts, trial *results.Trial) upstream.Counts {
	counts.Busy, counts.P99, counts.Span, counts.InFlight.Max = 0, 0, counts.Answered, 0
	counts.Bytes = trial.Tally.Bytes
	return counts
}

// patient is a context that outlives a cancel by settle: a complete trial is worth
// the question, and nobody who typed Ctrl-C waits for an upstream that hangs.
func patient(ctx context.Context) (context.Context, func()) {
	asking, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(settle, cancel) })
	return asking, func() { stop(); cancel() }
}

// reset clears the counts of the embedded upstream for a trial of the round, after it has accepted what
// was opened since they were last asked for, such as connections made warm. A mock
// accepts none.
func (t *target) reset(ctx context.Context, s side, round int) error {
	if s.embedded == nil {
		t.opened = t.dials.since()
		return nil
	}
	if s.within == nil {
		if err := t.settled(ctx, s); err != nil {
			return err
		}
		t.arrived = 0
	}
	t.opened = t.dials.since()
	return s.embedded.Begin(ctx, round)
}

// settled waits for connections that were opened since the upstream was last asked.
func (t *target) settled(ctx context.Context, s side) error {
	if t.dials.quiet() && t.dials.opened.Load() == t.accepted {
		return nil
	}
	before := int64(t.arrived) - t.accepted
	_, err := t.counts(ctx, s, func() int { return int(before + t.dials.opened.Load()) })
	return err
}

// counts waits until nothing is in flight any more and every connection that was
// opened has been accepted, and returns the counts. One that waits to be accepted
// would otherwise turn up in the next trial. Where nobody knows how many were opened
// there is nothing to wait for.
func (t *target) counts(ctx context.Context, s side, opened func() int) (upstream.Counts, error) {
	for end := time.Now().Add(settle); ; {
		quiet, all := t.dials.quiet(), t.dials.opened.Load()
		counts, err := s.embedded.Counts(ctx)
		settled := quiet && counts.InFlight.Now == 0 && (opened == nil || counts.Connections.Opened == opened())
		if err != nil || settled || time.Now().After(end) {
			if s.within == nil {
				t.accepted, t.arrived = all, counts.Connections.Opened
			}
			return counts, err
		}
		time.Sleep(time.Millisecond)
	}
}

// differences names what the upstream and the records of a trial disagree on.
// What was answered must be there, as often as it was sent. A request that failed
// on its way may never have arrived, or have arrived once without the client having
// seen it leave; more often is a resend that nobody reported. What is there of an
// earlier trial is one of those, late. Of the attempts of a request some are spare:
// cancelled in favour of another, they may never have arrived.
func differences(counts upstream.Counts, trial *results.Trial, contender int, spare func(i int) int, pooled bool) []string {
	var all, each visits
	for i := range trial.Requests {
		r := &trial.Requests[i]
		v := visits{most: r.Attempts, seen: counts.IDs[upstream.ID{Round: trial.Round, Contender: contender, Index: r.Index}]}
		switch {
		case r.Class == results.ClassOK || r.Status != 0:
			v.least = r.Attempts - spare(i)
		case r.Class != "":
			v.most = max(1, v.most)
		}
		all.add(v)
		each.lost += max(0, v.least-v.seen)
		each.extra += max(0, v.seen-v.most)
	}
	lost, extra := each.lost, each.extra
	if pooled {
		lost, extra = max(0, all.least-all.seen), max(0, all.seen-all.most)
	}
	extra += counts.Requests.Unnamed
	var out []string
	if lost > 0 {
		out = append(out, fmt.Sprintf("%s %s reported and never arrived", counted(lost, "request"), were(lost)))
	}
	if extra > 0 {
		out = append(out, fmt.Sprintf("%s arrived and %s not reported", counted(extra, "request"), were(extra)))
	}
	if opened := counts.Connections.Opened; opened != trial.Tally.Opened {
		out = append(out, fmt.Sprintf("%s arrived, %d %s reported", counted(opened, "connection"), trial.Tally.Opened, were(trial.Tally.Opened)))
	}
	late := counts.Requests.Started - counts.Requests.Unnamed - all.seen
	if trial.Outcome == results.OK && trial.Tally.Attempts == trial.Tally.Planned && late <= 0 {
		out = append(out, impossible(counts, trial)...)
	}
	return out
}

// Visits are how often a request must and may have arrived, and did. Where requests
// share answers, one may have taken over what was sent under the id of another: then
// only the sums can be held against each other.
type visits struct {
	least, most, seen int
	lost, extra       int
}

// add sums up visits.
func (v *visits) add(w visits) {
	v.least += w.least
	v.most += w.most
	v.seen += w.seen
}

// impossible names what cannot be if both sides are right, where each request is
// one attempt: of several, one may go on at the upstream when the request is done, and
// so may one of an earlier trial, whose time there is in these counts. A request is at
// the upstream for a part of its latency, so that whatever the upstream measured is at
// most what was reported: the sum of the times, the 99th percentile, the number at
// once, and the span of the whole trial.
func impossible(counts upstream.Counts, trial *results.Trial) (out []string) {
	if reported := time.Duration(trial.Tally.Flight.LatencyNS); early(counts.Busy, reported, trial) {
		out = append(out, fmt.Sprintf("requests were there for %v in all, their latencies add up to %v",
			rough(counts.Busy), rough(reported)))
	}
	if longest := time.Duration(trial.Tally.Flight.LongestNS); counts.P99 > longest+time.Millisecond {
		out = append(out, fmt.Sprintf("one request in a hundred was there for %v, the longest latency is %v", rough(counts.P99), rough(longest)))
	}
	if counts.InFlight.Max > trial.Tally.Flight.Max {
		out = append(out, fmt.Sprintf("%d requests were there at once, %d %s reported", counts.InFlight.Max, trial.Tally.Flight.Max, were(trial.Tally.Flight.Max)))
	}
	if took := time.Duration(trial.ElapsedNS); counts.Span > took+time.Millisecond {
		out = append(out, fmt.Sprintf("requests came over %v, the trial took %v", rough(counts.Span), rough(took)))
	}
	return out
}

// early tells whether requests were reported as done while the upstream was still
// at work on them. A latency holds the time at the upstream and more; what the
// upstream does after its last byte has left may come on top, hence the allowance.
func early(busy, reported time.Duration, trial *results.Trial) bool {
	allowance := reported/100 + time.Duration(trial.Tally.Attempts)*time.Millisecond
	return busy > reported+allowance
}
