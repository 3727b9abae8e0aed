package bench_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
)

// studied is how many runs a coverage study makes of each kind, from the
// environment: COVERAGE_STUDY=2000. It is 0 in a test, which makes none.
func studied() int {
	n, _ := strconv.Atoi(os.Getenv("COVERAGE_STUDY")) // what is no number asks for none
	return n
}

// A world is what trials meet besides their own work: a machine that slows down
// over the run, and noise of which part lasts from one trial to the next.
type world struct {
	drift float64 // slower by this factor for each second that passed
	noise float64 // standard deviation of the logarithm, drawn anew for each trial
	stays float64 // correlation of the lasting part from trial to trial
	lasts float64 // standard deviation of the lasting part
	draw  *rand.Rand
	start time.Time
	state float64
}

// trial is the factor on the next trial's time.
func (w *world) trial() float64 {
	w.state = w.stays*w.state + w.lasts*math.Sqrt(1-w.stays*w.stays)*w.draw.NormFloat64()
	drift := 1 + w.drift*time.Since(w.start).Seconds()
	return drift * math.Exp(w.state+w.noise*w.draw.NormFloat64())
}

// A study is one kind of run: twenty rounds of two contenders of which the second
// is faster by a known factor, through plan, journal and comparison.
type study struct {
	order string
	ratio float64
}

// run makes one run and returns what it concludes.
func (s study) run(t *testing.T, seed uint64) (c results.Comparison) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "run.jsonl")
	synctest.Test(t, func(t *testing.T) {
		// The machine becomes about three times slower over the run.
		w := &world{drift: 0.5, noise: 0.3, stays: 0.5, lasts: 0.3, draw: rand.New(rand.NewPCG(seed, 1)), start: time.Now()}
		takes := func(factor float64) func() time.Duration {
			return func() time.Duration { return time.Duration(100e6 * w.trial() / factor) }
		}
		p := nowhere(t)
		p.Order, p.Seed = s.order, seed
		journal(t, path, p, sleeper{"base", takes(1)}, sleeper{"other", takes(s.ratio)})
	})
	run, err := results.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return results.Compare(run, "base")[0]
}

// journal runs a plan into a journal.
func journal(t *testing.T, path string, p bench.Plan, own ...bench.Contender) {
	t.Helper()
	e, err := bench.Open(t.Context(), p, bench.Tool{}, own...)
	if err != nil {
		t.Fatal(err)
	}
	j, err := results.Create(path, e.Header())
	if err != nil {
		t.Fatal(err)
	}
	for trial, err := range e.Trials(t.Context()) {
		if err := errors.Join(err, j.Append(&trial)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(j.End(""), e.Close()); err != nil {
		t.Fatal(err)
	}
}

// covers tells whether the interval of the speed-up holds the truth.
func (s study) covers(c results.Comparison) bool {
	return c.SpeedUp != nil && *c.SpeedUp.Lo <= s.ratio && s.ratio <= *c.SpeedUp.Hi
}

// claims tells whether the comparison says that one of the two is faster.
func claims(c results.Comparison) bool {
	return c.Verdict == "candidate faster" || c.Verdict == "candidate slower"
}

// share is how many of n runs show something, in percent.
func (s study) share(t *testing.T, n int, shows func(results.Comparison) bool) float64 {
	t.Helper()
	count := 0
	for seed := range n {
		if shows(s.run(t, uint64(seed)+1)) {
			count++
		}
	}
	return 100 * float64(count) / float64(n)
}

// TestCoverageStudy is the command behind the table of docs/statistics.md: make
// coverage-study. A nominal 95 % interval must hold the truth in 95 +- 1.5 % of
// 2000 interleaved runs, and two equal contenders must be called different in at
// most 5 %, give or take two standard errors of so many runs.
func TestCoverageStudy(t *testing.T) {
	n := studied()
	if n == 0 {
		t.Skip("a study of thousands of runs: make coverage-study")
	}
	margin := 100 * 2 * math.Sqrt(.05*.95/float64(n))
	fmt.Println("| order of contenders | interval holds the true speed-up of 1.3 | two equal contenders called different |")
	fmt.Println("|---|---:|---:|")
	for _, order := range []string{bench.Random, bench.Balanced, bench.Fixed, bench.Blocks} {
		known := study{order, 1.3}
		coverage := known.share(t, n, known.covers)
		wrong := study{order, 1}.share(t, n, claims)
		fmt.Printf("| %s | %.1f %% | %.1f %% |\n", order, coverage, wrong)
		if order == bench.Random && (math.Abs(coverage-95) > max(1.5, margin) || wrong > 5+margin) {
			t.Errorf("random order: coverage %.1f %%, false positives %.1f %%", coverage, wrong)
		}
	}
}

// An upstream that becomes 5 % slower each second, and the same contender twice:
// drawn anew each round, the order makes a difference of nothing but chance; all of
// one and then all of the other finds one that does not exist.
func TestDriftFoolsBlocksAndNotRounds(t *testing.T) {
	long(t)
	runs := 20
	if studied() > 0 {
		runs = 200
	}
	called := map[string]int{}
	for _, order := range []string{bench.Random, bench.Blocks} {
		for seed := range runs {
			path := filepath.Join(t.TempDir(), "run.jsonl")
			synctest.Test(t, func(t *testing.T) {
				p := inMemory(t, "drift", "pool:5")
				p.AA, p.Order, p.Rounds, p.Warmup, p.Seed = true, order, 20, 1, uint64(seed)+1
				p.Pause = bench.Duration(200 * time.Millisecond)
				journal(t, path, p)
			})
			run, err := results.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			if claims(results.Compare(run, "pool:5")[0]) {
				called[order]++
			}
		}
	}
	t.Logf("of %d runs of one contender twice: %d called different in random order, %d in blocks",
		runs, called[bench.Random], called[bench.Blocks])
	if called[bench.Random] > runs/20 {
		t.Errorf("random order: %d of %d, more than 5 %%", called[bench.Random], runs)
	}
	if called[bench.Blocks] <= runs/2 {
		t.Errorf("blocks: %d of %d, want most of them", called[bench.Blocks], runs)
	}
}
