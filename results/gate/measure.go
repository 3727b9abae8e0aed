package gate

import (
	"fmt"
	"math"
	"slices"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// level is the nominal level of the intervals that are made here.
const level = 0.95

// A subject is a contender of a judgement, with what there is to measure it by.
type subject struct {
	j *results.Judgement
	*results.Contender
	// trials are those of the complete rounds, in their order.
	trials []*results.Trial
	load   func(*results.Trial) results.Load
}

// A reading is what was measured. Lo and hi hold the point between them; missing says
// why there is no number, or no interval to judge it by.
type reading struct {
	point, lo, hi float64
	level         float64
	missing       string
}

// exact is a number that is what it is, such as a count.
func exact(v float64) reading { return reading{point: v, lo: v, hi: v, level: 1} }

// missing is a reading that there is not.
func missing(format string, args ...any) reading {
	return reading{point: math.NaN(), lo: math.NaN(), hi: math.NaN(), missing: fmt.Sprintf(format, args...)}
}

// within gives a point its interval. Five rounds or fewer have none at 95 %: then the
// number is shown and decides nothing.
func (s subject) within(point, lo, hi *float64, at float64) reading {
	if point == nil {
		return s.none()
	}
	r := reading{point: *point, lo: math.NaN(), hi: math.NaN(), level: at}
	switch {
	case s.Trials < stats.LeastRounds:
		r.level, r.missing = 0, fmt.Sprintf("%s: a 95 %% interval takes %d", rounds(s.Trials), stats.LeastRounds)
	case lo == nil:
		r.level, r.missing = 0, "there is no interval"
		if s.OK < s.Trials {
			r.missing = fmt.Sprintf("%d of %d trials failed, and what is left has no interval", s.Trials-s.OK, s.Trials)
		}
	default:
		r.lo, r.hi = *lo, math.Inf(1)
		if hi != nil {
			r.hi = *hi
		}
	}
	return r
}

// rounds is "1 round" or "5 rounds".
func rounds(n int) string {
	if n == 1 {
		return "1 round"
	}
	return fmt.Sprintf("%d rounds", n)
}

// none says why there is no number at all.
func (s subject) none() reading {
	switch {
	case s.Trials == 0:
		return missing("there is no complete round")
	case s.OK == 0:
		return missing("no trial succeeded")
	case s.OK < s.Trials:
		return missing("%d of %d trials failed: the number lies among them", s.Trials-s.OK, s.Trials)
	}
	return missing("it was not measured")
}

// median is the median makespan, failed trials being the slowest.
func (s subject) median() reading {
	if s.MedianCI == nil {
		return s.within(s.Median, nil, nil, 0)
	}
	return s.within(s.Median, &s.MedianCI.Lo, s.MedianCI.Hi, s.MedianCI.Level)
}

// mean is the mean makespan. With a failed trial it has no interval.
func (s subject) mean() reading {
	if s.MeanCI == nil {
		return s.within(s.Mean, nil, nil, 0)
	}
	return s.within(s.Mean, &s.MeanCI.Lo, s.MeanCI.Hi, level)
}

// least is the fastest trial. It is what it is, and says nothing of others to come.
func (s subject) least() reading {
	if s.Min == nil {
		return s.none()
	}
	return exact(*s.Min)
}

// most is the slowest trial, which one that failed is beyond.
func (s subject) most() reading {
	if s.Max == nil || s.OK < s.Trials {
		return s.none()
	}
	return exact(*s.Max)
}

// percentile reads a percentile of the makespans, from the number of rounds on at
// which its interval has two ends.
func percentile(p float64) func(subject) reading {
	return func(s subject) reading {
		var times []float64
		for _, t := range s.trials {
			seconds := math.Inf(1)
			if t.Outcome == results.OK {
				seconds = float64(t.ElapsedNS) / 1e9
			}
			if t.Exact > 0 && t.Outcome == results.OK {
				seconds = t.Exact
			}
			times = append(times, seconds)
		}
		need, _ := stats.TrialsForQuantile(p, level) // p and level are ours
		if len(times) < need {
			return missing("%s: the interval of a p%.0f takes %d", rounds(len(times)), 100*p, need)
		}
		point, err := stats.Quantile(times, p)
		iv, none := stats.QuantileInterval(times, p, level)
		if err != nil || none != nil {
			return s.none()
		}
		hi := &iv.Hi
		if iv.Open {
			hi = nil
		}
		return s.within(&point, &iv.Lo, hi, iv.Level)
	}
}

// speedUp is the paired speed-up against the baseline.
func (s subject) speedUp() reading {
	c, why := s.comparison()
	if why != "" {
		return missing("%s", why)
	}
	return over(c.Rounds).within(&c.SpeedUp.Estimate, c.SpeedUp.Lo, c.SpeedUp.Hi, c.SpeedUp.Level)
}

// over is what a number rests on of which so many rounds tell something.
func over(rounds int) subject {
	return subject{Contender: &results.Contender{Trials: rounds, OK: rounds}}
}

// comparison is that with the baseline, or why nothing can be said by it.
func (s subject) comparison() (c *results.Comparison, why string) {
	i := slices.IndexFunc(s.j.Comparisons, func(c results.Comparison) bool { return c.Contender == s.Name })
	switch {
	case i < 0:
		return nil, "there is no comparison with the baseline"
	case s.j.Comparisons[i].UnequalIn > 0:
		return nil, "the two did not do the same work in " + rounds(s.j.Comparisons[i].UnequalIn)
	case s.j.Comparisons[i].Verdict == string(stats.NotComparable):
		return nil, s.j.Comparisons[i].Verdict
	case s.j.Comparisons[i].SpeedUp == nil:
		return nil, s.none().missing
	}
	return &s.j.Comparisons[i], ""
}

// overTrials reads a number of the single trials: their median, with its interval.
func overTrials(of func(results.Load) *float64) func(subject) reading {
	return func(s subject) reading {
		var list []float64
		for _, t := range s.trials {
			if v := of(s.load(t)); v != nil {
				list = append(list, *v)
			}
		}
		if len(list) == 0 {
			if s.j.Run.Sequential() == "" {
				return missing("it was not measured: that takes a sequential contender in the run")
			}
			return s.none()
		}
		o := over(len(list))
		point, err := stats.Median(list)
		if err != nil {
			return missing("%v", err)
		}
		iv, err := stats.MedianInterval(list, level)
		if err != nil {
			return o.within(&point, nil, nil, 0)
		}
		return o.within(&point, &iv.Lo, &iv.Hi, iv.Level)
	}
}

func inFlight(l results.Load) *float64   { return l.Flight.Mean }
func slowdown(l results.Load) *float64   { return l.Slowdown }
func efficiency(l results.Load) *float64 { return l.Efficiency }
func packing(l results.Load) *float64    { return l.Packing }

// counted sums up a number of all trials of measured rounds, those that were cut short
// included: what they sent was sent, and the account of the report has it too.
func counted(of func(*results.Trial) int) func(subject) reading {
	return func(s subject) reading {
		if s.j.Run.Imported {
			return missing("imported times have no requests")
		}
		sum, seen := 0, false
		for i := range s.j.Run.Trials {
			if t := &s.j.Run.Trials[i]; t.Round >= 0 && t.Contender == s.Name {
				sum, seen = sum+of(t), true
			}
		}
		if !seen {
			return s.none()
		}
		return exact(float64(sum))
	}
}

// failed counts what was cut off or never begun with what failed: all that got no good
// answer. Where the run itself was cut short, that is nobody's failure.
func failed(t *results.Trial) int {
	if t.Outcome == results.Aborted {
		return t.Tally.Failed
	}
	return t.Tally.Planned - t.Tally.OK
}

func attempts(t *results.Trial) int    { return t.Tally.Attempts }
func connections(t *results.Trial) int { return t.Tally.Opened }
