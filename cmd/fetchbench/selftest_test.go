package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/bench"
)

// The conclusion names the heaviest load at which everything held, and what broke
// next; below ten in flight the machine is of no use.
func TestConclusions(t *testing.T) {
	probe := func(slots int, ms float64) bench.Probe {
		return bench.Probe{Name: "mean latency", InFlight: slots, Value: ms, Limit: 1, Unit: "ms", Holds: ms <= 1}
	}
	for _, c := range []struct {
		probes []bench.Probe
		want   string
		code   int
	}{
		{[]bench.Probe{probe(1, .2), probe(10, .3), probe(100, .9)}, "up to 100 in flight: latencies of 50 ms to 0.90 ms.\n", exitOK},
		{[]bench.Probe{probe(1, .2), probe(10, .3), probe(100, 1.5)}, "up to 10 in flight: latencies of 50 ms to 0.30 ms.\nBeyond that: mean latency with 100 in flight is +1.500 ms, the limit is +1.000 ms.\n", exitOK},
		{[]bench.Probe{probe(1, .2), probe(10, 1.3), probe(100, .5)}, "up to 1 in flight: latencies of 50 ms to 0.20 ms.\n", exitInvalid},
		{[]bench.Probe{probe(1, 2)}, "cannot be believed now", exitInvalid},
		// A load counts only if everything holds there, whatever was probed first.
		{[]bench.Probe{probe(1, .2), probe(10, .3), probe(10, .4), probe(100, .5), probe(100, 1.4)}, "up to 10 in flight: latencies of 50 ms to 0.40 ms.\nBeyond that: mean latency with 100", exitOK},
		{[]bench.Probe{probe(1, .2), probe(10, .3), probe(100, .4), probe(10, 2)}, "up to 1 in flight: latencies of 50 ms to 0.20 ms.\n", exitInvalid},
	} {
		var out bytes.Buffer
		err := conclude(&streams{out: &out}, c.probes, false)
		var f *failure
		code := exitOK
		if errors.As(err, &f) {
			code = f.code
		}
		if !strings.Contains(out.String(), strings.TrimSuffix(c.want, "\n")) || code != c.code {
			t.Errorf("%+v: exit code %d and\n%s\nwant %d and %q", c.probes, code, out.String(), c.code, c.want)
		}
	}
	var out bytes.Buffer
	if err := conclude(&streams{out: &out}, []bench.Probe{probe(10, .3)}, true); err != nil || !strings.Contains(out.String(), `"in_flight": 10`) {
		t.Errorf("error %v, %s", err, out.String())
	}
}
