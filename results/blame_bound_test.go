package results

import "testing"

// A batch of which thousands fail names none, and is not kept in memory to find that out.
func TestManyCulpritsAreNone(t *testing.T) {
	const n = 3 * mostSuspects
	b := NewBlame(Target{URLs: make([]string, n), Requests: n})
	for i := range n {
		b.add(i)
	}
	if text := b.String(); text != "" || len(b.failures) != mostSuspects || b.failed != n {
		t.Errorf("%q, %d of %d kept", text, len(b.failures), b.failed)
	}
}
