package results

import (
	"slices"
	"time"

	"github.com/fetchbench/fetchbench/results/stats"
)

// exactValues is how many values a sample keeps one by one. Beyond, their
// memory and the time to sort them are worth more than the last thousandth.
const exactValues = 1_000_000

// A sample holds times in nanoseconds: each of them up to exactValues, from
// there on the counts of a histogram. Extremes and sum are exact always.
type sample struct {
	values      []int64
	counts      *stats.Histogram
	n           int
	least, most int64
	// The sum is whole seconds and nanoseconds apart: the nanoseconds of a
	// thousand million requests of ten seconds are too many for one int64.
	sumS, sumNS int64
}

// add adds a time, which is not below 0.
func (s *sample) add(ns int64) {
	if s.n == 0 {
		s.least = ns
	}
	s.n++
	s.least, s.most = min(s.least, ns), max(s.most, ns)
	s.sumS += ns / int64(time.Second)
	s.sumNS += ns % int64(time.Second)
	switch {
	case s.counts != nil:
		record(s.counts, ns)
	case s.n <= exactValues:
		s.values = append(s.values, ns)
	default:
		s.counts = stats.NewHistogram()
		for _, v := range append(s.values, ns) {
			record(s.counts, v)
		}
		s.values = nil
	}
}

// record counts a time in whole microseconds, rounded up: no request is shown
// as quicker than it was.
func record(counts *stats.Histogram, ns int64) {
	us := ns / 1000
	if ns%1000 > 0 {
		us++
	}
	_ = counts.Record(us) // it refuses times below 0 only
}

// summary describes the times in seconds; nil for none.
func (s *sample) summary() *LatencySummary {
	if s.n == 0 {
		return nil
	}
	l := &LatencySummary{
		N: s.n, Min: inSeconds(s.least), Max: inSeconds(s.most), Exact: s.counts == nil,
		Mean: (float64(s.sumS) + inSeconds(s.sumNS)) / float64(s.n),
	}
	// Rounding must not lead beyond the values.
	l.Mean = min(max(l.Mean, l.Min), l.Max)
	if s.counts != nil {
		l.Overflow = s.counts.Overflow()
	}
	l.Percentiles = s.percentiles()
	return l
}

// percentiles are those that so many values can carry.
func (s *sample) percentiles() Percentiles {
	var out Percentiles
	var wanted []float64
	var to []**float64
	for _, p := range []struct {
		at float64
		to **float64
	}{{.5, &out.P50}, {.9, &out.P90}, {.95, &out.P95}, {.99, &out.P99}, {.999, &out.P999}} {
		if need, err := stats.TrialsForQuantile(p.at, level); err == nil && s.n >= need {
			wanted, to = append(wanted, p.at), append(to, p.to)
		}
	}
	for i, q := range s.quantiles(wanted) {
		*to[i] = &q
	}
	return out
}

// quantiles are those of type 7 of all values, or those that the histogram has,
// which is at most the largest value.
func (s *sample) quantiles(ps []float64) (out []float64) {
	if s.counts == nil {
		// Whole numbers are sorted in half the time that floats take.
		slices.Sort(s.values)
		for _, p := range ps {
			out = append(out, stats.QuantileSorted(len(s.values), func(k int) float64 { return inSeconds(s.values[k]) }, p))
		}
		return out
	}
	for _, p := range ps {
		us, err := s.counts.Quantile(p)
		if err != nil {
			break // all of them overflowed
		}
		out = append(out, min(float64(us)/1e6, inSeconds(s.most)))
	}
	return out
}
