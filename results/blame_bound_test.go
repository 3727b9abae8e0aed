package results

import "testing"

// A batch of which thousands fail names none, and is not kept in memory to find that out.
func TestManyCulpritsAreNone(t *testing.T) {
	const n = 3 * mostSuspects
	b := NewBlame(Target{URLs: make([]string, n), Requests: n})
	for round := range 2 {
		trial := Trial{Round: round, Contender: "sequential", Outcome: Failed}
		for i := range n {
			trial.Requests = append(trial.Requests, Request{Index: i, Class: "refused"})
		}
		b.Add(&trial)
	}
	if c := b.Culprits(); c.Few != 0 || len(b.suspects) != mostSuspects || b.failed != 2*n {
		t.Errorf("%+v, %d of %d kept", c, len(b.suspects), b.failed)
	}
}
