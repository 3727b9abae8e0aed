package bench

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/results"
)

// arrived is how many requests the embedded upstream has seen of the trial by now, or
// Unknown. What comes later comes after the trial.
func (s *side) arrived(ctx context.Context) int {
	if s.embedded == nil || ctx.Err() != nil {
		return Unknown
	}
	counts, err := s.embedded.Counts(ctx)
	if err != nil {
		return Unknown
	}
	return counts.Requests.Started
}

// accountable tells whether whoever makes the requests elsewhere answers for each of
// them: with records, or as a route that fetches the batch.
func (b *Batch) accountable(t *results.Trial) bool {
	return t.Claimed != nil && (t.Claimed.Records || b.noted.route)
}

// owed is how many requests must arrive for a trial.
func (b *Batch) owed(t *results.Trial) int {
	if t.Claimed.Records {
		return t.Tally.Attempts
	}
	return t.Tally.Planned
}

// wanting tells whether requests of the trial may still come, into the next one: fewer
// are there than it should have made. One that broke before it sent any sends none.
func (b *Batch) wanting(t *results.Trial, counts upstream.Counts) bool {
	if !b.accountable(t) || t.Claimed.Broken != "" && counts.Requests.Started == 0 {
		return false
	}
	return counts.Requests.Started < b.owed(t)
}

// late waits for requests that are wanting, not longer than settle: one that comes in
// the next trial would be held against somebody else.
func (t *target) late(ctx context.Context, b *Batch, trial *results.Trial, counts upstream.Counts) (upstream.Counts, error) {
	var err error
	for end := time.Now().Add(settle); err == nil && b.wanting(trial, counts) && time.Now().Before(end); {
		if err = rest(ctx, time.Millisecond); err == nil {
			counts, err = b.side.embedded.Counts(ctx)
		}
	}
	if err != nil {
		return counts, err
	}
	return t.counts(ctx, b.side, nil) // until the last of them has its answer
}

// doubts names what an upstream has to say against a trial that was made elsewhere,
// whatever there is of records: that it went on after its end, that it did not do what
// was asked for.
func (b *Batch) doubts(counts upstream.Counts, t *results.Trial) (out []string) {
	out = append(out, b.overdue(counts, t)...)
	if !b.accountable(t) {
		return out
	}
	// A request that was given up may be there still when the next one comes.
	if most := counts.InFlight.Max; b.noted.asked > 0 && most > b.noted.asked && counts.Requests.Gone == 0 && !b.noted.route {
		out = append(out, fmt.Sprintf("it was asked for at most %d in flight, the upstream had %d at once", b.noted.asked, most))
	}
	fresh := !b.Warm && !b.noted.route && t.Claimed.Broken == ""
	if kept := counts.Connections.Kept; fresh && kept > 0 {
		out = append(out, fmt.Sprintf("%d of %d requests came over connections that it had kept, and it was to open new ones", kept, counts.Requests.Started))
	}
	return append(out, b.uneven(counts, t)...)
}

// overdue names requests that were made or answered after the trial had ended. Of
// several attempts one may be on its way when the request is done.
func (b *Batch) overdue(counts upstream.Counts, t *results.Trial) (out []string) {
	who := "the trial ended"
	if b.noted.route {
		who = "the route answered"
	}
	late := counts.Requests.Started - b.noted.ended
	if b.noted.ended != Unknown && late > 0 && b.owed(t) <= t.Tally.Planned {
		out = append(out, fmt.Sprintf("%s arrived after %s", counted(late, "request"), who))
	}
	took := time.Duration(t.ElapsedNS)
	if !t.Claimed.Records && t.Claimed.Broken == "" && counts.Span > took+time.Millisecond {
		out = append(out, fmt.Sprintf("the upstream was busy for %v, %s after %v",
			rough(counts.Span), who, rough(took)))
	}
	return out
}

// uneven names it when some endpoint was asked for more often than the batch does, in
// place of others. One that asked for all of them as often, and more, made too many requests,
// which is told of their number. Attempts that were reported may have gone to any. A batch of pages
// has no endpoints: there the number of requests is all that can be checked.
func (b *Batch) uneven(counts upstream.Counts, t *results.Trial) []string {
	planned := map[int]int{}
	for i := range b.slots {
		if u, err := url.Parse(b.Requests[i%len(b.Requests)].URL); err == nil {
			if index, ok := upstream.Endpoint(u.Path); ok {
				planned[index]++
			}
		}
	}
	spare := max(0, b.owed(t)-t.Tally.Planned)
	for index, n := range counts.Endpoints {
		if n > planned[index]+spare && t.Outcome == results.OK && even(counts.Endpoints, planned) < len(planned) {
			who := "it"
			if b.noted.route {
				who = "the route"
			}
			return []string{fmt.Sprintf("%s asked for %d of %d endpoints as often as the batch does", who, even(counts.Endpoints, planned), len(planned))}
		}
	}
	return nil
}

// even counts the endpoints that were asked for as often as planned, or more.
func even(seen, planned map[int]int) (n int) {
	for index, times := range planned {
		if seen[index] >= times {
			n++
		}
	}
	return n
}

// counted is "1 request" or "5 requests".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// were is the verb to so many.
func were(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// rough is a time with as much of it as is of use beside another one: whatever differs does
// so by a millisecond or more.
func rough(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }

// misquoted makes lies of answers with a status that was reported more often than it was
// given: which of them are made up nobody can tell.
func misquoted(counts upstream.Counts, t *results.Trial) {
	said := map[int]int{}
	for i := range t.Requests {
		said[t.Requests[i].Status]++
	}
	for i := range t.Requests {
		if r := &t.Requests[i]; r.Status != 0 && said[r.Status] > counts.Statuses[r.Status] {
			r.Class = results.ClassLying
		}
	}
}

// refute makes a trial whose claims the upstream refutes one that failed: what was
// reported as answered counts as reported falsely. Without records that is the whole
// of it, unless it failed already.
func refute(t *results.Trial) {
	if t.Claimed == nil || t.Seen == nil || len(t.Seen.Differs) == 0 {
		return
	}
	before := t.Tally
	switch {
	case t.Claimed.Records:
		for i := range t.Requests {
			if t.Requests[i].Class == results.ClassOK {
				t.Requests[i].Class = results.ClassLying
			}
		}
		t.Tally = t.Count(t.Tally.Planned)
		t.Tally.Opened, t.Tally.Flight = before.Opened, before.Flight
	case t.Outcome != results.OK:
		return
	default:
		t.Tally.OK, t.Tally.Failed = 0, t.Tally.Planned
		t.Tally.Failures = []results.Failure{{
			Class: results.ClassLying, Count: t.Tally.Planned, AtNS: t.ElapsedNS, Text: t.Seen.Differs[0],
		}}
	}
	t.Outcome, t.Claimed.Broken = results.Failed, results.ClassLying
}
