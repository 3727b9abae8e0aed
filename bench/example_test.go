package bench_test

import (
	"context"
	"fmt"
	"os"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/results"
)

// halves is a strategy of one's own: the first half of the batch at once, and the
// second when the first is done.
type halves struct{}

// Run makes the calls.
func (halves) Run(ctx context.Context, n int, call fetchers.Call) error {
	if err := (fetchers.Goroutines{}).Run(ctx, n/2, call); err != nil {
		return err
	}
	return fetchers.Goroutines{}.Run(ctx, n-n/2, func(ctx context.Context, i int) error {
		return call(ctx, n/2+i)
	})
}

// Limit is how many of n calls may be under way at once.
func (halves) Limit(n int) int { return n - n/2 }

// A strategy of one's own is measured against others as a value: in the same
// rounds, against the same upstream, with the clock in the hands of the harness.
func Example() {
	plan, err := bench.Defaults("constant") // ten answers of 50 ms
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	plan.Upstream.Form = bench.FormMock // no sockets
	plan.Rounds, plan.Warmup = 3, 0

	mine := bench.New("halves", halves{})
	pool := bench.New("pool:5", fetchers.Pool{Workers: 5})
	made, most := 0, 0
	for trial, err := range bench.Run(context.Background(), plan, mine, pool) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return
		}
		if trial.Outcome == results.OK {
			made++
			most = max(most, trial.Tally.Flight.Max)
		}
	}
	fmt.Printf("%d trials without a failure, at most %d in flight\n", made, most)
	// Output: 6 trials without a failure, at most 5 in flight
}

// A plan is read from YAML or JSON over the defaults for its profile. What cannot
// be is told with its place.
func ExampleDecodePlan() {
	plan, err := bench.DecodePlan("plan.yaml", []byte("upstream: {profile: article}\ncontenders: [sequential, pool:4]"))
	fmt.Println(plan.Rounds, plan.Warmup, plan.Contenders, err)
	_, err = bench.DecodePlan("plan.yaml", []byte("upstream: {profile: article}\nruonds: 3"))
	fmt.Println(err)
	// Output:
	// 10 0 [sequential pool:4] <nil>
	// plan.yaml:2:1: unknown key "ruonds", did you mean "rounds"?
}
