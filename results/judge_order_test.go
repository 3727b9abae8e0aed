package results_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// TestOrdersThatAreNotDrawn cannot be mended by any formula; with one contender
// there is no order.
func TestOrdersThatAreNotDrawn(t *testing.T) {
	order := func(name string) func(*results.Run) { return func(r *results.Run) { r.Design.Order = name } }
	confirm(t, []suspicion{
		{"fixed", order("fixed"), results.WarnOrder, "not randomised: the order was the same in every round"},
		{"blocks", order("blocks"), results.WarnOrder, "not randomised: all trials of a contender were made before"},
		{"random", order("random"), results.WarnOrder, ""},
		{"balanced", order("balanced"), results.WarnOrder, ""},
		{"alone", func(r *results.Run) { r.Contenders = r.Contenders[:1]; r.Design.Order = "fixed" }, results.WarnOrder, ""},
	})
}

// TestDroppedRoundsAreNamed, but for the one that was under way when the run
// ended, of which that is said already.
func TestDroppedRoundsAreNamed(t *testing.T) {
	abort := func(rounds ...int) func(*results.Run) {
		return func(r *results.Run) {
			for _, round := range rounds {
				r.Trials[2*round].Outcome = results.Aborted
			}
		}
	}
	ended := func(r *results.Run) { abort(11)(r); r.Complete, r.Reason = false, "interrupted" }
	confirm(t, []suspicion{
		{"two", abort(3, 7), results.WarnDropped, "2 rounds cut short or incomplete, and in no number: round 3, 7"},
		{"none", abort(), results.WarnDropped, ""},
		{"the last of a run that ended", ended, results.WarnDropped, ""},
		{"another of a run that ended", func(r *results.Run) { ended(r); abort(2)(r) }, results.WarnDropped, "1 round cut short or incomplete, and in no number: round 2"},
		{"a warm-up round", func(r *results.Run) { r.Trials = append(r.Trials, failed(-1, "pool:2")) }, results.WarnDropped, ""},
	})
}

// TestAContenderThatDiffersFromItself is a loud warning, and one that does not is
// none. The steady run is twice as fast as itself.
func TestAContenderThatDiffersFromItself(t *testing.T) {
	twin := func(r *results.Run) {
		r.Design.AA = true
		each(r, "sequential", func(t *results.Trial) { t.ElapsedNS /= 2 })
	}
	confirm(t, []suspicion{
		{"differs", func(r *results.Run) { r.Design.AA = true }, results.WarnAA, `A/A FAILED: pool:2 is sequential itself, and yet the verdict is "candidate faster"`},
		{"does not", twin, results.WarnAA, ""},
		{"is not meant to be the same", func(*results.Run) {}, results.WarnAA, ""},
	})
	run := steady()
	run.Design.AA = true
	equal(t, "is the first warning", results.Judge(run).Warnings[0].Code, results.WarnAA)
}

// TestMissedPrecisionIsTold at the limit of rounds only: before it the run would
// have gone on. The log ratios of the steady run spread by 3 %.
func TestMissedPrecisionIsTold(t *testing.T) {
	asked := func(x float64) func(*results.Run) { return func(r *results.Run) { r.Design.Precision = x } }
	s := results.Compare(steady(), "sequential")[0].SpeedUp
	half := math.Sqrt(*s.Hi / *s.Lo) - 1 // at 95 %, a little more at 96 %
	early := func(r *results.Run) { asked(0.001)(r); r.Design.Rounds, r.Reached = 40, "precision reached" }
	confirm(t, []suspicion{
		{"missed", asked(0.001), results.WarnPrecision, "not to the 0.1 % asked for, after all of 12 rounds"},
		{"nearly reached", asked(0.99 * half), results.WarnPrecision, "is known to"},
		{"reached", asked(1.2 * half), results.WarnPrecision, ""},
		{"not asked for", asked(0), results.WarnPrecision, ""},
		{"cut short", early, results.WarnPrecision, ""},
	})
}

// TestAStoppedRunHasWiderIntervals: 96 % at the look where it stopped.
func TestAStoppedRunHasWiderIntervals(t *testing.T) {
	run := steady()
	before := results.Compare(run, "sequential")[0].SpeedUp
	run.Design.Precision = 0.5
	after := results.Compare(run, "sequential")[0].SpeedUp
	if before.Level < 0.95 || before.Level >= 0.96 || after.Level < 0.96 || *after.Lo > *before.Lo || *after.Hi < *before.Hi {
		t.Errorf("%+v became %+v", before, after)
	}
}

// A way is a warning, what was done already, and what its hint should say and
// should not.
type way struct {
	name      string
	change    func(*results.Run)
	code      string
	says, not string
}

// TestHintsKnowWhatWasDone: nobody is told to do what he did.
func TestHintsKnowWhatWasDone(t *testing.T) {
	drift := func(up float64, warmup int, pause time.Duration) func(*results.Run) {
		return func(r *results.Run) {
			r.Design.Warmup, r.Design.PauseNS = warmup, int64(pause)
			each(r, "", func(t *results.Trial) { t.ElapsedNS += int64(up * float64(t.ElapsedNS) * float64(t.Round)) })
		}
	}
	first := func(up float64, warmup int, connections string, pause time.Duration) func(*results.Run) {
		return func(r *results.Run) {
			r.Design.Warmup, r.Design.Connections, r.Design.PauseNS = warmup, connections, int64(pause)
			each(r, "", func(t *results.Trial) {
				if t.Position == 0 {
					t.ElapsedNS += int64(up * float64(t.ElapsedNS))
				}
			})
		}
	}
	// Three rounds slow, three quick, and again.
	waves := func(pause time.Duration) func(*results.Run) {
		return func(r *results.Run) {
			r.Design.PauseNS = int64(pause)
			each(r, "", func(t *results.Trial) { t.ElapsedNS += t.ElapsedNS / 5 * int64(t.Round/3%2) })
		}
	}
	trend, position := results.WarnTrend, results.WarnPosition
	for _, w := range []way{
		{"slower", drift(0.03, 1, 20*time.Millisecond), trend, "try --pause 200ms (it was 20ms)", "--warmup"},
		{"slower, long pause", drift(0.03, 1, time.Second), trend, "calmer hour", "--pause"},
		{"faster", drift(-0.03, 1, 0), trend, "--warmup 2", "--pause"},
		{"faster, warm", drift(-0.03, 3, 0), trend, "3 warm-up rounds were not enough", "--warmup"},
		{"first slower", first(0.2, 1, "fresh", 0), position, "--warmup 2, or --connections warm", "--pause"},
		{"first slower, connections warm", first(0.2, 0, "warm", 0), position, "--warmup 1", "--connections"},
		{"first slower, warm", first(0.2, 3, "fresh", 0), position, "--pause 200ms", "--warmup"},
		{"first slower, all done", first(0.2, 3, "warm", time.Second), position, "look for a cache", "--"},
		{"first faster", first(-0.2, 1, "fresh", 300*time.Millisecond), position, "try --pause 1.2s (it was 300ms)", "--warmup"},
		{"first faster, all done", first(-0.2, 1, "fresh", 2*time.Second), position, "rate limit", "--"},
		{"related by a trend", drift(0.03, 1, 0), results.WarnDependence, "that is the trend", "--"},
		{"related", waves(0), results.WarnDependence, "--pause 200ms (it was 0s): trials further apart are less related; or use --rounds 24", ""},
		{"related, long pause", waves(time.Second), results.WarnDependence, "--rounds 24", "--pause"},
		{"imported", func(r *results.Run) { drift(-0.03, 0, 0)(r); r.Imported = true }, trend, "leave the first trials out", "--"},
	} {
		run := steady()
		w.change(run)
		got, ok := find(run, w.code, "")
		if !ok || !strings.Contains(got.Hint, w.says) || w.not != "" && strings.Contains(got.Hint, w.not) {
			t.Errorf("%s: %+v does not say %q, or says %q", w.name, got, w.says, w.not)
		}
	}
}

// TestHintsKnowTheUpstream and how many rounds there were already.
func TestHintsKnowTheUpstream(t *testing.T) {
	busy := func(r *results.Run) { each(r, "", func(t *results.Trial) { t.Machine.SchedP99NS = 5e8 }) }
	load := func(cpu int64) func(*results.Run) {
		return func(r *results.Run) {
			each(r, "", func(t *results.Trial) { t.Machine.Host.Load, t.Machine.CPUNS = 3, cpu })
		}
	}
	for _, w := range []way{
		{"embedded", busy, results.WarnSaturated, "the embedded upstream shares this machine", "processors"},
		{"real", func(r *results.Run) { busy(r); r.Target.Form = "" }, results.WarnSaturated, "measure from more than 2 processors", "upstream"},
		{"cold by the profile", func(r *results.Run) { r.Trials[0].ElapsedNS *= 4; r.Target.Cold = true }, results.WarnFirst, "part of what it reproduces", "--warmup"},
		{"a limit of rounds", func(r *results.Run) { r.Design.Precision = 0.0001 }, results.WarnPrecision, "--max-rounds", "about --rounds"},
		{"others' load", load(0), results.WarnMachine, "close what else runs here", "this run's own"},
		{"own load", load(3e9), results.WarnMachine, "most of it is this run's own", "close"},
		{"few rounds planned", func(r *results.Run) { r.Trials, r.Design.Rounds = r.Trials[:10], 5 }, results.WarnRounds, "--rounds 6", ""},
		{"few rounds left", func(r *results.Run) { r.Trials = r.Trials[:10] }, results.WarnRounds, "let the run come to its end", "--rounds"},
	} {
		run := steady()
		w.change(run)
		got, ok := find(run, w.code, "")
		if !ok || !strings.Contains(got.Hint, w.says) || w.not != "" && strings.Contains(got.Hint, w.not) {
			t.Errorf("%s: %+v does not say %q, or says %q", w.name, got, w.says, w.not)
		}
	}
}
