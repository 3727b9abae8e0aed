package results

import (
	"cmp"
	"fmt"
	"math"

	"github.com/fetchbench/fetchbench/results/stats"
)

// The codes of warnings about two runs.
const (
	WarnDrift  = "drift-between-runs"
	WarnWork   = "other-work"
	WarnOther  = "other-machine"
	WarnUnlike = "other-conditions"
	WarnCommon = "nothing-in-common"
)

// acrossRounds is how many rounds each run must have before anything is found.
const acrossRounds = 6

// methodAcross names the interval of a speed-up between runs.
const methodAcross = "hodges-lehmann unpaired"

// Across holds the other run against the base, contender by contender. It is a pure
// function of the two. The runs may have any number of rounds, and need not be complete.
func Across(base, other *Run) *Crossing {
	c := &Crossing{
		Base: base.ID, Other: other.ID, Contenders: []Crossed{}, OnlyBase: []string{}, OnlyOther: []string{},
		Differences: differences(base, other),
	}
	before, after := Summarize(base), Summarize(other)
	there := map[string]*Contender{}
	for i := range after.Contenders {
		there[after.Contenders[i].Name] = &after.Contenders[i]
	}
	for i := range before.Contenders {
		b := &before.Contenders[i]
		o := there[b.Name]
		if o == nil {
			c.OnlyBase = append(c.OnlyBase, b.Name)
			continue
		}
		delete(there, b.Name)
		crossed := Crossed{Contender: b.Name, Base: b.side(), Other: o.side()}
		crossed.estimate(base.times(b.Name), other.times(b.Name))
		c.Contenders = append(c.Contenders, crossed)
	}
	for _, o := range after.Contenders {
		if there[o.Name] != nil {
			c.OnlyOther = append(c.OnlyOther, o.Name)
		}
	}
	c.find(cmp.Or(base.Design.Alpha, usual))
	c.Warnings = c.doubts(before, after)
	return c
}

// side is what of a contender stands beside that of the other run.
func (c *Contender) side() Side {
	return Side{Trials: c.Trials, OK: c.OK, Median: c.Median, MedianCI: c.MedianCI}
}

// times are those of a contender in whole rounds, in their order, +Inf for trials that
// failed.
func (r *Run) times(name string) (times []float64) {
	for _, round := range r.Rounds() {
		times = append(times, round[name].seconds())
	}
	return times
}

// estimate says how many times as long the base took.
func (c *Crossed) estimate(base, other []float64) {
	if len(base) == 0 || len(other) == 0 {
		return
	}
	u, err := stats.UnpairedRatio(base, other, level)
	if err != nil {
		return // times that are none, in a journal edited by hand
	}
	c.P = &u.P
	if test, err := stats.MannWhitney(base, other); err == nil {
		c.Delta = &test.Delta
	}
	if u.Estimate > 0 && !math.IsInf(u.Estimate, 1) {
		c.SpeedUp = &SpeedUp{Estimate: u.Estimate, Level: u.Interval.Level, Method: methodAcross}
		c.SpeedUp.Lo, c.SpeedUp.Hi = ends(u.Interval)
	}
}

// find adjusts the p-values for the number of contenders, and says of each what shows.
func (c *Crossing) find(alpha float64) {
	var p []float64
	var tested []*Crossed
	for i := range c.Contenders {
		if crossed := &c.Contenders[i]; crossed.P != nil {
			p, tested = append(p, *crossed.P), append(tested, crossed)
		}
	}
	adjusted, err := stats.Holm(p)
	for i, crossed := range tested {
		if err == nil {
			crossed.PHolm = &adjusted[i]
		}
	}
	for i := range c.Contenders {
		c.Contenders[i].Finding = c.Contenders[i].finding(alpha)
	}
}

// finding words what the test finds. It never says that two runs are alike: what
// drifted between them may have made them so.
func (c *Crossed) finding(alpha float64) string {
	switch {
	case c.PHolm == nil || min(c.Base.Trials, c.Other.Trials) < acrossRounds:
		return TooFew
	case *c.PHolm >= alpha || c.Delta == nil:
		return NotShown
	case *c.Delta > 0:
		return Shorter
	}
	return Longer // and not 0, which no p-value finds to be a difference
}

// doubts are what must be said of the two runs, the gravest first.
func (c *Crossing) doubts(base, other Summary) (out []Warning) {
	for _, kind := range []struct{ kind, code, text, hint string }{
		{KindWork, WarnWork, "the runs did not fetch the same", "times of different work say nothing about each other: measure the same batch twice"},
		{KindMachine, WarnOther, "the runs were not made on the same machine", "a difference may be the machine's: measure both on one, best in one run"},
		{KindProgram, WarnUnlike, "the runs were not made by the same program", "a difference may be the program's: measure both with one version"},
		{KindDesign, WarnUnlike, "the runs were not laid out alike", "a difference may come from how they were measured"},
	} {
		if list := c.told(kind.kind); len(list) > 0 {
			out = append(out, Warning{Code: kind.code, Text: kind.text + ": " + few(list), Hint: kind.hint})
		}
	}
	if len(c.Contenders) == 0 {
		out = append(out, Warning{Code: WarnCommon, Text: "the runs have no contender in common", Hint: "contenders are matched by their names"})
	}
	for _, side := range []struct {
		id string
		s  Summary
	}{{c.Base, base}, {c.Other, other}} {
		if side.s.Requests.Failed > 0 {
			out = append(out, Warning{
				Code: WarnFailed, Text: fmt.Sprintf("%s of run %s failed", counted(side.s.Requests.Failed, "request"), side.id),
				Hint: "a trial that failed counts as the slowest; see fetchbench show " + side.id + " --failed",
			})
		}
	}
	return append(out, Warning{
		Code: WarnDrift,
		Text: "the runs were not made together: whatever changed between them, on this machine, the network or the upstream, is in the ratios and not in their intervals",
		Hint: "to tell them apart, measure both in one run",
	})
}

// told lists the differences of a kind in words. Which contenders only one of the runs has
// is told by their names.
func (c *Crossing) told(kind string) (list []string) {
	named := len(c.OnlyBase)+len(c.OnlyOther) > 0
	for _, d := range c.Differences {
		if d.Kind == kind && (!named || d.What != contenderList) {
			list = append(list, fmt.Sprintf("%s (base %s, other %s)", d.What, clipped(d.Base), clipped(d.Other)))
		}
	}
	return list
}
