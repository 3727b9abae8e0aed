package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// pairsOf draws n rounds of a baseline and a contender three times as fast.
func pairsOf(n int) (base, contender, d []float64) {
	random := rand.New(rand.NewPCG(17, uint64(n)))
	base, contender = lognormal(random, n, 0.5), lognormal(random, n, 0.3)
	for i := range base {
		base[i] *= 3
	}
	d, _ = LogRatios(base, contender)
	return base, contender, d
}

// BenchmarkHodgesLehmann is the headline estimate with its exact interval.
func BenchmarkHodgesLehmann(b *testing.B) {
	for _, n := range []int{20, 100, 2000} {
		_, _, d := pairsOf(n)
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := HodgesLehmann(d, 0.95); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSignedRank has ties in its slowest case only, because two ratios of
// nanoseconds are hardly ever equal.
func BenchmarkSignedRank(b *testing.B) {
	for _, n := range []int{20, 100, 200, 2000} {
		_, _, d := pairsOf(n)
		for i := range d {
			d[i] -= math.Log(3)
		}
		benchSignedRank(b, fmt.Sprintf("n=%d", n), d)
		if n == 2000 {
			benchSignedRank(b, "n=2000/ties", mapped(d, func(v float64) float64 { return math.Round(50*v) + 0.25 }))
		}
	}
}

// benchSignedRank measures one sample under its own name.
func benchSignedRank(b *testing.B, name string, d []float64) {
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := SignedRank(d); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkComparison is all that a report says about one pair of contenders
// over 20 rounds; a hundred of them must stay far below two seconds.
func BenchmarkComparison(b *testing.B) {
	base, contender, d := pairsOf(20)
	b.ReportAllocs()
	for b.Loop() {
		_, err1 := HodgesLehmann(d, 0.95)
		_, err2 := HodgesLehmann(d, 0.90)
		_, err3 := SignedRank(d)
		_, _, _, err4 := Fieller(base, contender, 0.95)
		_, _, err5 := RatioOfMedians(base, contender, 0.95, 1)
		_, err6 := MedianInterval(contender, 0.95)
		_, err7 := MeanInterval(contender, 0.95)
		_, err8 := EffectChanges(d)
		for _, err := range []error{err1, err2, err3, err4, err5, err6, err7, err8} {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkHistogram is the cost of recording one latency.
func BenchmarkHistogram(b *testing.B) {
	h := NewHistogram()
	b.ReportAllocs()
	for b.Loop() {
		if err := h.Record(123_456); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMannWhitney is the largest exact case.
func BenchmarkMannWhitney(b *testing.B) {
	x, y, _ := pairsOf(50)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := MannWhitney(x, y); err != nil {
			b.Fatal(err)
		}
	}
}
