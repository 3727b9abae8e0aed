package stats

import (
	"strings"
	"testing"
)

// bootstrapIn is the input of all cases of bootstrap.json.
type bootstrapIn struct {
	X, Base, Cand []float64
	Indices       [][]int `json:"indices_0_based"`
	Statistic     string
	Conf          float64
}

// bootstrapWant has what any of the cases expects; most have one interval.
type bootstrapWant struct {
	Estimate     float64
	Z0           float64
	Acceleration float64
	Percentile   *ends
	Basic        *ends
	BCa          *ends
	Type7        *ends `json:"percentile_type7"`
	Inverted     *ends `json:"percentile_inverted_cdf"`
}

// checkBootstrap sorts the cases by what they give: resamples to use as they are,
// a distribution to land in, or a reference with an allowance for chance.
func checkBootstrap(t *testing.T, c goldenCase) {
	var in bootstrapIn
	var want bootstrapWant
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	if in.Conf == 0 {
		in.Conf = 0.95
	}
	switch {
	case in.Indices != nil && in.X != nil:
		checkGivenMean(t, in, want)
	case in.Indices != nil:
		checkGivenRatio(t, in, want)
	case len(c.Support) > 0:
		checkAgainstCDF(t, in, want, c.Support)
	case in.Base != nil:
		// The file allows 3 % for the randomness of 9999 resamples.
		ratio, iv, err := RatioOfMedians(in.Base, in.Cand, in.Conf, 1)
		near(t, "ratio", must(ratio, err)(t), want.Estimate, 1e-12)
		nearInterval(t, "percentile", iv, *want.Percentile, 0.03)
	case strings.Contains(c.Tolerance, "0.01"):
		checkDrawnMean(t, in, want)
	default:
		t.Errorf("no check for this case")
	}
}

// checkGivenMean uses the resamples that the file gives, so nothing is random.
func checkGivenMean(t *testing.T, in bootstrapIn, want bootstrapWant) {
	t.Helper()
	replicates := make([]float64, len(in.Indices))
	for b, draw := range in.Indices {
		replicates[b] = mean(pick(in.X, draw))
	}
	m := must(Mean(in.X))(t)
	nearInterval(t, "percentile", must(PercentileInterval(replicates, in.Conf))(t), *want.Percentile, 1e-9)
	nearInterval(t, "basic", must(BasicInterval(m, replicates, in.Conf))(t), *want.Basic, 1e-9)
	jack := jackknifeMeans(in.X)
	near(t, "z0", bcaBias(m, replicates), want.Z0, 1e-9)
	near(t, "acceleration", bcaAcceleration(jack), want.Acceleration, 1e-9)
	nearInterval(t, "bca", must(BCaInterval(m, replicates, jack, in.Conf))(t), *want.BCa, 1e-9)
}

// checkGivenRatio applies each given resample to both columns, as rounds are paired.
func checkGivenRatio(t *testing.T, in bootstrapIn, want bootstrapWant) {
	t.Helper()
	over, under := newResampler(in.Base), newResampler(in.Cand)
	replicates := make([]float64, len(in.Indices))
	for b, draw := range in.Indices {
		replicates[b] = over.median(draw) / under.median(draw)
	}
	nearInterval(t, "percentile", must(PercentileInterval(replicates, in.Conf))(t), *want.Percentile, 1e-9)
}

// checkAgainstCDF wants ends whose place in the exact bootstrap distribution, of
// all n^n resamples, is within 0.005 of where it should be, as the file states.
func checkAgainstCDF(t *testing.T, in bootstrapIn, want bootstrapWant, support [][2]float64) {
	t.Helper()
	ratio, iv, err := RatioOfMedians(in.Base, in.Cand, in.Conf, 1)
	must(ratio, err)(t)
	place := func(v float64) (below, at float64) {
		for _, s := range support {
			if s[0] < v*(1-1e-9) {
				below = s[1]
			}
			if s[0] <= v*(1+1e-9) {
				at = s[1]
			}
		}
		return below, at
	}
	for _, end := range []struct{ got, at float64 }{{iv.Lo, 0.025}, {iv.Hi, 0.975}} {
		// The distribution is discrete: the wanted probability lies in the step.
		if below, at := place(end.got); below > end.at+0.005 || at < end.at-0.005 {
			t.Errorf("end %v spans %v..%v of the exact distribution, want %v", end.got, below, at, end.at)
		}
	}
	for _, exact := range []*ends{want.Type7, want.Inverted} {
		nearInterval(t, "exact", iv, *exact, 0.05)
	}
}

// checkDrawnMean allows the 1 % that the file states for 9999 resamples.
func checkDrawnMean(t *testing.T, in bootstrapIn, want bootstrapWant) {
	t.Helper()
	replicates := Bootstrap(len(in.X), resamples, 1, func(draw []int) float64 { return mean(pick(in.X, draw)) })
	if want.Type7 != nil {
		nearInterval(t, "percentile", must(PercentileInterval(replicates, in.Conf))(t), *want.Type7, 0.01)
	}
	if want.BCa != nil {
		m, jack := must(Mean(in.X))(t), jackknifeMeans(in.X)
		nearInterval(t, "bca", must(BCaInterval(m, replicates, jack, in.Conf))(t), *want.BCa, 0.01)
	}
}

// pick are the values at the indices.
func pick(x []float64, indices []int) []float64 {
	out := make([]float64, len(indices))
	for i, at := range indices {
		out[i] = x[at]
	}
	return out
}

// jackknifeMeans are the means without one value each.
func jackknifeMeans(x []float64) []float64 {
	total := sum(x)
	jack := make([]float64, len(x))
	for i, v := range x {
		jack[i] = (total - v) / float64(len(x)-1)
	}
	return jack
}
