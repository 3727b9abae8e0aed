package predict_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results/predict"
)

// BenchmarkMakespan is what a batch of a thousand requests costs to simulate.
func BenchmarkMakespan(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	requests := make([]predict.Request, 1000)
	for i := range requests {
		requests[i].Latency = time.Duration(50e6 * random.ExpFloat64())
	}
	for _, s := range []predict.Schedule{
		{Kind: predict.Slots, Size: 1},
		{Kind: predict.Slots, Size: 8},
		{Kind: predict.Slots, Size: 256},
		{Kind: predict.Slots},
		{Kind: predict.Waves, Size: 8},
		{Kind: predict.Paced, Rate: 400},
	} {
		b.Run(fmt.Sprintf("schedule=%s:%d", s.Kind, s.Size), func(b *testing.B) {
			for b.Loop() {
				s.Makespan(requests)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(requests)), "ns/request")
		})
	}
}

// BenchmarkSimulate is a prediction from a hundred rounds of a thousand requests: of
// a batch as it was, and of one twice as long, for which all is drawn anew.
func BenchmarkSimulate(b *testing.B) {
	r := record(1000, []string{"http://a/"}, alone())
	random := rand.New(rand.NewPCG(1, 2))
	millis := make([]int, 1000)
	for round := range 100 {
		for i := range millis {
			millis[i] = 1 + int(50*random.ExpFloat64())
		}
		r.trial(round, "sequential", 0, millis...)
	}
	s := r.must(b)
	for _, n := range []int{1000, 2000} {
		b.Run(fmt.Sprintf("requests=%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Simulate(predict.Schedule{Kind: predict.Slots, Size: 8}, predict.Options{Requests: n}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
