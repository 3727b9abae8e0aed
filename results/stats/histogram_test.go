package stats

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// histogramIn is a geometry, the values to record in it, and in how many parts.
type histogramIn struct {
	Values  []int64 `json:"values_us"`
	Digits  int
	Lowest  int64
	Highest int64
	Parts   int `json:"merge_parts"`
}

// histogramWant is what should have been counted.
type histogramWant struct {
	Recorded, Overflow int64
	Bytes              int
	Min                int64 `json:"min_exact"`
	Max                int64 `json:"max_exact"`
	Quantiles          []struct {
		Q        float64
		Rank     int64
		Exact    int64 `json:"exact_order_statistic"`
		Lowest   int64 `json:"lowest_equivalent"`
		Highest  int64 `json:"highest_equivalent"`
		HDRValue int64 `json:"hdr_value"`
	}
	MergeIsExact bool `json:"merge_is_exact"`
	// A sketch that was compared and rejected; nothing here computes it.
	DDSketch json.RawMessage `json:"ddsketch_alpha_001"`
	tableWant
}

// tableWant is the case that lists buckets instead of values.
type tableWant struct {
	Table []struct {
		Value    int64
		Lowest   int64 `json:"lowest_equivalent"`
		Highest  int64 `json:"highest_equivalent"`
		Width    int64
		Relative float64 `json:"relative_error"`
	}
	Max3 float64 `json:"max_relative_error_3_digits"`
	Max2 float64 `json:"max_relative_error_2_digits"`
}

// checkHistogram compares counts, quantiles and the buckets that they end in.
func checkHistogram(t *testing.T, c goldenCase) {
	var in histogramIn
	var want histogramWant
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	if want.Table != nil {
		checkBucketTable(t, in, want.tableWant)
		return
	}
	h := filled(t, in, in.Values)
	checkCounts(t, h, want)
	sorted := slices.Sorted(slices.Values(in.Values))
	for _, q := range want.Quantiles {
		rank := histogramRank(h.Count(), q.Q/100)
		if rank != q.Rank || sorted[rank-1] != q.Exact {
			t.Errorf("q %v: rank %d, want %+v", q.Q, rank, q)
		}
		lowest, highest := bucket(in, q.Exact)
		if got := must(h.Quantile(q.Q / 100))(t); got != q.HDRValue || highest != q.Highest || lowest != q.Lowest {
			t.Errorf("q %v: %d from %d..%d, want %+v", q.Q, got, lowest, highest, q)
		}
	}
	if want.MergeIsExact {
		checkMerge(t, in, h)
	}
}

// checkCounts compares what is counted and kept besides the quantiles.
func checkCounts(t *testing.T, h *Histogram, want histogramWant) {
	t.Helper()
	if h.Count() != want.Recorded || h.Overflow() != want.Overflow || h.Bytes() != want.Bytes {
		t.Errorf("%d recorded, %d over, %d bytes, want %+v", h.Count(), h.Overflow(), h.Bytes(), want)
	}
	if least, most, err := h.Range(); err != nil || least != want.Min || most != want.Max {
		t.Errorf("from %d to %d (%v), want %d to %d", least, most, err, want.Min, want.Max)
	}
}

// filled records values in a histogram of the geometry that the case asks for.
func filled(t *testing.T, in histogramIn, values []int64) *Histogram {
	t.Helper()
	h := newHistogram(in.Lowest, in.Highest, in.Digits)
	for _, v := range values {
		if err := h.Record(v); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// bucket are the first and the last value counted together with v.
func bucket(in histogramIn, v int64) (lowest, highest int64) {
	h := newHistogram(in.Lowest, max(in.Highest, histogramHighest), in.Digits)
	_ = h.Record(v)
	return h.counts.ValueAtPercentile(0), h.counts.ValueAtPercentile(100)
}

// checkMerge deals the values out to parts and merges them in both orders.
func checkMerge(t *testing.T, in histogramIn, whole *Histogram) {
	t.Helper()
	for _, backward := range []bool{false, true} {
		merged := filled(t, in, nil)
		for part := range in.Parts {
			if backward {
				part = in.Parts - 1 - part
			}
			var dealt []int64
			for i := part; i < len(in.Values); i += in.Parts {
				dealt = append(dealt, in.Values[i])
			}
			merged.Merge(filled(t, in, dealt))
		}
		if !merged.counts.Equals(whole.counts) || merged.overflow != whole.overflow || merged.min != whole.min || merged.max != whole.max {
			t.Errorf("backward %v: merged differs from whole", backward)
		}
	}
}

// checkBucketTable records each value alone, so that the ends of its bucket show.
func checkBucketTable(t *testing.T, in histogramIn, want tableWant) {
	t.Helper()
	for _, row := range want.Table {
		lowest, highest := bucket(in, row.Value)
		if lowest != row.Lowest || highest != row.Highest || highest-lowest+1 != row.Width {
			t.Errorf("%d is counted in %d..%d, want %+v", row.Value, lowest, highest, row)
		}
		relative := float64(highest-row.Value) / float64(row.Value)
		near(t, "relative error", relative, row.Relative, 1e-9)
		if relative > want.Max3 {
			t.Errorf("relative error %v of %d, at most %v", relative, row.Value, want.Max3)
		}
	}
	// The error is largest for the first value of the widest buckets.
	for digits, most := range map[int]float64{3: want.Max3, 2: want.Max2} {
		first := int64(1/most) << 20
		_, highest := bucket(histogramIn{Lowest: 1, Digits: digits}, first)
		if e := float64(highest-first) / float64(first); e > most || e < 0.99*most {
			t.Errorf("%d digits: largest error %v, want just below %v", digits, e, most)
		}
	}
}

// A quantile is the value at its rank or at most 2^-10 above it, the order of
// recording and merging does not matter, and the ends are exact.
func TestHistogramStaysWithinItsPromise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.Map(rapid.Float64Range(0, math.Log(3.6e9)), func(l float64) int64 { return int64(math.Exp(l)) })
		values := rapid.SliceOfN(value, 1, 60).Draw(t, "us")
		cut := rapid.IntRange(0, len(values)).Draw(t, "cut")
		h, rest := NewHistogram(), NewHistogram()
		for i, v := range values {
			into := h
			if i >= cut {
				into = rest
			}
			if err := into.Record(v); err != nil {
				t.Fatal(err)
			}
		}
		h.Merge(rest)
		slices.Sort(values)
		least, most, err := h.Range()
		if err != nil || least != values[0] || most != values[len(values)-1] || h.Count() != int64(len(values)) {
			t.Fatalf("%d to %d of %d, %v", least, most, h.Count(), err)
		}
		p := rapid.Float64Range(0, 1).Draw(t, "p")
		got, err := h.Quantile(p)
		x := values[max(1, int(math.Floor(p*float64(len(values))+0.5)))-1]
		if err != nil || got < x || float64(got) > float64(x)*(1+0x1p-10) {
			t.Fatalf("quantile %v is %d, %v, of value %d", p, got, err, x)
		}
	})
}

// What cannot be counted is refused, and nothing comes out of nothing.
func TestHistogramRefuses(t *testing.T) {
	h := NewHistogram()
	if q, err := h.Quantile(0.5); err == nil {
		t.Errorf("the median of nothing is %d", q)
	}
	if a, b, err := h.Range(); err == nil {
		t.Errorf("nothing reaches from %d to %d", a, b)
	}
	if h.Record(-1) == nil || h.Count() != 0 {
		t.Error("a negative latency was recorded")
	}
	if err := h.Record(math.MaxInt64); err != nil || h.Overflow() != 1 || h.Count() != 0 {
		t.Errorf("overflow %d, count %d, %v", h.Overflow(), h.Count(), err)
	}
	if q, err := h.Quantile(1.5); err == nil {
		t.Errorf("quantile 1.5 is %d", q)
	}
}
