package results_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// steady is a run of twelve rounds that vary a little and mean nothing by it:
// six times below and above a second, in an order without a pattern.
func steady() *results.Run {
	wobble := []float64{1.00, 1.03, 0.98, 1.01, 0.97, 1.02, 0.99, 1.04, 1.00, 0.96, 1.02, 0.98}
	twice := make([]float64, len(wobble))
	for i := range wobble {
		twice[i] = 2 * wobble[(7*i+3)%len(wobble)]
	}
	run := timed([]string{"sequential", "pool:2"}, twice, wobble)
	run.Target.Embedded, run.Target.Form = "article", "process"
	run.Environment.CPUs = 2
	for i := range run.Trials { // each is first in every other round
		run.Trials[i].Position = (i + i/2) % 2
	}
	return run
}

// each changes every trial of a contender, or of all where the name is empty.
func each(run *results.Run, name string, change func(*results.Trial)) {
	for i := range run.Trials {
		if name == "" || run.Trials[i].Contender == name {
			change(&run.Trials[i])
		}
	}
}

// A suspicion is a change to a steady run, and what the warning of the code then
// says; empty where there is none, because the change is just too small.
type suspicion struct {
	name   string
	change func(*results.Run)
	code   string
	words  string
}

// confirm wants each suspicion to come true.
func confirm(t *testing.T, list []suspicion) {
	t.Helper()
	for _, s := range list {
		run := steady()
		s.change(run)
		w, got := find(run, s.code, "")
		if got != (s.words != "") || !strings.Contains(w.Text, s.words) || got && w.Hint == "" {
			t.Errorf("%s: %+v, want %q", s.name, w, s.words)
		}
	}
}

// TestSteadyRunsHaveNoWarning, so that each of those below is due to its change.
func TestSteadyRunsHaveNoWarning(t *testing.T) {
	equal(t, "warnings", results.Judge(steady()).Warnings, []results.Warning(nil))
}

// TestR48TheClientIsTheLimit where goroutines wait more than a millisecond and a
// tenth of a latency for a processor. The requests of pool:2 take as long as its
// trials, one of sequential half of that: a second.
func TestR48TheClientIsTheLimit(t *testing.T) {
	wait := func(name string, d time.Duration) func(*results.Run) {
		return func(r *results.Run) {
			each(r, name, func(t *results.Trial) { t.Machine.SchedP99NS = d.Nanoseconds() })
		}
	}
	quick := func(d time.Duration) func(*results.Run) {
		return func(r *results.Run) {
			each(r, "pool:2", func(t *results.Trial) {
				// Two requests of 5 ms.
				t.Tally.Flight.LatencyNS, t.Machine.SchedP99NS = 10e6, d.Nanoseconds()
			})
		}
	}
	garbage := func(share float64) func(*results.Run) {
		return func(r *results.Run) {
			each(r, "", func(t *results.Trial) { t.Machine.GCPauseNS = int64(share * float64(t.ElapsedNS)) })
		}
	}
	confirm(t, []suspicion{
		{"a tenth of a second", wait("pool:2", 101*time.Millisecond), results.WarnSaturated, "waited 101.0 ms or more for a processor, where a request takes 1.00 s"},
		{"just below", wait("pool:2", 99*time.Millisecond), results.WarnSaturated, ""},
		{"a millisecond", quick(1001 * time.Microsecond), results.WarnSaturated, "the client was the limit for pool:2"},
		{"no more than that", quick(time.Millisecond), results.WarnSaturated, ""},
		{"garbage", garbage(0.101), results.WarnSaturated, "collecting garbage stopped it for 10 % of the time"},
		{"less of it", garbage(0.099), results.WarnSaturated, ""},
		{"one trial", func(r *results.Run) { r.Trials[5].Machine.SchedP99NS = 1e9 }, results.WarnSaturated, ""},
		{"all failed", func(r *results.Run) {
			wait("pool:2", time.Second)(r)
			each(r, "pool:2", func(t *results.Trial) { t.Outcome = results.Failed })
		}, results.WarnSaturated, ""},
	})
}

// TestTheMachineIsNoisy where its host takes more than 2 % of the ticks, more
// tasks want to run than there are processors, or the clocks come apart.
func TestTheMachineIsNoisy(t *testing.T) {
	host := func(change func(*results.Host)) func(*results.Run) {
		return func(r *results.Run) { each(r, "", func(t *results.Trial) { change(&t.Machine.Host) }) }
	}
	ticks := func(steal int64) func(*results.Run) {
		return host(func(h *results.Host) { h.StealTicks, h.TotalTicks = steal, 1000 })
	}
	load := func(v float64) func(*results.Run) { return host(func(h *results.Host) { h.Load = v }) }
	step := func(d time.Duration) func(*results.Run) {
		return func(r *results.Run) { r.Trials[6].Machine.Host.ClockStepNS = d.Nanoseconds() }
	}
	confirm(t, []suspicion{
		{"stolen", ticks(21), results.WarnMachine, "its host took 2.1 % of the processor time"},
		{"not much", ticks(20), results.WarnMachine, ""},
		{"not told", func(*results.Run) {}, results.WarnMachine, ""},
		{"load", load(2.1), results.WarnMachine, "2.1 tasks wanted to run on 2 processors"},
		{"as many as there are", load(2), results.WarnMachine, ""},
		{"load on no known number", func(r *results.Run) { load(9)(r); r.Environment.CPUs = 0 }, results.WarnMachine, ""},
		{"set forward", step(51 * time.Millisecond), results.WarnMachine, "during trials: 51ms in round 3 (sequential)"},
		{"set back", step(-51 * time.Millisecond), results.WarnMachine, "51ms in round 3"},
		{"aborted for it", func(r *results.Run) { step(time.Hour)(r); r.Trials[6].Outcome = results.Aborted }, results.WarnMachine, "1h0m0s in round 3"},
		{"disciplined", step(50 * time.Millisecond), results.WarnMachine, ""},
		{"set in a warm-up round", func(r *results.Run) { step(time.Hour)(r); r.Trials[6].Round = -1 }, results.WarnMachine, ""},
	})
}

// TestTheFirstRoundIsTold apart from other slow trials, and only where it is the
// first that was measured.
func TestTheFirstRoundIsTold(t *testing.T) {
	slow := func(trial int) func(*results.Run) {
		return func(r *results.Run) { r.Trials[trial].ElapsedNS *= 3 }
	}
	dropped := func(r *results.Run) { slow(2)(r); r.Trials[0].Outcome = results.Aborted }
	quick := func(r *results.Run) { r.Trials[1].ElapsedNS /= 3 }
	confirm(t, []suspicion{
		{"first", slow(1), results.WarnFirst, "the first round was slower, and is in the averages: pool:2 took 3.0x its median"},
		{"is no outlier besides", slow(1), results.WarnOutliers, ""},
		{"nor skew", slow(1), results.WarnSkew, ""},
		{"first by the profile", func(r *results.Run) { slow(1)(r); r.Target.Cold = true }, results.WarnFirst, "the first round was slower"},
		{"another", slow(3), results.WarnFirst, ""},
		{"another is rare", slow(3), results.WarnSkew, "rare slow trials of pool:2"},
		{"another is an outlier", slow(3), results.WarnOutliers, "in round 1; they are in every number"},
		{"the first was dropped", dropped, results.WarnFirst, ""},
		{"and the next is an outlier", dropped, results.WarnOutliers, "in round 1; they"},
		{"a quick first", quick, results.WarnFirst, ""},
		{"is an outlier", quick, results.WarnOutliers, "in round 0; they"},
		{"and no slow trial", quick, results.WarnSkew, ""},
		// The modified z of 1.1 among the others is 2.4, below 5.
		{"a little slower", func(r *results.Run) { r.Trials[1].ElapsedNS = 1.1e9 }, results.WarnFirst, ""},
	})
}

// TestSkewedTimesAreTold: the adjusted skewness of the first list is 2.3, of the
// second, with 8 in the place of 10, 1.8; no value of either is an outlier. A time
// beyond five times the median is rare and slow.
func TestSkewedTimesAreTold(t *testing.T) {
	with := func(longest float64) func(*results.Run) {
		return func(r *results.Run) {
			x := []float64{1, 1.2, 1.5, 2, longest, 2.5, 3, 3.2, 3.5, 4}
			*r = *timed([]string{"sequential"}, x)
		}
	}
	confirm(t, []suspicion{
		{"skewed", with(10), results.WarnSkew, "the times of sequential are skewed"},
		{"less so", with(8), results.WarnSkew, ""},
		{"rare and slow", with(14), results.WarnSkew, "rare slow trials of sequential: the average may be higher than its interval says"},
		{"of nine", func(r *results.Run) { with(14)(r); r.Trials = r.Trials[:9] }, results.WarnSkew, ""},
	})
}

// TestTheIdentityIsHeldAgainstEveryRound: 2 % of the sequential time may lie
// between requests, and none of it under two of them.
func TestTheIdentityIsHeldAgainstEveryRound(t *testing.T) {
	latency := func(share float64) func(*results.Run) {
		return func(r *results.Run) {
			flight := &r.Trials[4].Tally.Flight
			flight.LatencyNS = int64(share * float64(r.Trials[4].ElapsedNS))
		}
	}
	confirm(t, []suspicion{
		{"gaps", latency(0.975), results.WarnIdentity, "in 1 round sequential spent up to 2.5 % of its time between requests"},
		{"small ones", latency(0.985), results.WarnIdentity, ""},
		{"overlap", latency(1.03), results.WarnIdentity, "requests of sequential overlapped"},
		{"hardly", latency(1.015), results.WarnIdentity, ""},
		{"no sequential one", func(r *results.Run) { latency(0.5)(r); r.Contenders[0].Asked = 2 }, results.WarnIdentity, ""},
	})
}

// TestATrendIsTold with its size, and what it does to the speed-up in the order
// that was used. A factor of 1.02 a round is 1.02^11 = 1.24 over twelve.
func TestATrendIsTold(t *testing.T) {
	drift := func(per float64) func(*results.Run) {
		return func(r *results.Run) {
			each(r, "", func(t *results.Trial) { t.ElapsedNS = int64(float64(t.ElapsedNS) * math.Pow(per, float64(t.Round))) })
		}
	}
	confirm(t, []suspicion{
		{"slower", drift(1.02), results.WarnTrend, "trials became 2"},
		{"slower", drift(1.02), results.WarnTrend, " % slower over the run; the speed-up is paired by round and unaffected"},
		{"faster", drift(1 / 1.02), results.WarnTrend, "faster over the run"},
		{"not to tell from noise", drift(1.001), results.WarnTrend, ""},
		{"fixed", func(r *results.Run) { drift(1.02)(r); r.Design.Order = "fixed" }, results.WarnTrend, "in this order that is part of the speed-up, too"},
	})
}

// TestLongRunsAreScreenedToo: of 2600 rounds the means of neighbours are compared,
// and the trend, twenty percent over all of them, does not hide.
func TestLongRunsAreScreenedToo(t *testing.T) {
	var x []float64
	for i := range 2600 {
		x = append(x, 1+0.2*float64(i)/2600+0.1*float64(i*7919%101)/101)
	}
	_, got := find(timed([]string{"sequential"}, x), results.WarnTrend, "")
	equal(t, "trend", got, true)
	for i := range x {
		x[i] -= 0.2 * float64(i) / 2600
	}
	_, got = find(timed([]string{"sequential"}, x), results.WarnTrend, "")
	equal(t, "trend of none", got, false)
}
