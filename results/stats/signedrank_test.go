package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// checkSignedRankK compares the rank exactly and the level nearly.
func checkSignedRankK(t *testing.T, c goldenCase) {
	var in struct {
		N    int
		Conf float64
	}
	var want struct {
		K        int
		Achieved float64
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	k, achieved := SignedRankK(in.N, in.Conf)
	if k != want.K {
		t.Errorf("k = %d, want %d", k, want.K)
	}
	near(t, "achieved", achieved, want.Achieved, 1e-10)
}

// checkSignedRank compares the test, its normal approximations, and the estimate
// with its interval, as logarithms and as ratios.
func checkSignedRank(t *testing.T, c goldenCase) {
	var in struct {
		D    []float64
		Conf float64
	}
	var want struct {
		N           int      `json:"n_used"`
		W           float64  `json:"W_plus"`
		P           float64  `json:"p_exact"`
		PContinuity float64  `json:"p_normal_continuity"`
		PNormal     float64  `json:"p_normal_no_continuity"`
		HL          *float64 `json:"hodges_lehmann"`
		CI          *struct {
			ends
			K          int
			Achieved   float64
			Attainable bool
		}
		Speedup *struct {
			ends
			Estimate float64
		}
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	s := signedRanks(in.D)
	if s.n != want.N || s.plus != want.W {
		t.Errorf("n = %d, W = %v, want %d, %v", s.n, s.plus, want.N, want.W)
	}
	near(t, "p", must(SignedRank(in.D))(t), want.P, 1e-9)
	if s.n > 0 {
		near(t, "p normal, continuity", s.normalP(0.5), want.PContinuity, 1e-9)
		near(t, "p normal", s.normalP(0), want.PNormal, 1e-9)
	}
	shift := must(HodgesLehmann(in.D, in.Conf))(t)
	if want.HL == nil {
		if shift.Interval.Level != 0 {
			t.Errorf("interval %+v, want none", shift.Interval)
		}
		return
	}
	near(t, "estimate", shift.Estimate, *want.HL, 1e-9)
	nearInterval(t, "interval", shift.Interval, want.CI.ends, 1e-9)
	near(t, "achieved", shift.Interval.Level, want.CI.Achieved, 1e-10)
	if k, _ := SignedRankK(len(in.D), in.Conf); k != want.CI.K {
		t.Errorf("k = %d, want %d", k, want.CI.K)
	}
	if (shift.Interval.Level >= in.Conf) != want.CI.Attainable {
		t.Errorf("achieved %v, attainable should be %v", shift.Interval.Level, want.CI.Attainable)
	}
	near(t, "speed-up", math.Exp(shift.Estimate), want.Speedup.Estimate, 1e-9)
	nearInterval(t, "speed-up", shift.Interval.Exp(), want.Speedup.ends, 1e-9)
}

// enumerated is the two-sided p-value from all 2^n ways to sign the values.
func enumerated(d []float64) float64 {
	s := signedRanks(d)
	below, above := 0, 0
	for signs := range 1 << s.n {
		w := 0.0
		for i, r := range s.ranks {
			w += r * float64(signs>>i&1)
		}
		if w <= s.plus {
			below++
		}
		if w >= s.plus {
			above++
		}
	}
	return min(1, 2*float64(min(below, above))/float64(int(1)<<s.n))
}

// Ties and zeros included, p is what counting all sign patterns gives; turning
// all signs or changing the unit does not matter.
func TestSignedRankAgreesWithCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := effects(t, 1, 11)
		p, err := SignedRank(d)
		if err != nil {
			t.Fatal(err)
		}
		alike(t, "p", p, enumerated(d), 1e-13)
		turned, _ := SignedRank(mapped(d, func(v float64) float64 { return -4 * v }))
		alike(t, "p of -4d", turned, p, 1e-13)
	})
}

// Under the null each sign pattern is equally likely, so that a p-value of at
// most alpha must come from at most a share alpha of them.
func TestSignedRankKeepsItsSize(t *testing.T) {
	sizes := []float64{0.1, 0.4, 0.4, 0.5, 0.7, 0.9, 1.1, 1.6}
	ps := make([]float64, 0, 1<<len(sizes))
	for signs := range 1 << len(sizes) {
		d := make([]float64, len(sizes))
		for i, v := range sizes {
			d[i] = v * float64(2*(signs>>i&1)-1)
		}
		ps = append(ps, must(SignedRank(d))(t))
	}
	for _, alpha := range []float64{0.01, 0.05, 0.1, 0.25, 0.5} {
		rejected := 0
		for _, p := range ps {
			if p <= alpha {
				rejected++
			}
		}
		if share := float64(rejected) / float64(len(ps)); share > alpha {
			t.Errorf("alpha %v: rejects %v of all outcomes", alpha, share)
		}
	}
}

// The level of the interval's rank is found by counting subsets, and k is the
// largest that exceeds the level, or 1.
func TestSignedRankKAgreesWithCounting(t *testing.T) {
	for n := 1; n <= 12; n++ {
		atMost := make([]int, n*(n+1)/2+1) // subsets of 1..n by their sum, cumulated
		for subset := range 1 << n {
			w := 0
			for i := range n {
				w += (i + 1) * (subset >> i & 1)
			}
			atMost[w]++
		}
		for w := 1; w < len(atMost); w++ {
			atMost[w] += atMost[w-1]
		}
		level := func(k int) float64 { return 1 - 2*float64(atMost[k-1])/float64(int(1)<<n) }
		for _, want := range []float64{0.5, 0.8, 0.9, 0.95, 0.96, 0.99} {
			k, achieved := SignedRankK(n, want)
			if achieved != max(level(k), 0) || (k > 1 && achieved < want) || (level(k+1) > want && n > 1) {
				t.Errorf("n %d, level %v: k %d achieves %v, counting %v and %v", n, want, k, achieved, level(k), level(k+1))
			}
		}
	}
}

// The inverted characteristic function agrees with the recursion wherever both
// can be computed, from the middle to far out.
func TestRankSumCDFAgreesWithTheRecursion(t *testing.T) {
	for _, n := range []int{60, 201, 333} {
		units := make([]int, n)
		for i := range units {
			units[i] = i + 1
		}
		middle := n * (n + 1) / 4
		sd := math.Sqrt(float64(n) * float64(n+1) * float64(2*n+1) / 24)
		for _, z := range []float64{0, -0.5, -1, -2, -3, -4, -5, -6} {
			w := middle + int(z*sd)
			if got, want := rankSumCDF(n, w), signSumCDF(units, w); math.Abs(got-want) > 1e-14 {
				t.Errorf("n %d, z %v: %v, want %v", n, z, got, want)
			}
		}
	}
}

// Where the method changes with n the numbers do not jump: the normal
// approximation is within half a per cent of the exact p-value at n = 2000.
func TestSignedRankMethodsMeet(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{200, 201, 700} {
		d := make([]float64, n)
		for i := range d {
			d[i] = random.NormFloat64() + 0.05
		}
		s := signedRanks(d)
		near(t, "p", must(SignedRank(d))(t), s.normalP(0.5), 0.005)
		k, achieved := SignedRankK(n, 0.95)
		if exact := 1 - 2*rankSumCDF(n, k-1); math.Abs(achieved-exact) > 1e-12 || math.Abs(achieved-0.95) > 0.001 {
			t.Errorf("n %d: k %d achieves %v, exactly %v", n, k, achieved, exact)
		}
	}
	large := make([]float64, 2001)
	for i := range large {
		large[i] = float64(i%7) - 2.9
	}
	near(t, "p beyond 2000", must(SignedRank(large))(t), signedRanks(large).normalP(0.5), 0)
}

// A p-value is never 0, however clear the case.
func TestSignedRankIsNeverZero(t *testing.T) {
	d := make([]float64, 1500)
	for i := range d {
		d[i] = float64(i + 1)
	}
	if p := must(SignedRank(d))(t); p <= 0 || p > 1e-300 {
		t.Errorf("p = %v", p)
	}
}

// A p-value far out in the tail, here around 1e-10, keeps its digits where the
// inverted characteristic function has few left, on either side of n = 200.
func TestSignedRankKeepsTinyTails(t *testing.T) {
	for n, negative := range map[int]int{150: 65, 250: 128} {
		d, units := make([]float64, n), make([]int, n)
		for i := range d {
			d[i], units[i] = float64(i+1), i+1
			if i < negative {
				d[i] = -d[i]
			}
		}
		p := must(SignedRank(d))(t)
		near(t, "p", p, 2*signSumCDF(units, negative*(negative+1)/2), 1e-12)
		if p > 1e-9 || p < 1e-12 {
			t.Errorf("n %d: p = %v is no test of this", n, p)
		}
	}
}
