package predict_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/results/predict"
)

// waves makes so many calls at once and waits for the slowest of them.
type waves int

// Run makes the calls.
func (k waves) Run(ctx context.Context, n int, call fetchers.Call) error {
	for first := 0; first < n; first += int(k) {
		wave := func(ctx context.Context, i int) error { return call(ctx, first+i) }
		if err := (fetchers.Goroutines{}).Run(ctx, min(int(k), n-first), wave); err != nil {
			return err
		}
	}
	return nil
}

// paced starts a call whenever so much time has passed.
type paced time.Duration

// Run makes the calls.
func (every paced) Run(ctx context.Context, n int, call fetchers.Call) error {
	start := time.Now()
	return (fetchers.Goroutines{}).Run(ctx, n, func(ctx context.Context, i int) error {
		<-time.After(time.Until(start.Add(time.Duration(i) * time.Duration(every))))
		return call(ctx, i)
	})
}

// What a strategy does when it is really run, in virtual time, is what its schedule
// says, to the nanosecond: makespans follow from the latencies of a round alone.
func TestSchedulesAreWhatStrategiesDo(t *testing.T) {
	for _, profile := range []string{"constant", "lognormal", "bimodal", "exponential"} {
		path, run := measureOwn(t, profile, 0,
			bench.New("sequential", fetchers.Sequential{}), bench.New("waves:4", waves(4)), bench.New("paced:100", paced(10*time.Millisecond)))
		s := sample(t, path, run, "sequential")
		for name, schedule := range map[string]predict.Schedule{
			"waves:4":   {Kind: predict.Waves, Size: 4},
			"paced:100": {Kind: predict.Paced, Rate: 100},
		} {
			m := s.Check(simulate(t, s, schedule, predict.Options{}), name)
			if math.Abs(m.Off) > 1e-9 {
				t.Errorf("%s, %s: off by %v", profile, name, m.Off)
			}
		}
	}
}
