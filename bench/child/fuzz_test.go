package child

import (
	"errors"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
)

// FuzzChildLine: whatever a child writes where a record is due, it is taken as a record
// that holds together, or refused with a class of this package. Cutting it into pieces
// changes nothing.
func FuzzChildLine(f *testing.F) {
	f.Add([]byte(`{"type":"rec","id":1,"i":0,"start_us":1,"ttfb_us":2,"end_us":3,"status":200,"bytes":2,"err":null}`))
	f.Add([]byte(`{"type":"rec","id":1,"i":1,"start_us":1,"end_us":3,"status":0,"bytes":0,"err":{"kind":"timeout","class":"T","msg":"m"}}`))
	f.Add([]byte(`{"type":"rec","id":1,"i":0,"start_us":NaN,"end_us":3,"status":200,"bytes":2}`))
	f.Add([]byte(`{"type":"error","id":1,"fatal":true,"msg":"no"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		line := split(t, text, len(text)/2)
		if line == nil {
			return
		}
		const wall = 1000
		h := hearing{order: order{signal: signal{ID: 1}, N: 2, TimeoutMS: 1}, wall: wall, claims: make([]bench.Claim, 2), heard: make([]bool, 2)}
		d := &dialogue{plan: 1}
		m, err := read(line)
		if err == nil {
			err = d.expect(m, "rec")
		}
		if err == nil {
			err = h.add(m)
		}
		var broken *bench.Broken
		if err != nil && (!errors.As(err, &broken) || broken.Class == "" || broken.Error() == "") {
			t.Fatalf("%q: an error without a class: %v", line, err)
		}
		if err == nil {
			sound(t, line, &h)
		}
	})
}

// sound checks that one claim was taken, and that it holds together.
func sound(t *testing.T, line []byte, h *hearing) {
	t.Helper()
	taken := h.claims[0]
	if h.heard[1] {
		taken = h.claims[1]
	}
	if h.heard[0] == h.heard[1] || h.n != 1 || taken.Outcome.Class == "" {
		t.Errorf("%q: heard %v, %+v", line, h.heard, taken)
	}
	if taken.Start < 0 || taken.End < taken.Start || taken.End > 1000*time.Microsecond || taken.Outcome.Bytes < 0 || taken.Outcome.Attempts != 1 {
		t.Errorf("%q: %+v", line, taken)
	}
}

// split is the first line that a splitter makes of the text, given to it in two pieces;
// nil where it makes none of it.
func split(t *testing.T, text []byte, at int) []byte {
	t.Helper()
	s := newSplitter()
	s.lines = make(chan []byte, len(text)+1)
	for _, piece := range [][]byte{text[:at], text[at:]} {
		if n, err := s.Write(piece); n != len(piece) || err != nil {
			t.Fatalf("wrote %d of %d, %v", n, len(piece), err)
		}
	}
	select {
	case line := <-s.lines:
		return line
	default:
		half, _ := s.wrong()
		if string(half) != string(text) {
			t.Errorf("%q is kept of %q", half, text)
		}
		return half
	}
}
