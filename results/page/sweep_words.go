package page

import (
	"fmt"
	"strings"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/plot"
	"github.com/fetchbench/fetchbench/results/report"
)

// chosen is the point of the size that is recommended, nil where there is none.
func (s *curveOfSizes) chosen() *results.Point {
	for i := range s.in.Sweep.Points {
		if p := &s.in.Sweep.Points[i]; p.Contender == s.in.Sweep.Recommendation.Use && p.Median != nil {
			return p
		}
	}
	return nil
}

// meaning says what the recommended size does and what a larger one would.
func (s *curveOfSizes) meaning() string {
	p := s.chosen()
	if p == nil {
		return "No size is recommended."
	}
	text := fmt.Sprintf("%s takes %s.", s.in.Name(p.Contender), s.time.Full(*p.Median))
	last := &s.in.Sweep.Points[len(s.in.Sweep.Points)-1]
	if last.Size == p.Size || last.Median == nil {
		return text
	}
	text += fmt.Sprintf(" Size %d takes %s", last.Size, s.time.Full(*last.Median))
	if p.Latency.P50 != nil && last.Latency.P50 != nil {
		text += fmt.Sprintf(", and half of its requests up to %s each instead of %s", s.latency.Full(*last.Latency.P50), s.latency.Full(*p.Latency.P50))
	}
	return text + "."
}

// reading says how to read the figure.
func (s *curveOfSizes) reading() string {
	text := "Lower is faster; the band is the " + s.level() + " of the median, and equal steps to the right are equal factors."
	if s.above.Y.Scale.IsLog() {
		text = "Lower is faster; the band is the " + s.level() + " of the median, and equal steps are equal factors."
	}
	for i := range s.in.Sweep.Points {
		if s.in.Sweep.Points[i].Median == nil {
			return text + " A cross is a size of which too many requests failed."
		}
	}
	return text
}

// tip says what a size was like.
func (s *curveOfSizes) tip(p *results.Point) string {
	text := s.in.Name(p.Contender)
	if p.Median != nil {
		text += ": median " + s.time.Full(*p.Median)
	}
	if p.MedianCI != nil && p.MedianCI.Hi != nil {
		text += fmt.Sprintf(" (%s to %s%s)", s.time.Bare(p.MedianCI.Lo), s.time.Full(*p.MedianCI.Hi), lowLevel(p.MedianCI.Level))
	}
	if p.Throughput != nil {
		text += fmt.Sprintf(", %.1f fetches/s", *p.Throughput)
	}
	v := s.latencies(p)
	if v[0] >= 0 {
		text += ", latency " + s.latency.Full(v[0])
	}
	if p.FailedShare != nil && *p.FailedShare > 0 {
		text += ", " + share(*p.FailedShare) + " failed"
	}
	return text
}

// description says what there is to see.
func (s *curveOfSizes) description() string {
	var parts []string
	for i := range s.in.Sweep.Points {
		parts = append(parts, s.tip(&s.in.Sweep.Points[i]))
	}
	return strings.Join(parts, "; ") + "."
}

// level is what the band is, by the least level in it.
func (s *curveOfSizes) level() string {
	least := 1.
	for i := range s.in.Sweep.Points {
		if b := s.in.Sweep.Points[i].MedianCI; b != nil {
			least = min(least, b.Level)
		}
	}
	return report.Level(least) + " interval"
}

// legend names the lines that are there.
func (s *curveOfSizes) legend() []Key {
	keys := []Key{lineKey(plot.Series(1), "median, with its "+s.level())}
	for _, v := range s.ideal {
		if v > 0 {
			keys = append(keys, lineKey("bound", "the best possible with so many slots"))
			break
		}
	}
	if slots := s.in.Sweep.Slots; slots != nil {
		keys = append(keys, ruleKey(fmt.Sprintf("the upstream's limit, as of %s of %s", count(slots.Count, "slot"), s.latency.Full(slots.Service))))
	}
	for i := range s.in.Sweep.Points {
		if s.in.Sweep.Points[i].Latency.P95 != nil {
			return append(keys, lineKey("dashed "+plot.Series(2), "95 % of the requests (below)"))
		}
	}
	return keys
}

// lineKey is the entry of a line, and ruleKey that of a rule.
func lineKey(class, name string) Key {
	c := plot.New(28, 14)
	c.Polyline(plot.Ink{Class: class}, []plot.Point{{X: 0, Y: 7}, {X: 28, Y: 7}})
	return Key{Sample: c.Sample(), Name: name}
}

// ruleKey is the entry of a rule across the figure.
func ruleKey(name string) Key {
	c := plot.New(28, 14)
	c.Line(plot.Ink{Class: "rule"}, plot.Point{X: 0, Y: 7}, plot.Point{X: 28, Y: 7})
	return Key{Sample: c.Sample(), Name: name}
}

// table has the numbers of the figure.
func (s *curveOfSizes) table() report.Table {
	t := report.Table{Head: []string{
		"Type", "median (" + s.time.Name + ")", "from (" + s.level() + ")", "to", "best possible", "p50 (" + s.latency.Name + ")", "p95", "failed",
	}}
	for i := range s.in.Sweep.Points {
		p := &s.in.Sweep.Points[i]
		row := []string{s.in.Name(p.Contender), word(s.time, p.Median), missing, missing, missing, word(s.latency, p.Latency.P50), word(s.latency, p.Latency.P95), missing}
		if p.MedianCI != nil {
			row[2], row[3] = word(s.time, &p.MedianCI.Lo), word(s.time, p.MedianCI.Hi)
		}
		if s.ideal[i] > 0 {
			row[4] = word(s.time, &s.ideal[i])
		}
		if p.FailedShare != nil {
			row[7] = share(*p.FailedShare)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// word is a time that may be missing.
func word(u report.Unit, seconds *float64) string {
	if seconds == nil {
		return missing
	}
	return u.Bare(*seconds)
}
