package stats

import (
	"fmt"
	"math"
	"slices"
)

const (
	// exactSignedRank is the largest n with the exact distribution of the rank sum.
	exactSignedRank = 2000
	// exactSignedRankK is the largest n for which the rank of the interval's
	// end is read from the exact distribution; above, its normal approximation
	// is within one rank of it.
	exactSignedRankK = 200
)

// SignedRank is the two-sided p-value of Wilcoxon's signed-rank test ("Individual
// comparisons by ranking methods", Biometrics Bulletin 1, 1945) that d is
// symmetric about 0. Zeros are dropped, equal |d| share their mean rank, and
// the distribution is the exact one given those ranks (Hollander and Wolfe,
// Nonparametric Statistical Methods, section 3.1): p = min(1, 2 P(W <= w)) with
// w the smaller rank sum. With randomised rounds the test is exact whatever
// drift or dependence the times have.
//
// Up to n = 2000 non-zero values p is exact, which costs microseconds for
// tens of rounds, milliseconds for hundreds without ties, and at worst seconds
// for 2000 with ties; above, it is normal with corrections for ties and
// continuity. With zeros only p is 1. It is never 0.
func SignedRank(d []float64) (p float64, err error) {
	if err := checkFinite(d); err != nil {
		return 0, fmt.Errorf("signed-rank test: %w", err)
	}
	s := signedRanks(d)
	switch {
	case s.n == 0:
		return 1, nil
	case s.n > exactSignedRank:
		return s.normalP(0.5), nil
	}
	return s.exactP(), nil
}

// signed is what the test needs to know of the data.
type signed struct {
	n     int     // non-zero values
	plus  float64 // the sum of the ranks of positive values
	ranks []float64
	ties  []int
}

// signedRanks drops zeros and ranks |d|.
func signedRanks(d []float64) signed {
	size := make([]float64, 0, len(d))
	for _, v := range d {
		if v != 0 {
			size = append(size, math.Abs(v))
		}
	}
	s := signed{n: len(size)}
	s.ranks, s.ties = midRanks(size)
	i := 0
	for _, v := range d {
		if v == 0 {
			continue
		}
		if v > 0 {
			s.plus += s.ranks[i]
		}
		i++
	}
	return s
}

// exactP is the p-value from the exact conditional distribution. The signs of
// n values are 2^n equally likely choices, so the distribution of the sum is
// symmetric and the smaller tail decides.
func (s signed) exactP() float64 {
	units, total := s.units()
	unit := float64(s.n*(s.n+1)) / 2 / float64(total)
	w := int(math.Round(s.plus / unit))
	w = min(w, total-w)
	tail := 0.0
	if len(s.ties) == 0 && s.n > exactSignedRankK {
		tail = rankSumCDF(s.n, w)
	}
	// The inverted characteristic function is exact to about 1e-15 in absolute
	// terms only, which is not enough for a p-value far out in the tail.
	if tail < 1e-5 {
		tail = signSumCDF(units, w)
	}
	return max(min(1, 2*tail), 0x1p-1022)
}

// units are the ranks as whole multiples of their greatest common unit (halves
// where two values share a mean rank), ascending, with their sum.
func (s signed) units() (units []int, total int) {
	units = make([]int, s.n)
	divisor := 0
	for i, r := range s.ranks {
		units[i] = int(2 * r)
		divisor = gcd(divisor, units[i])
	}
	for i := range units {
		units[i] /= divisor
		total += units[i]
	}
	slices.Sort(units)
	return units, total
}

// gcd is the greatest common divisor; gcd(0, b) is b.
func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// normalP is the two-sided p-value of the normal approximation with variance
// n(n+1)(2n+1)/24 - sum(t^3-t)/48 over the groups of t equal values, the
// deviation brought towards 0 by the continuity correction.
func (s signed) normalP(correction float64) float64 {
	n := float64(s.n)
	variance := n * (n + 1) * (2*n + 1) / 24
	for _, t := range s.ties {
		t := float64(t)
		variance -= t * (t*t - 1) / 48
	}
	away := max(math.Abs(s.plus-n*(n+1)/4)-correction, 0)
	return min(1, 2*normalCDF(-away/math.Sqrt(variance)))
}
