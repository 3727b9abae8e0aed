package stats

import "math"

// signSumCDF is P(sum of a random subset of units <= w), each unit in it with
// probability 1/2: the recursion f_i(v) = (f_{i-1}(v) + f_{i-1}(v-u_i)) / 2,
// kept only up to w. All terms are positive, so that even tiny tails have all
// their digits; a tail below the range of float64 becomes 0. Units must ascend.
func signSumCDF(units []int, w int) float64 {
	if w < 0 {
		return 0
	}
	f := make([]float64, w+1)
	f[0] = 1
	reach := 0
	for _, u := range units {
		reach = min(reach+u, w)
		// From above, so that f[v-u] is still the one before this unit.
		for v := reach; v >= u; v-- {
			f[v] = 0.5 * (f[v] + f[v-u])
		}
		for v := min(u-1, reach); v >= 0; v-- {
			f[v] *= 0.5
		}
	}
	return min(sum(f), 1)
}

// rankSumCDF is P(W <= w) for the sum W of a random subset of the ranks 1..n,
// by inverting its characteristic function prod cos(t j / 2) about the mean
// (Gil-Pelaez, "Note on the inversion theorem", Biometrika 38, 1951) with the
// midpoint rule over a period of 40 standard deviations, beyond which lies less
// than 1e-80. For a distribution on whole numbers that sum is exact but for
// rounding, about 1e-15; the characteristic function has vanished after a few
// dozen points. It is meant for n > 200.
func rankSumCDF(n, w int) float64 {
	mean := float64(n) * float64(n+1) / 4
	sd := math.Sqrt(float64(n) * float64(n+1) * float64(2*n+1) / 24)
	period := math.Ceil(40 * sd)
	from := mean - float64(w) - 0.5
	if math.Abs(from) > period/2-1 {
		return math.Max(0, math.Copysign(1, -from))
	}
	var s float64
	for k := 0.0; ; k++ {
		t := 2 * math.Pi * (k + 0.5) / period
		phi := 1.0
		for j := 1; j <= n && phi != 0; j++ {
			phi *= math.Cos(t * float64(j) / 2)
		}
		s += phi * math.Sin(t*from) / math.Sin(t/2)
		if t >= math.Pi || t*sd > 10 {
			break
		}
	}
	return min(max(0.5-s/period, 0), 1)
}

// SignedRankK finds the rank k of the Walsh average that ends the interval of
// level for the pseudo-median of n values, and the level achieved:
// k = max(1, the (1-level)/2 quantile of Wilcoxon's W), achieved
// 1 - 2 P(W <= k-1) (Hollander and Wolfe, section 3.3). The distribution is
// exact up to n = 200; above, k = floor(M/2 - z sqrt(n(n+1)(2n+1)/24)) with
// M = n(n+1)/2. Without values k is 0.
func SignedRankK(n int, level float64) (k int, achieved float64) {
	if n < 1 {
		return 0, 0
	}
	total := n * (n + 1) / 2
	if n > exactSignedRankK {
		sd := math.Sqrt(float64(n) * float64(n+1) * float64(2*n+1) / 24)
		k = max(1, int(math.Floor(float64(total)/2-float64(twoSidedZ(level)*sd))))
		return k, 1 - 2*rankSumCDF(n, k-1)
	}
	tail := (1 - level) / 2
	below := 0.0
	for w, f := range rankSumLower(n, total/2) {
		if below+f >= tail {
			break
		}
		below += f
		k = w + 1
	}
	if k == 0 {
		k, below = 1, math.Ldexp(1, -n)
	}
	return k, max(1-2*below, 0)
}

// rankSumLower holds P(W = w) for w = 0..limit, W the sum of a random subset of
// 1..n.
func rankSumLower(n, limit int) []float64 {
	f := make([]float64, limit+1)
	f[0] = 1
	reach := 0
	for u := 1; u <= n; u++ {
		reach = min(reach+u, limit)
		for v := reach; v >= u; v-- {
			f[v] = 0.5 * (f[v] + f[v-u])
		}
		for v := min(u-1, reach); v >= 0; v-- {
			f[v] *= 0.5
		}
	}
	return f
}
