package stats

import (
	"slices"
)

// leastInflation is the number of values below which no serial dependence can
// be told from chance, so that intervals are not widened.
const leastInflation = 10

// Inflation is the factor f >= 1 by which dependence between successive values
// multiplies the variance of their average; n/f values carry as much. With r1
// the autocorrelation at lag 1 of the ranks in round order, corrected for its
// bias as r = r1 + (1+3 r1)/n (Marriott and Pope, "Bias in the estimation of
// autocorrelations", Biometrika 41, 1954) and held to [0, 0.95], f is
// (1+r)/(1-r), as for the mean of a first-order autoregression. Ranks keep one slow
// trial from hiding the rest. Below 10 values, or when all are equal, f is 1.
// +Inf, a failed trial, has a rank like any other; with NaN f is 1.
func Inflation(x []float64) float64 {
	if len(x) < leastInflation || checkWorst(x) != nil {
		return 1
	}
	n := float64(len(x))
	r1, constant := rankLag1(x)
	if constant {
		return 1
	}
	r := min(max(r1+(1+3*r1)/n, 0), 0.95)
	return (1 + r) / (1 - r)
}

// rankLag1 is sum (R_i-m)(R_{i+1}-m) / sum (R_i-m)^2 over the ranks R, and
// whether all values are equal, in which case it is 0.
func rankLag1(x []float64) (r1 float64, constant bool) {
	ranks, _ := midRanks(x)
	m := float64(len(x)+1) / 2
	var across, within float64
	for i, r := range ranks {
		within += float64((r - m) * (r - m))
		if i > 0 {
			across += float64((ranks[i-1] - m) * (r - m))
		}
	}
	if within == 0 {
		return 0, true
	}
	return across / within, false
}

// midRanks gives each value its rank counted from 1, equal values the mean of
// their ranks, and the sizes of the groups of equal values above one.
func midRanks(x []float64) (ranks []float64, ties []int) {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case x[a] < x[b]:
			return -1
		case x[a] > x[b]:
			return 1
		}
		return a - b
	})
	ranks = make([]float64, len(x))
	for i := 0; i < len(order); {
		j := i + 1
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		for _, k := range order[i:j] {
			ranks[k] = float64(i+1+j) / 2
		}
		if j-i > 1 {
			ties = append(ties, j-i)
		}
		i = j
	}
	return ranks, ties
}
