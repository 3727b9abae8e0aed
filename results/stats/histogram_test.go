package stats

import (
	"encoding/json"
	"slices"
	"testing"
)

type histogramIn struct {
	Values  []int64 `json:"values_us"`
	Digits  int
	Lowest  int64
	Highest int64
	Parts   int `json:"merge_parts"`
}

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
	least, most, err := h.Range()
	if err != nil || h.Count() != want.Recorded || h.Overflow() != want.Overflow || h.Bytes() != want.Bytes || least != want.Min || most != want.Max {
		t.Errorf("%d recorded, %d over, %d bytes, %d to %d (%v), want %+v", h.Count(), h.Overflow(), h.Bytes(), least, most, err, want)
	}
	sorted := slices.Sorted(slices.Values(in.Values))
	for _, q := range want.Quantiles {
		rank := histogramRank(h.Count(), q.Q/100)
		if got := must(h.Quantile(q.Q / 100))(t); got != q.HDRValue || got != q.Highest || rank != q.Rank || sorted[rank-1] != q.Exact {
			t.Errorf("q %v: %d at rank %d, want %+v", q.Q, got, rank, q)
		}
		if lowest, _ := bucket(in, q.Exact); lowest != q.Lowest {
			t.Errorf("q %v: bucket from %d, want %d", q.Q, lowest, q.Lowest)
		}
	}
	if want.MergeIsExact {
		checkMerge(t, in, h)
	}
}

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
