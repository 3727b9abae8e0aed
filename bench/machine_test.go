package bench

import (
	"context"
	"math"
	"net"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

func TestP99OfWhatAHistogramGained(t *testing.T) {
	// Buckets: below 1, 1 to 2, 2 to 3, and 3 or more.
	buckets := []float64{math.Inf(-1), 1, 2, 3, math.Inf(1)}
	for _, c := range []struct {
		name         string
		earlier, now []uint64
		want         float64
	}{
		{"nothing", []uint64{5, 5, 5, 5}, []uint64{5, 5, 5, 5}, 0},
		{"one", []uint64{9, 0, 0, 0}, []uint64{9, 1, 0, 0}, 2},
		{"99 of 100 in the first", []uint64{0, 0, 7, 0}, []uint64{99, 0, 8, 0}, 1},
		{"98 of 100 in the first", []uint64{0, 0, 7, 0}, []uint64{98, 0, 9, 0}, 3},
		{"in the bucket without an end", []uint64{0, 0, 0, 0}, []uint64{1, 0, 0, 9}, 3},
	} {
		got := p99(&metrics.Float64Histogram{Counts: c.now, Buckets: buckets}, &metrics.Float64Histogram{Counts: c.earlier, Buckets: buckets})
		if got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// What a trial costs is the difference of two readings, with nothing lost on the
// way from one unit to the other.
func TestReadingsAreSubtracted(t *testing.T) {
	empty := &metrics.Float64Histogram{Counts: []uint64{0}, Buckets: []float64{0, 1}}
	one := &metrics.Float64Histogram{Counts: []uint64{1}, Buckets: []float64{0, 0.5}}
	earlier := reading{cpu: time.Second, allocs: 10, allocBytes: 100, gcPause: time.Millisecond, sched: empty}
	now := reading{cpu: 3 * time.Second, allocs: 15, allocBytes: 108, gcPause: 5 * time.Millisecond, sched: one}
	// The only bucket has no other edge below its end than 0.
	want := results.Machine{CPUNS: 2e9, Allocs: 5, AllocBytes: 8, GCPauseNS: 4e6, SchedP99NS: 0}
	if got := now.since(earlier); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// The names of the runtime's metrics are strings that a release may change: a
// reading that stands still would go unnoticed for years.
func TestReadingsMove(t *testing.T) {
	earlier := read()
	sink := make([][]byte, 1000)
	for i := range sink {
		sink[i] = make([]byte, 1<<12)
		runtime.Gosched()
	}
	runtime.GC()
	used := read().since(earlier)
	if used.Allocs < 1000 || used.AllocBytes < 1000<<12 || used.GCPauseNS <= 0 {
		t.Errorf("after 1000 allocations of 4 KiB and a collection: %+v", used)
	}
	runtime.KeepAlive(sink)
	if runtime.GOOS == "linux" && (read().cpu <= 0 || kernel() == "" || fdLimit() == 0) {
		t.Errorf("cpu time %v, kernel %q, %d descriptors", read().cpu, kernel(), fdLimit())
	}
}

func TestCPUModelAndLoad(t *testing.T) {
	for text, want := range map[string]string{
		"": "",
		"processor\t: 0\nvendor_id\t: X\nmodel name\t: One: Two @ 3 GHz\n\nprocessor\t: 1\nmodel name\t: Other\n": "One: Two @ 3 GHz",
		"model name": "",
		"Model\t: Raspberry\nmodel name with more: x\nmodel name :y": "y",
	} {
		if got := cpuModel(text); got != want {
			t.Errorf("cpuModel(%q) = %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]float64{"": 0, "0.52 0.40 0.30 1/234 567\n": 0.52, "12.00": 12, "x y": 0} {
		if got := load(text); got != want {
			t.Errorf("load(%q) = %v, want %v", text, got, want)
		}
	}
	if got := file("/nonexistent/file"); got != "" {
		t.Errorf("a file that does not exist holds %q", got)
	}
}

func TestEnvironmentNamesToolAndCollector(t *testing.T) {
	for set, want := range map[string]string{"": "100", "off": "off", "50": "50"} {
		t.Setenv("GOGC", set)
		e := environment("tool 1")
		if e.Tool != "tool 1" || e.GOGC != want || e.Go != runtime.Version() || e.MaxProcs != runtime.GOMAXPROCS(0) {
			t.Errorf("GOGC=%q: %+v", set, e)
		}
	}
}

// A dial that has not begun when its context ends is not made; one that was made
// counts, whoever still waits for it.
func TestDialsAreCounted(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	d := dials{open: dialLoopback}
	before := d.since()
	conn, err := d.dial(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.dial(ctx, "tcp", l.Addr().String()); err == nil {
		t.Error("a dial was made after its context had ended")
	}
	if before() != 1 || d.since()() != 0 || !d.quiet() {
		t.Errorf("%d dials before and %d after, quiet %t; want 1, 0 and true", before(), d.since()(), d.quiet())
	}
	conn, err = dialLoopback(ctx, "tcp", l.Addr().String())
	if err != nil {
		t.Fatalf("a dial to an embedded upstream was cancelled: %v", err)
	}
	_ = conn.Close()
}
