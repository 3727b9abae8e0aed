package bench

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/results"
	"github.com/google/go-cmp/cmp"
)

func TestDifferences(t *testing.T) {
	// Three requests of contender 1 in round 2, the last of which was never made.
	request := func(class string, attempts int) results.Request {
		return results.Request{Class: class, Attempts: attempts}
	}
	const timeout = "timeout"
	for _, c := range []struct {
		name           string
		requests       []results.Request
		seen           []int // by index
		late, unnamed  int
		opened, arrive int
		want           []string
	}{
		{"all agree", []results.Request{request("ok", 1), request("ok", 2), {}}, []int{1, 2, 0}, 0, 0, 2, 2, nil},
		{"one lost", []results.Request{request("ok", 1), request("ok", 1), {}}, []int{1, 0, 0}, 0, 0, 0, 0, []string{"1 request was reported and never arrived"}},
		{"a claim of two", []results.Request{request("ok", 3), request("ok", 1), {}}, []int{1, 1, 0}, 0, 0, 0, 0, []string{"2 requests were reported and never arrived"}},
		{"one sent again", []results.Request{request("ok", 1), request("ok", 1), {}}, []int{2, 1, 0}, 0, 0, 0, 0, []string{"1 request arrived and was not reported"}},
		{"lost and sent again", []results.Request{request("ok", 1), request("ok", 1), {}}, []int{2, 0, 0}, 0, 0, 0, 0, []string{"1 request was reported and never arrived", "1 request arrived and was not reported"}},
		{"made unreported", []results.Request{request("ok", 1), request("ok", 1), {}}, []int{1, 1, 1}, 0, 0, 0, 0, []string{"1 request arrived and was not reported"}},
		{"a failed one never arrived", []results.Request{request(timeout, 1), request("ok", 1), {}}, []int{0, 1, 0}, 0, 0, 0, 0, nil},
		{"a failed one left unseen", []results.Request{request(timeout, 0), request("ok", 1), {}}, []int{1, 1, 0}, 0, 0, 0, 0, nil},
		{"a failed one was sent again", []results.Request{request(timeout, 1), request("ok", 1), {}}, []int{2, 1, 0}, 0, 0, 0, 0, []string{"1 request arrived and was not reported"}},
		{"late ones of an earlier trial", []results.Request{request("ok", 1), request("ok", 1), {}}, []int{1, 1, 0}, 2, 0, 0, 0, nil},
		{"without a name", []results.Request{request("ok", 1), request("ok", 1), {}}, []int{1, 1, 0}, 0, 2, 0, 0, []string{"2 requests arrived and were not reported"}},
		{"connections unreported", nil, nil, 0, 0, 1, 2, []string{"2 connections arrived, 1 was reported"}},
		{"connections made up", nil, nil, 0, 0, 2, 1, []string{"1 connection arrived, 2 were reported"}},
	} {
		trial := results.Trial{Round: 2, Requests: c.requests, Tally: results.Tally{Opened: c.opened}}
		counts := upstream.Counts{IDs: map[upstream.ID]int{}}
		for i := range c.requests {
			trial.Requests[i].Index = i
			counts.IDs[upstream.ID{Round: 2, Contender: 1, Index: i}] = c.seen[i]
		}
		if c.late > 0 {
			counts.IDs[upstream.ID{Round: 2, Contender: 0, Index: 0}] = c.late
		}
		counts.Requests.Unnamed, counts.Connections.Opened = c.unnamed, c.arrive
		if diff := cmp.Diff(c.want, differences(counts, &trial, 1, func(int) int { return 0 }, false)); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}

// An upstream whose counts come later: each question is answered by the next of a
// list, the last one for ever.
type slow struct {
	answers []upstream.Counts
	err     error
	resets  int
}

func (s *slow) Counts(ctx context.Context) (upstream.Counts, error) {
	answer := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	return answer, errors.Join(s.err, ctx.Err())
}

func (s *slow) Begin(context.Context, int) error { s.resets++; return nil }

func (s *slow) Close() error { return nil }

// counting is an answer of the upstream.
func counting(inFlight, connections int) upstream.Counts {
	var c upstream.Counts
	c.InFlight.Now, c.Connections.Opened = inFlight, connections
	return c
}

// The upstream is asked until it has seen the end of what the client has seen, and
// no longer than the limit when it never does.
func TestCountsAreAskedForUntilTheySettle(t *testing.T) {
	two := func() int { return 2 }
	for _, c := range []struct {
		name    string
		answers []upstream.Counts
		want    upstream.Counts
		after   time.Duration
	}{
		{"at once", []upstream.Counts{counting(0, 2)}, counting(0, 2), 0},
		{"a handler still ends", []upstream.Counts{counting(1, 2), counting(0, 2)}, counting(0, 2), time.Millisecond},
		{"a connection waits", []upstream.Counts{counting(0, 1), counting(0, 1), counting(0, 2)}, counting(0, 2), 2 * time.Millisecond},
		{"never", []upstream.Counts{counting(0, 3)}, counting(0, 3), settle + time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			begun := time.Now()
			var target target
			got, err := target.counts(t.Context(), side{embedded: &slow{answers: c.answers}}, two)
			if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
				t.Errorf("%s: error %v, -want +got\n%s", c.name, err, diff)
			}
			if after := time.Since(begun); after != c.after {
				t.Errorf("%s: after %v, want %v", c.name, after, c.after)
			}
		})
	}
}

// A trial that is complete is worth keeping: that the run was stopped while the
// upstream was asked takes nothing from it.
func TestSeenSurvivesACancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var target target
	asked := &Batch{side: side{embedded: &slow{answers: []upstream.Counts{counting(0, 0)}}}}
	asked.edges.opened = func() int { return 0 }
	asked.clock.start = time.Now()
	if _, err := target.seen(ctx, &results.Trial{}, 0, asked); err != nil {
		t.Errorf("error %v, want the counts", err)
	}
	broken := errors.New("gone")
	asked.side.embedded = &slow{answers: []upstream.Counts{{}}, err: broken}
	if _, err := target.seen(ctx, &results.Trial{}, 0, asked); !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
}

// A connection that was opened between two trials is accepted before the counts
// of the second begin, and belongs to neither.
func TestResetWaitsForConnectionsOfNoTrial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		up := &slow{answers: []upstream.Counts{counting(0, 0), counting(0, 1)}}
		var target target
		target.opened = target.dials.since()
		begun := time.Now()
		for i, want := range []time.Duration{0, time.Millisecond, time.Millisecond} {
			if i == 1 {
				target.dials.opened.Add(1)
			}
			if err := target.reset(t.Context(), side{embedded: up}, 0); err != nil || up.resets != i+1 {
				t.Errorf("reset %d: error %v, %d resets", i, err, up.resets)
			}
			if after := time.Since(begun); after != want || target.opened() != 0 {
				t.Errorf("reset %d is done after %v with %d opened, want %v and none", i, after, target.opened(), want)
			}
		}
	})
}
