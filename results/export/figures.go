package export

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// A figure is one metric of a finished run, in the words of no format.
type figure struct {
	// name has dots between its parts; the unit is s, By, 1 for a ratio, or empty
	// for a count.
	name, unit, help string
	// counter says that its values count what happened, and could only have grown.
	counter bool
	points  []point
}

// A point is one value of a figure. Those of one figure have labels of the same names.
type point struct {
	labels []label
	value  float64
}

// A label says what a point is of. Its value is inert.
type label struct{ name, value string }

// finite returns what a pointer holds, if it holds a number.
func finite(v *float64) (float64, bool) {
	if v == nil || math.IsNaN(*v) || math.IsInf(*v, 0) {
		return 0, false
	}
	return *v, true
}

// A sheet collects the figures of a run in the order in which they are begun.
type sheet struct {
	run label
	// imported says that nothing is known of requests: 0 of them would be wrong.
	imported bool
	names    map[string]string
	list     []figure
	at       map[string]int
}

// figures are what is told of a judgement where metrics are collected.
func figures(j *results.Judgement) []figure {
	s := &sheet{run: label{"run", report.Clean(j.Run.ID)}, imported: j.Run.Imported, names: distinct(j.Contenders), at: map[string]int{}}
	s.ofRun(j)
	for i := range j.Contenders {
		s.ofContender(&j.Contenders[i])
	}
	s.ofTrials(j.Run)
	for i := range j.Comparisons {
		s.ofComparison(&j.Comparisons[i])
	}
	return s.list
}

// distinct makes the names of contenders inert and keeps those apart that differ.
func distinct(contenders []results.Contender) map[string]string {
	names, taken := map[string]string{}, map[string]bool{}
	for i := range contenders {
		clean := report.Clean(contenders[i].Name)
		name := clean
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s (%d)", clean, n)
		}
		names[contenders[i].Name], taken[name] = name, true
	}
	return names
}

// name is the inert name of a contender.
func (s *sheet) name(contender string) string {
	if name, ok := s.names[contender]; ok {
		return name
	}
	return report.Clean(contender)
}

// put adds a point to a figure, and begins it if it is its first. A number that
// there is not is no point.
func (s *sheet) put(f figure, value *float64, labels ...label) {
	v, ok := finite(value)
	if !ok {
		return
	}
	if _, begun := s.at[f.name]; !begun {
		s.at[f.name] = len(s.list)
		s.list = append(s.list, f)
	}
	points := &s.list[s.at[f.name]].points
	*points = append(*points, point{append([]label{s.run}, labels...), v})
}

// count is put for what always has a number.
func (s *sheet) count(name, help string, n int64, labels ...label) {
	v := float64(n)
	s.put(figure{name: name, help: help, counter: true}, &v, labels...)
}

// ofRun says which run this is, whether it is all there and what is doubtful.
func (s *sheet) ofRun(j *results.Judgement) {
	one, complete, rounds := 1.0, 0.0, float64(len(j.Run.Rounds()))
	s.put(figure{name: "run.info", help: "What measured, and what was fetched from; always 1."}, &one,
		label{"version", report.Clean(j.Run.Environment.Tool)}, label{"go", report.Clean(j.Run.Environment.Go)},
		label{"upstream", report.Clean(upstream(j.Run))})
	if j.Run.Complete {
		complete = 1
	}
	s.put(figure{name: "run.complete", help: "1 if every round of the plan was made, 0 if the run was cut short."}, &complete)
	s.put(figure{name: "run.rounds", help: "Measured rounds in which every contender has a trial."}, &rounds)
	if !j.Run.Started.IsZero() {
		began := float64(j.Run.Started.UnixMilli()) / float64(time.Second/time.Millisecond)
		s.put(figure{name: "run.start.timestamp", unit: "s", help: "When the run began, since the epoch of Unix."}, &began)
	}
	codes := map[string]float64{}
	for _, w := range j.Warnings {
		codes[w.Code]++
	}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		n := codes[code]
		s.put(figure{name: "run.warnings", help: "Doubts about the numbers, by code."}, &n, label{"code", report.Clean(code)})
	}
}

// ofContender says what a contender came to.
func (s *sheet) ofContender(c *results.Contender) {
	who := label{"contender", s.name(c.Name)}
	time := func(name, help string, v *float64) { s.put(figure{name: name, unit: "s", help: help}, v, who) }
	time("trial.mean", "Mean wall time of the trials that succeeded.", c.Mean)
	if ci := c.MeanCI; ci != nil {
		time("trial.mean.lower", "Lower end of the interval of the mean.", &ci.Lo)
		time("trial.mean.upper", "Upper end of the interval of the mean; absent if it lies among failed trials.", ci.Hi)
	}
	time("trial.median", "Median wall time of the trials.", c.Median)
	if ci := c.MedianCI; ci != nil {
		time("trial.median.lower", "Lower end of the interval of the median.", &ci.Lo)
		time("trial.median.upper", "Upper end of the interval of the median; absent if it lies among failed trials.", ci.Hi)
	}
	time("trial.min", "Shortest trial that succeeded.", c.Min)
	time("trial.max", "Longest trial that succeeded.", c.Max)
	if c.Latency != nil && c.Latency.Service != nil {
		l := c.Latency.Service
		time("request.mean", "Mean latency of the requests that succeeded.", &l.Mean)
		time("request.median", "Median latency of the requests that succeeded.", l.P50)
		time("request.p95", "95th percentile of the latencies.", l.P95)
		time("request.p99", "99th percentile of the latencies.", l.P99)
	}
	s.put(figure{name: "in.flight", help: "Requests really in flight at once: the median over the trials of each trial's mean."}, c.Flight.Mean, who)
	s.put(figure{name: "efficiency", unit: "1", help: "Best possible time / measured time."}, c.Efficiency, who)
	if s.imported {
		return
	}
	s.count("attempts", "Requests on the wire.", int64(c.Cost.Attempts), who)
	s.count("connections.opened", "Connections opened.", int64(c.Connections.Opened), who)
	wire := float64(c.Cost.WireBytes)
	s.put(figure{name: "received", unit: "By", help: "Bodies as they came over the wire.", counter: true}, &wire, who)
}

// ofTrials counts trials by their outcome and requests by their class. The requests
// of a contender add up to those that were planned.
func (s *sheet) ofTrials(run *results.Run) {
	trials, requests := map[string]map[string]int{}, map[string]map[string]int{}
	for t := range run.Measured {
		if trials[t.Contender] == nil {
			trials[t.Contender], requests[t.Contender] = map[string]int{}, map[string]int{}
		}
		trials[t.Contender][report.Clean(string(t.Outcome))]++ // here, so that words which look alike are one label
		if s.imported {
			continue
		}
		classes := requests[t.Contender]
		classes[results.ClassOK] += t.Tally.OK
		for _, f := range t.Tally.Failures {
			classes[report.Clean(f.Class)] += f.Count
		}
		if t.Tally.NotStarted > 0 {
			classes["not_started"] += t.Tally.NotStarted
		}
	}
	for _, c := range run.Contenders {
		who := label{"contender", s.name(c.Name)}
		for _, outcome := range slices.Sorted(maps.Keys(trials[c.Name])) {
			s.count("trials", "Trials of measured rounds by outcome.", int64(trials[c.Name][outcome]), who, label{"outcome", outcome})
		}
		for _, class := range slices.Sorted(maps.Keys(requests[c.Name])) {
			s.count("requests", "Planned requests of measured rounds by what became of them.", int64(requests[c.Name][class]), who, label{"class", class})
		}
	}
}

// ofComparison says how many times faster a contender is than the baseline.
func (s *sheet) ofComparison(c *results.Comparison) {
	if c.SpeedUp == nil {
		return
	}
	between := []label{{"contender", s.name(c.Contender)}, {"baseline", s.name(c.Baseline)}}
	ratio := func(name, help string, v *float64) {
		s.put(figure{name: name, unit: "1", help: help}, v, between...)
	}
	ratio("speedup", "Time of the baseline / time of the contender, paired by round.", &c.SpeedUp.Estimate)
	ratio("speedup.lower", "Lower end of the interval of the speed-up.", c.SpeedUp.Lo)
	ratio("speedup.upper", "Upper end of the interval of the speed-up; absent if there is none.", c.SpeedUp.Hi)
}
