package results_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// BenchmarkJudge is what judging many contenders costs, and many rounds, the
// diagnostics and the bootstrap of every pair included.
func BenchmarkJudge(b *testing.B) {
	for _, size := range [][2]int{{100, 20}, {10, 100}, {10, 1000}} {
		b.Run(fmt.Sprintf("contenders=%d/rounds=%d", size[0], size[1]), func(b *testing.B) {
			draw := rand.New(rand.NewPCG(1, 3))
			var names []string
			var times [][]float64
			for i := range size[0] {
				names = append(names, fmt.Sprintf("contender%d", i))
				times = append(times, lognormal(draw, size[1], 1+float64(i)/50, 0.2))
			}
			run := timed(names, times...)
			for b.Loop() {
				if j := results.Judge(run); len(j.Comparisons) != size[0]-1 {
					b.Fatalf("%d comparisons", len(j.Comparisons))
				}
			}
		})
	}
}
