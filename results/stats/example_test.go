package stats_test

import (
	"fmt"
	"math"

	"github.com/fetchbench/fetchbench/results/stats"
)

// How much faster a contender is, paired by round, with what the data do not
// exclude and the verdict that follows.
func Example() {
	baseline := []float64{1.9, 2.1, 2.4, 1.7, 2.2, 3.0, 2.5, 1.8}
	contender := []float64{0.3, 0.4, 0.35, 0.28, 0.5, 0.33, 0.41, 0.3}

	d, err := stats.LogRatios(baseline, contender)
	if err != nil {
		fmt.Println(err)
		return
	}
	shift, _ := stats.HodgesLehmann(d, 0.95)
	narrow, _ := stats.HodgesLehmann(d, 0.90)
	p, _ := stats.SignedRank(d)
	success, _ := stats.Newcombe(8, 8, 8, 8, 0.95)
	iv := shift.Interval.Exp()

	fmt.Printf("%.1fx, %.1f to %.1f at %.1f %%, p = %.4f\n", math.Exp(shift.Estimate), iv.Lo, iv.Hi, 100*iv.Level, p)
	fmt.Println(stats.Judge(stats.Evidence{
		Rounds: len(d), Success: success, Equivalence: narrow.Interval, P: p,
		Direction: shift.Estimate, Delta: 0.05, Alpha: 0.05,
	}))
	// Output:
	// 6.1x, 5.2 to 7.4 at 96.1 %, p = 0.0078
	// candidate faster
}

// A failed trial is +Inf: it takes part as the worst rank and in no average.
func ExampleMedianInterval() {
	times := []float64{1.2, 0.9, math.Inf(1), 1.5, 1.1, 1.3, 0.8}
	median, _ := stats.Median(times)
	iv, _ := stats.MedianInterval(times, 0.95)
	fmt.Println(median, iv.Lo, "and up:", iv.Open)
	mean, _ := stats.Mean(stats.Successes(times))
	fmt.Printf("%.2f of %d successful trials\n", mean, len(stats.Successes(times)))
	// Output:
	// 1.2 0.8 and up: true
	// 1.13 of 6 successful trials
}

// Percentiles that the number of trials cannot carry are not printed.
func ExampleTrialsForQuantile() {
	for _, p := range []float64{0.9, 0.95, 0.99} {
		n, _ := stats.TrialsForQuantile(p, 0.95)
		fmt.Printf("p%g needs %d trials\n", 100*p, n)
	}
	// Output:
	// p90 needs 36 trials
	// p95 needs 72 trials
	// p99 needs 368 trials
}
