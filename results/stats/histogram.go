package stats

import (
	"fmt"
	"math"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

const (
	// histogramLowest and histogramHighest are 1 us and 1 h in microseconds.
	histogramLowest, histogramHighest = 1, 3_600_000_000
	// histogramDigits keeps every value within 2^-10 of itself.
	histogramDigits = 3
)

// A Histogram counts latencies in whole microseconds, from 1 us to at least
// 1 h, in 188 kB however many they are. A value x is reported as some r with
// x <= r <= x (1 + 2^-10); minimum and maximum are kept exactly. Merging adds
// whole numbers, so the result is the same in any order and on any machine.
// Successes and failures belong in histograms of their own. Nothing is
// corrected for coordinated omission: a closed batch has no planned rate. The
// zero value is not usable; see NewHistogram.
type Histogram struct {
	counts   *hdr.Histogram
	overflow int64
	min, max int64
}

// NewHistogram returns an empty histogram.
func NewHistogram() *Histogram {
	return newHistogram(histogramLowest, histogramHighest, histogramDigits)
}

// newHistogram takes a geometry of its own, which the tests use: those of the
// package's users are all alike, so that any two can be merged.
func newHistogram(lowest, highest int64, digits int) *Histogram {
	return &Histogram{counts: hdr.New(lowest, highest, digits), min: math.MaxInt64, max: math.MinInt64}
}

// Record counts one latency. One that is too long for the histogram is counted
// as overflow and still sets the maximum; a negative one is ErrNegative.
func (h *Histogram) Record(us int64) error {
	if us < 0 {
		return fmt.Errorf("histogram: %w: %d us", ErrNegative, us)
	}
	if err := h.counts.RecordValue(us); err != nil {
		h.overflow++
	}
	h.min, h.max = min(h.min, us), max(h.max, us)
	return nil
}

// Count is the number of latencies recorded, without those that overflowed.
func (h *Histogram) Count() int64 { return h.counts.TotalCount() }

// Overflow is the number of latencies that were too long. It is printed
// wherever it is not 0, because quantiles do not know of them.
func (h *Histogram) Overflow() int64 { return h.overflow }

// Bytes is the memory that the counts take.
func (h *Histogram) Bytes() int { return h.counts.ByteSize() }

// Range is the exact minimum and maximum, overflow included. An empty histogram
// has none: ErrNone.
func (h *Histogram) Range() (least, most int64, err error) {
	if h.Count()+h.overflow == 0 {
		return 0, 0, fmt.Errorf("histogram: %w", ErrNone)
	}
	return h.min, h.max, nil
}

// Quantile is the value at rank max(1, floor(pN + 1/2)), rounded up to the end
// of its bucket.
func (h *Histogram) Quantile(p float64) (int64, error) {
	if !(p >= 0 && p <= 1) {
		return 0, fmt.Errorf("histogram: %w: p is %v", ErrRange, p)
	}
	n := h.Count()
	if n == 0 {
		return 0, fmt.Errorf("histogram: %w", ErrNone)
	}
	// The library rounds percents to ranks; the percent of a whole rank lies in
	// the middle of those that lead there.
	return h.counts.ValueAtPercentile(100 * float64(histogramRank(n, p)) / float64(n)), nil
}

// histogramRank is max(1, floor(pN + 1/2)).
func histogramRank(n int64, p float64) int64 {
	return min(max(1, int64(math.Floor(p*float64(n)+0.5))), n)
}

// Merge adds the counts of other, which stays as it is. Both come from
// NewHistogram, so that nothing can be dropped.
func (h *Histogram) Merge(other *Histogram) {
	h.overflow += other.overflow + h.counts.Merge(other.counts)
	h.min, h.max = min(h.min, other.min), max(h.max, other.max)
}
