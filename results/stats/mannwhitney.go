package stats

import (
	"fmt"
	"math"
	"slices"
)

// exactMannWhitney is the largest number of values, of both samples together,
// for which the distribution of U is exact; it costs milliseconds there.
const exactMannWhitney = 100

// A TwoSample is the outcome of the Mann-Whitney test.
type TwoSample struct {
	// U counts the pairs x > y, equal ones half.
	U float64
	// P is the two-sided p-value: exact, given the ties, up to 100 values of
	// both together, above that normal with continuity correction.
	P float64
	// Delta is Cliff's delta, P(x > y) - P(x < y) (Psychological Bulletin 114,
	// 1993), and A12 is U as a share of the pairs.
	Delta, A12 float64
}

// MannWhitney compares two samples that are not paired ("On a test of whether
// one of two random variables is stochastically larger than the other", Annals
// of Mathematical Statistics 18, 1947). Between runs of different days it is
// all that can be done, and drift between them is not in its p-value. It takes
// +Inf as failed trials. With all values equal p is 1.
func MannWhitney(x, y []float64) (TwoSample, error) {
	for _, side := range [][]float64{x, y} {
		if err := checkWorst(side); err != nil {
			return TwoSample{}, fmt.Errorf("mann-whitney test: %w", err)
		}
	}
	s := poolRanks(x, y)
	pairs := float64(s.m) * float64(s.n-s.m)
	u := s.sum - float64(s.m*(s.m+1))/2
	out := TwoSample{U: u, Delta: 2*u/pairs - 1, A12: u / pairs, P: s.normalP(0.5)}
	if s.n <= exactMannWhitney {
		out.P = s.exactP()
	}
	return out, nil
}

// pooled is what the test needs to know: the ranks of all n values, the sum of
// those of the m values of x, and the ties.
type pooled struct {
	m, n  int
	sum   float64
	ranks []float64
	ties  []int
}

// poolRanks ranks the values of both samples together, those of x first.
func poolRanks(x, y []float64) pooled {
	all := append(append(make([]float64, 0, len(x)+len(y)), x...), y...)
	s := pooled{m: len(x), n: len(all)}
	s.ranks, s.ties = midRanks(all)
	s.sum = sum(s.ranks[:len(x)])
	return s
}

// exactP is P(|R - E| >= |r - E|) for the rank sum R of m of the n values drawn
// at random and its mean E = m(n+1)/2, by counting draws. With ties and samples
// of different size R is not symmetric, and this is not twice a tail. Ranks are
// doubled, so that those of ties are whole.
func (s pooled) exactP() float64 {
	units, m, r := make([]int, s.n), s.m, int(2*s.sum)
	total := 0
	for i, rank := range s.ranks {
		units[i] = int(2 * rank)
		total += units[i]
	}
	if rest := s.n - m; rest < m { // the smaller sample is cheaper and tells the same
		m, r = rest, total-r
	}
	middle := m * (s.n + 1)
	away := max(r-middle, middle-r)
	var beyond, all float64
	for v, c := range drawCounts(units, m) {
		all += c
		if v-middle >= away || middle-v >= away {
			beyond += c
		}
	}
	return beyond / all
}

// drawCounts counts the subsets of m units by their sum. The counts stay below
// 2^100 for 100 values, and all are positive, so that no digit is lost.
func drawCounts(units []int, m int) []float64 {
	largest := slices.Sorted(slices.Values(units))[len(units)-m:]
	reach := 0
	for _, u := range largest {
		reach += u
	}
	counts := make([][]float64, m+1)
	for k := range counts {
		counts[k] = make([]float64, reach+1)
	}
	counts[0][0] = 1
	for _, u := range units {
		for k := m; k >= 1; k-- {
			from, to := counts[k-1], counts[k]
			for v := u; v <= reach; v++ {
				to[v] += from[v-u]
			}
		}
	}
	return counts[m]
}

// normalP is the two-sided p-value of the normal approximation, with variance
// m(n-m)/12 [(n+1) - sum(t^3-t)/(n(n-1))] over groups of t equal values.
func (s pooled) normalP(correction float64) float64 {
	m, rest, n := float64(s.m), float64(s.n-s.m), float64(s.n)
	var ties float64
	for _, t := range s.ties {
		t := float64(t)
		ties += t * (t*t - 1)
	}
	variance := m * rest / 12 * (n + 1 - ties/(n*(n-1)))
	if !(variance > 1e-9*m*rest) {
		return 1
	}
	away := max(math.Abs(s.sum-m*(m+1)/2-m*rest/2)-correction, 0)
	return min(1, 2*normalCDF(-away/math.Sqrt(variance)))
}
