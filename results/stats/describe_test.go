package stats

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"testing"
)

// summaryWant mirrors the expectations of summary.json.
type summaryWant struct {
	N            int
	Mean, Median number
	Min, Max     number
	spreadWant   // embedded, to keep to the budget of fields
	shapeWant
	Type7       map[string]number `json:"quantile_type7"`
	NearestRank map[string]number `json:"quantile_type1_nearest_rank"`
}

// spreadWant has what one value does not have, and the deviations from the median.
type spreadWant struct {
	SD        *number `json:"sd_sample"`
	Variance  *number `json:"variance_sample"`
	CV        *number
	MADRaw    number `json:"mad_raw"`
	MADNormal number `json:"mad_normal"`
}

// shapeWant has the means that resist outliers, and the skewness.
type shapeWant struct {
	Trimmed10 number  `json:"trimmed_mean_10"`
	Trimmed20 number  `json:"trimmed_mean_20"`
	Geometric number  `json:"geometric_mean"`
	Skewness  *number `json:"skewness_b1"`
}

// checkSummary also watches that no function changes its input.
func checkSummary(t *testing.T, c goldenCase) {
	var in struct{ X []float64 }
	var want summaryWant
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	x := slices.Clone(in.X)
	if len(x) != want.N {
		t.Errorf("n = %d, want %d", len(x), want.N)
	}
	near(t, "mean", must(Mean(x))(t), float64(want.Mean), 1e-12)
	near(t, "median", must(Median(x))(t), float64(want.Median), 1e-12)
	near(t, "min", must(Min(x))(t), float64(want.Min), 0)
	near(t, "max", must(Max(x))(t), float64(want.Max), 0)
	checkSpread(t, c.Name, x, want.spreadWant)
	near(t, "trimmed mean 10 %", must(TrimmedMean(x, 0.1))(t), float64(want.Trimmed10), 1e-12)
	near(t, "trimmed mean 20 %", must(TrimmedMean(x, 0.2))(t), float64(want.Trimmed20), 1e-12)
	near(t, "geometric mean", must(GeometricMean(x))(t), float64(want.Geometric), 1e-12)
	b1, err := Skewness(x)
	// The exact skewness of symmetric data is 0; what programs give is noise.
	if err != nil || want.Skewness == nil || math.Abs(b1-float64(*want.Skewness)) > 1e-12 {
		nearOrNone(t, "skewness", b1, err, want.Skewness, 1e-12)
	}
	for _, p := range slices.Sorted(maps.Keys(want.Type7)) {
		near(t, "type 7 of "+p, must(Quantile(x, parse(t, p)))(t), float64(want.Type7[p]), 1e-12)
	}
	for _, p := range slices.Sorted(maps.Keys(want.NearestRank)) {
		near(t, "nearest rank of "+p, must(NearestRank(x, parse(t, p)))(t), float64(want.NearestRank[p]), 0)
	}
	if !slices.Equal(x, in.X) {
		t.Error("the input was changed")
	}
}

// checkSpread wants errors for the spread of a single value.
func checkSpread(t *testing.T, name string, x []float64, want spreadWant) {
	t.Helper()
	tolerance := 1e-12
	if name == "large_offset" { // as the file states
		tolerance = 1e-9
	}
	sd, err := SD(x)
	nearOrNone(t, "sd", sd, err, want.SD, tolerance)
	nearOrNone(t, "variance", sd*sd, err, want.Variance, tolerance)
	cv, err := CV(x)
	nearOrNone(t, "cv", cv, err, want.CV, tolerance)
	near(t, "mad raw", must(MADRaw(x))(t), float64(want.MADRaw), 1e-12)
	near(t, "mad", must(MAD(x))(t), float64(want.MADNormal), 1e-12)
}

// parse reads a probability that the file uses as a key.
func parse(t *testing.T, s string) float64 {
	t.Helper()
	return must(strconv.ParseFloat(s, 64))(t)
}

// checkInvalid maps the words of invalid.json to the functions here.
func checkInvalid(t *testing.T, c goldenCase) {
	var in struct{ X, A, B, P []number }
	var want struct {
		Error           bool
		ErrorFor        []string `json:"error_for"`
		Median          *number
		Mean            json.RawMessage
		MeanOfSuccesses *number `json:"mean_of_successes"`
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	x := floats(in.X)
	if want.Error {
		wantErrors(t, x)
	}
	for _, what := range want.ErrorFor {
		switch what {
		case "log_ratio", "speedup":
			wantPairErrors(t, floats(in.A), floats(in.B))
		case "quantile":
			for _, p := range floats(in.P) {
				if q, err := Quantile(x, p); err == nil {
					t.Errorf("quantile %v = %v, want an error", p, q)
				}
				if q, err := NearestRank(x, p); err == nil {
					t.Errorf("nearest rank %v = %v, want an error", p, q)
				}
			}
		default:
			t.Errorf("error_for %q: not known", what)
		}
	}
	if want.MeanOfSuccesses == nil {
		return
	}
	near(t, "median", must(Median(x))(t), float64(*want.Median), 1e-12)
	near(t, "mean of successes", must(Mean(Successes(x)))(t), float64(*want.MeanOfSuccesses), 1e-12)
	if m, err := Mean(x); err == nil || string(want.Mean) != "null" {
		t.Errorf("mean = %v, want an error", m)
	}
}

// wantErrors wants the functions of times to refuse x.
func wantErrors(t *testing.T, x []float64) {
	t.Helper()
	if err := CheckTimes(x); err == nil {
		t.Errorf("%v passes for times", x)
	}
	if iv, err := MeanInterval(x, 0.95); err == nil {
		t.Errorf("mean interval of %v is %v, want an error", x, iv)
	}
	if m, err := PenalisedMean(x, 1); err == nil {
		t.Errorf("penalised mean of %v is %v, want an error", x, m)
	}
	if g, err := GeometricMean(x); err == nil {
		t.Errorf("geometric mean of %v is %v, want an error", x, g)
	}
}

// wantPairErrors wants every comparison to refuse the pairs.
func wantPairErrors(t *testing.T, a, b []float64) {
	t.Helper()
	if d, err := LogRatios(a, b); err == nil {
		t.Errorf("log ratios %v, want an error", d)
	}
	if w, err := WorstRank(a, b, 0.95); err == nil {
		t.Errorf("worst rank %+v, want an error", w)
	}
	if r, _, _, err := Fieller(a, b, 0.95); err == nil {
		t.Errorf("ratio of averages %v, want an error", r)
	}
	if r, _, err := RatioOfMedians(a, b, 0.95, 1); err == nil {
		t.Errorf("ratio of medians %v, want an error", r)
	}
}
