package gate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/fetchbench/fetchbench/results/stats"
)

// Check refuses gates that name no contender of a run, before it is made, and those
// that hold the baseline against itself. The error is a *SyntaxError.
func Check(gates []Gate, names []string, baseline string) error {
	for _, g := range gates {
		wrong := func(format string, args ...any) *SyntaxError {
			return &SyntaxError{Expr: g.String(), Text: fmt.Sprintf(format, args...)}
		}
		versus := g.Relative() || g.Metric == "speedup"
		switch {
		case versus && g.Subject == baseline && baseline != "":
			err := wrong("%s is the baseline, and cannot be held against itself", baseline)
			err.Hint = "name another contender, or another --baseline"
			return err
		case versus && len(names) < 2:
			err := wrong("there is nothing to hold %s against: the run has one contender", strings.Join(names, ""))
			err.Hint = "a run needs two contenders for that"
			return err
		case g.Subject != "" && g.Subject != All && !slices.Contains(names, g.Subject):
			err := wrong("no contender is called %q (have %s)", g.Subject, strings.Join(names, ", "))
			err.Word, err.Have, err.Hint = g.Subject, names, "name one of these, or * for all"
			return err
		}
	}
	return nil
}

// CheckTimes refuses gates about what imported times do not have. They would be passed
// over in silence otherwise. The error is a *SyntaxError.
func CheckTimes(gates []Gate) error {
	var have []string
	for _, m := range metrics() {
		if !m.requests {
			have = append(have, m.name)
		}
	}
	for _, g := range gates {
		if m, known := find(g.Metric); known && m.requests {
			return &SyntaxError{
				Expr: g.String(), Text: fmt.Sprintf("imported times have no %s (have %s)", g.Metric, strings.Join(have, ", ")),
				Hint: "a failed trial counts as the slowest in median and p90 and leaves max without a number",
			}
		}
	}
	return nil
}

// Undecided are the comparisons of a judgement without a verdict, in words. A sweep
// recommends instead, and a contender is not compared with itself for a decision.
func Undecided(j *results.Judgement) (out []error) {
	if j.Run.Design.AA || j.Sweep != nil {
		return nil
	}
	for _, c := range j.Comparisons {
		switch stats.Verdict(c.Verdict) {
		case stats.Inconclusive, stats.InsufficientRounds:
			out = append(out, fmt.Errorf("not decided: %s against %s: %s after %s", report.Clean(c.Contender), report.Clean(c.Baseline), c.Verdict, rounds(c.Rounds)))
		}
	}
	return out
}

// Judge holds a judgement to gates: one result a gate and contender that it names, in
// the order of the gates and of the run. It changes nothing in the judgement.
func Judge(gates []Gate, j *results.Judgement) []results.Gated {
	var out []results.Gated
	members := subjects(j)
	for _, g := range gates {
		m, known := find(g.Metric)
		if !known {
			continue // it was not made by Parse
		}
		for _, s := range members {
			baseline := s.Name == j.Run.Design.Baseline && (g.Relative() || g.Metric == "speedup")
			if named := g.Subject == "" || g.Subject == All || g.Subject == s.Name; named && !baseline {
				out = append(out, g.judge(m, s))
			}
		}
	}
	return out
}

// subjects are the contenders of a judgement with their trials.
func subjects(j *results.Judgement) []subject {
	rounds, load := j.Run.Rounds(), results.PerTrial(j.Run)
	out := make([]subject, len(j.Contenders))
	for i := range j.Contenders {
		out[i] = subject{j: j, Contender: &j.Contenders[i], load: load}
		for _, round := range rounds {
			out[i].trials = append(out[i].trials, round[j.Contenders[i].Name])
		}
	}
	return out
}

// judge holds one contender to the gate.
func (g Gate) judge(m metric, s subject) results.Gated {
	out := results.Gated{Gate: g.String(), Contender: s.Name, Metric: g.Metric, Unit: m.unit, Limit: g.Limit()}
	var r reading
	if g.Relative() {
		out.Unit, out.Baseline = results.UnitRelative, s.j.Run.Design.Baseline
		r = s.change(g.Metric)
	} else {
		r = m.read(s)
	}
	out.Outcome, out.Reason = g.decide(r)
	out.Reading = results.Reading{Measured: finite(r.point), Lo: finite(r.lo), Hi: finite(r.hi), Level: r.level}
	if out.Outcome == results.GateUndecided && r.missing == "" {
		out.RoundsNeeded = g.needed(r, s.Trials)
	}
	return out
}

// decide tells which side of the limit the whole interval lies on, and why on none.
func (g Gate) decide(r reading) (outcome, reason string) {
	if r.missing != "" {
		return results.GateUndecided, r.missing
	}
	if math.IsNaN(r.lo) || math.IsNaN(r.hi) {
		return results.GateUndecided, "there is no interval"
	}
	if g.Relative() {
		return g.decideChange(r)
	}
	limit := g.Limit()
	beyond, within := above(r.lo, limit), !above(r.hi, limit)
	switch g.Op {
	case ">=":
		beyond, within = !below(r.lo, limit), below(r.hi, limit)
	case "<":
		beyond, within = below(r.hi, limit), !below(r.lo, limit)
	case "<=":
		beyond, within = !above(r.hi, limit), above(r.lo, limit)
	}
	switch {
	case beyond:
		return results.GateFailed, ""
	case within:
		return results.GatePassed, ""
	}
	return results.GateUndecided, "the limit lies within the interval"
}

// rounding is the part of a limit by which arithmetic alone may miss it: 1.05 s are
// exactly 5 % more than 1 s, and 1/(1/1.05) is a little more than 1.05. No clock tells so
// little apart.
const rounding = 1e-12

// above tells whether a number is larger than a limit by more than rounding.
func above(v, limit float64) bool { return v > limit+rounding*math.Abs(limit) }

// below tells whether a number is smaller than a limit by more than rounding.
func below(v, limit float64) bool { return v < limit-rounding*math.Abs(limit) }

// decideChange holds a change to its limit. A limit below the smallest change that
// these rounds can see is refused: it lies within what chance makes of no change. That
// takes nothing from a change whose whole interval lies beyond the limit, because it is
// larger than the smallest one then, nor from a head that is faster for sure. An interval
// that is open above has one end that is known: it can break a limit, and meet none.
func (g Gate) decideChange(r reading) (outcome, reason string) {
	limit, smallest := g.Limit(), visible(r)
	more := above(1+r.lo, 1+limit)
	less := !above(1+r.hi, 1+limit)
	switch {
	case more:
		return results.GateFailed, ""
	case less && (!below(1+limit, 1+smallest) || r.hi < 0):
		return results.GatePassed, ""
	case math.IsInf(smallest, 1):
		return results.GateUndecided, "the interval is open to one side: these rounds can see no change, however large"
	case below(1+limit, 1+smallest):
		return results.GateUndecided, fmt.Sprintf("the smallest change that these rounds can see is %s, more than the limit", percent(smallest))
	}
	return results.GateUndecided, "the limit lies within the interval"
}

// percent writes a share of two digits, or whole percents where it is larger.
func percent(share float64) string {
	if share >= 1 {
		return fmt.Sprintf("%.0f %%", 100*share)
	}
	return fmt.Sprintf("%.2g %%", 100*share)
}

// visible is the smallest change that an interval of changes can see: half its width
// on the scale of logarithms.
func visible(r reading) float64 {
	v := math.Sqrt((1+r.hi)/(1+r.lo)) - 1
	if math.IsNaN(v) { // an end is not there
		return math.Inf(1)
	}
	return v
}

// change is by how much a contender takes longer than the baseline, paired by round
// where that is possible: 0.05 is 5 % longer.
func (s subject) change(metric string) reading {
	c, why := s.comparison()
	if why != "" {
		return missing("%s", why)
	}
	point, lo, hi, level := c.SpeedUp.Estimate, c.SpeedUp.Lo, c.SpeedUp.Hi, c.SpeedUp.Level
	if metric == "mean" {
		if c.RatioOfMeans == nil {
			return missing("the ratio of the means has no interval here")
		}
		point, lo, hi, level = c.RatioOfMeans.Estimate, c.RatioOfMeans.Lo, c.RatioOfMeans.Hi, 0.95
	}
	r := over(c.Rounds).within(&point, lo, hi, level)
	// A lower end of 0 or less, as Fieller's may be, bounds the change from below only.
	r.point, r.lo, r.hi = 1/r.point-1, 1/r.hi-1, 1/max(r.lo, 0)-1
	return r
}

// mostNeeded is from where nobody would make as many rounds.
const mostNeeded = 10_000

// needed is about how many of so many rounds would bring the end of the interval that
// lies across the limit to this side of it, widths falling with the root of their
// number. It is nil where that is more than anybody would make.
func (g Gate) needed(r reading, n int) *int {
	limit, scale := g.Limit(), func(v float64) float64 { return v }
	if g.Relative() {
		scale = math.Log1p
	}
	end := r.lo
	if r.point < limit {
		end = r.hi
	}
	width, distance := math.Abs(scale(end)-scale(r.point)), math.Abs(scale(r.point)-scale(limit))
	if smallest := math.Log1p(limit); g.Relative() && limit < visible(r) {
		width, distance = math.Log1p(visible(r)), smallest
	}
	more := math.Ceil(float64(n) * (width / distance) * (width / distance))
	if !(more <= mostNeeded) { // NaN and infinity are not
		return nil
	}
	needed := max(n+1, int(more))
	return &needed
}

// finite is a number that there is, nil for one that there is not.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
