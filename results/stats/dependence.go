package stats

import (
	"fmt"
	"math"
)

// A Dependence is the outcome of the Bartels test.
type Dependence struct {
	// RVN is the rank von Neumann ratio, near 2 for independent values and
	// smaller where successive ones resemble each other.
	RVN float64
	// Z is its deviation from 2 in standard deviations.
	Z float64
	// P is the one-sided p-value against positive dependence.
	P float64
}

// Bartels tests whether successive values, in round order, resemble each other
// ("The rank version of von Neumann's ratio test for randomness", JASA 77,
// 1982): over the ranks R, with equal values sharing theirs,
//
//	RVN = sum (R_i - R_{i+1})^2 / sum (R_i - mean)^2
//	E = 2   var = 4(n-2)(5n^2-2n-9) / (5n(n+1)(n-1)^2)   P = Phi((RVN-2)/sd)
//
// The normal approximation serves from about 10 values. Below 3 values
// ErrTooFew, all equal ErrConstant.
func Bartels(x []float64) (Dependence, error) {
	if err := checkDiagnostic(x); err != nil {
		return Dependence{}, fmt.Errorf("dependence test: %w", err)
	}
	ranks, _ := midRanks(x)
	n := float64(len(x))
	m := (n + 1) / 2
	var steps, within float64
	for i, r := range ranks {
		within += float64((r - m) * (r - m))
		if i > 0 {
			steps += float64((r - ranks[i-1]) * (r - ranks[i-1]))
		}
	}
	rvn := steps / within
	variance := 4 * (n - 2) * (float64(5*n*n) - 2*n - 9) / (5 * n * (n + 1) * (n - 1) * (n - 1))
	z := (rvn - 2) / math.Sqrt(variance)
	return Dependence{RVN: rvn, Z: z, P: normalCDF(z)}, nil
}

// A Portmanteau is the outcome of the Ljung-Box test.
type Portmanteau struct {
	// Lags is the number of autocorrelations in Q.
	Lags int
	// Q is the statistic and P its p-value.
	Q, P float64
	// ACF are the autocorrelations at lags 1 to Lags.
	ACF []float64
}

// LjungBox tests the first h = max(1, min(10, n/5)) autocorrelations of values
// in round order together ("On a measure of lack of fit in time series models",
// Biometrika 65, 1978): Q = n(n+2) sum r_k^2 / (n-k), chi-squared with h degrees
// of freedom for independent normal values. With few rounds Bartels is the
// better test; this one is for files. Below 3 values ErrTooFew, all equal
// ErrConstant.
func LjungBox(x []float64) (Portmanteau, error) {
	if err := checkDiagnostic(x); err != nil {
		return Portmanteau{}, fmt.Errorf("ljung-box test: %w", err)
	}
	n := len(x)
	d, largest := deviations(x)
	if largest == 0 {
		return Portmanteau{}, fmt.Errorf("ljung-box test: %w", ErrConstant)
	}
	var within float64
	for _, v := range d {
		within += float64(v * v)
	}
	box := Portmanteau{Lags: max(1, min(10, n/5))}
	for k := 1; k <= box.Lags; k++ {
		var across float64
		for i, v := range d[k:] {
			across += float64(d[i] * v)
		}
		r := across / within
		box.ACF = append(box.ACF, r)
		box.Q += float64(n) * float64(n+2) * float64(r*r) / float64(n-k)
	}
	box.P = chi2Survival(box.Q, float64(box.Lags))
	return box, nil
}

// deviations are the halved deviations from the mean divided by the largest of
// them, so that squares and cubes stay within range. The factor cancels in
// ratios of moments of the same degree.
func deviations(x []float64) (d []float64, largest float64) {
	m := mean(x)
	d = make([]float64, len(x))
	for i, v := range x {
		d[i] = v/2 - m/2
		largest = max(largest, math.Abs(d[i]))
	}
	if largest > 0 {
		for i := range d {
			d[i] /= largest
		}
	}
	return d, largest
}

// EffectChanges says that the speed-up itself changed during the run, from the
// log ratios d in round order: 10 rounds or more, and either the Bartels or the
// Mann-Kendall test below 0.01. Then one number for the whole run hides
// something, and the interval around it is too narrow (75 % where successive
// ratios correlate by 0.5). It changes no number. Equal ratios do not change.
func EffectChanges(d []float64) (bool, error) {
	if err := checkFinite(d); err != nil {
		return false, fmt.Errorf("constant effect: %w", err)
	}
	if len(d) < 10 || checkDiagnostic(d) != nil {
		return false, nil
	}
	dependence, err := Bartels(d)
	if err != nil {
		return false, err
	}
	trend, err := MannKendall(d)
	if err != nil {
		return false, err
	}
	return dependence.P < 0.01 || trend.P < 0.01, nil
}
