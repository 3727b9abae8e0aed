package results

import (
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results/stats"
)

// TestSampleBeyondAMillionKeepsItsPromise: mean and extremes stay exact; each
// percentile is one of the values at its rank, rounded up to a microsecond and
// at most 2^-10 too long; what is longer than the histogram goes is counted.
func TestSampleBeyondAMillionKeepsItsPromise(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 3))
	var s sample
	var sum float64
	values := make([]int64, exactValues+1000)
	for i := range values {
		values[i] = int64(1e6 * math.Exp(2*draw.NormFloat64()))
		if i == exactValues { // the one too many must not be lost
			equalNow(t, "exact so far", s.summary().Exact, true)
			s.add(int64(3 * time.Hour))
		}
		s.add(values[i])
		sum += float64(values[i])
	}
	l := s.summary()
	slices.Sort(values)
	equalNow(t, "n", l.N, len(values)+1)
	equalNow(t, "exact", l.Exact, false)
	equalNow(t, "overflow", l.Overflow, int64(1))
	equalNow(t, "extremes", [2]float64{l.Min, l.Max}, [2]float64{inSeconds(values[0]), 3 * 3600})
	if want := (sum/1e9 + 3*3600) / float64(l.N); math.Abs(l.Mean/want-1) > 1e-9 {
		t.Errorf("mean %v, want %v", l.Mean, want)
	}
	for p, got := range map[float64]*float64{.5: l.P50, .9: l.P90, .95: l.P95, .99: l.P99, .999: l.P999} {
		rank := int(math.Floor(p*float64(len(values)) + 0.5))
		us := math.Ceil(float64(values[rank-1]) / 1000)
		if *got < us/1e6 || *got > (us+1)/1e6*(1+math.Ldexp(1, -10)) {
			t.Errorf("p%v: %v for %v us", 100*p, *got, us)
		}
	}
}

// TestSampleOfHoursHasNoPercentiles where all of them are too long to count.
func TestSampleOfHoursHasNoPercentiles(t *testing.T) {
	s := sample{counts: stats.NewHistogram()}
	for range 10 {
		s.add(int64(3 * time.Hour))
	}
	l := s.summary()
	equalNow(t, "percentiles", l.Percentiles, Percentiles{})
	equalNow(t, "mean", l.Mean, 3.*3600)
}

// TestSampleAddsUpWithoutOverflow: the nanoseconds of these are too many for an
// int64, and their mean is the value of each.
func TestSampleAddsUpWithoutOverflow(t *testing.T) {
	var s sample
	for range 100 {
		s.add(math.MaxInt64)
	}
	l := s.summary()
	equalNow(t, "mean", l.Mean, inSeconds(math.MaxInt64))
	equalNow(t, "max", l.Max, l.Mean)
}

// TestAPipeHasNoLatencies: it cannot be read twice, and the run is no worse.
func TestAPipeHasNoLatencies(t *testing.T) {
	run := &Run{}
	if err := run.readLatencies(pipe{strings.NewReader("")}); err != nil || run.Latencies != nil {
		t.Errorf("got %v, %v", run.Latencies, err)
	}
}

// A pipe is a journal that cannot be read twice.
type pipe struct{ io.Reader }

// Seek is what a pipe cannot.
func (pipe) Seek(int64, int) (int64, error) { return 0, errors.ErrUnsupported }

// equalNow wants two values to be alike.
func equalNow[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
