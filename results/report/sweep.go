package report

import (
	"fmt"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// A sweep is shown by size, with how fast each one is as a bar and the one that
// is enough marked:
//
//	pool  fetches/s  p50 ms  p95 ms
//	1          19.7      50      50  ##
//	8         156.6      50      52  ####################  <- enough
//	32        157.1     203     204  ####################
//
// longestBar is the bar of the fastest size where there is room, and shortestBar
// the least that shows a difference; below that there are none.
const (
	longestBar  = 20
	shortestBar = 5
)

// The steps by which a table of sizes becomes narrower once its bars are gone.
const (
	stepP95 = iota + 1
	stepP50
)

// sweepTable renders the sizes no wider than the options allow. Without room the
// bars get shorter and go, then the words of the mark, then the latencies.
func sweepTable(j *results.Judgement, o Options) (string, error) {
	all := sweepColumns(j.Sweep, o)
	for step := 0; ; step++ {
		table, err := plain(grid(narrowed(all, step, o)))
		if err != nil {
			return "", err
		}
		lines := strings.Split(strings.TrimRight(table, "\n"), "\n")
		room := o.width() - columnsOf(lines[0])
		mark := ""
		if word := markOf(j); word != "" {
			mark = gap + "<- " + word
			if room < len(mark) {
				mark = gap + "<-"
			}
		}
		if room >= len(mark) || step == stepP50 {
			return withBars(lines, j.Sweep, room, mark), nil
		}
	}
}

// withBars puts a bar behind each line but the header, and the mark behind the
// line of the size that is recommended.
func withBars(lines []string, s *results.Sweep, room int, mark string) string {
	bar := min(longestBar, room-len(mark)-len(gap))
	var most float64
	for i := range s.Points {
		if v, ok := finite(s.Points[i].Throughput); ok {
			most = max(most, v)
		}
	}
	for i := range s.Points {
		p := &s.Points[i]
		line := lines[i+1]
		if v, ok := finite(p.Throughput); ok && bar >= shortestBar && most > 0 {
			// Whoever fetched anything is seen to have.
			line += gap + strings.Repeat("#", max(1, int(v/most*float64(bar)+0.5)))
		}
		if p.Contender == s.Recommendation.Use {
			line += mark
		}
		lines[i+1] = line
	}
	return strings.Join(lines, "\n") + "\n"
}

// markOf is what stands behind the size that is recommended.
func markOf(j *results.Judgement) string {
	switch j.Sweep.Recommendation.Reason {
	case results.ReasonEnough:
		return "enough"
	case results.ReasonImproving:
		if exhausted(j) {
			return "the whole batch"
		}
		return "still improving"
	case results.ReasonProvisional:
		return "provisional"
	}
	return ""
}

// sweepColumns are the columns of the terminal: size, throughput, latencies, and
// the share that failed where any did. Names are those of the sizes, since the
// strategy is the same for all and stands in the header.
func sweepColumns(s *results.Sweep, o Options) []column {
	u := latencyUnit(s)
	least := leastOf(s, func(p *results.Point) *float64 { return p.Throughput })
	all := []column{
		{head: strategy(s, o), cells: points(s, func(p *results.Point) string { return fmt.Sprint(p.Size) })},
		{head: "fetches/s", cells: points(s, func(p *results.Point) string { return rounded(p.Throughput, decimals(least)) })},
	}
	if measured(s) {
		all = append(all,
			column{head: "p50 " + u.name, gone: stepP50, cells: points(s, func(p *results.Point) string { return u.bare(p.Latency.P50) })},
			column{head: "p95 " + u.name, gone: stepP95, cells: points(s, func(p *results.Point) string { return u.bare(p.Latency.P95) })})
	} else {
		all = append(all, column{head: "mean " + u.name, gone: stepP50, cells: points(s, func(p *results.Point) string { return u.bare(p.Latency.Mean) })})
	}
	failed := func(p *results.Point) bool { return p.FailedShare != nil && *p.FailedShare > 0 }
	for i := range s.Points {
		if failed(&s.Points[i]) {
			all = append(all, column{head: "failed %", cells: points(s, func(p *results.Point) string { return failedCell(p) })})
			break
		}
	}
	for i := range all {
		all[i].head = o.clean(all[i].head)
		for k := range all[i].cells {
			all[i].cells[k] = o.clean(all[i].cells[k])
		}
	}
	return all
}

// failedCell is the share of requests that failed in percent, the unit being in
// the header. Little is not nothing.
func failedCell(p *results.Point) string {
	share, ok := finite(p.FailedShare)
	switch {
	case !ok:
		return none
	case share > 0 && share < 0.001:
		return "<0.1"
	}
	return strings.TrimSuffix(small(share), " %")
}

// sweepMarkdown are the columns of a page, on which there is room for all.
func sweepMarkdown(j *results.Judgement, o Options) []column {
	s := j.Sweep
	u := latencyUnit(s)
	return append(sweepColumns(s, o),
		column{head: "added " + u.name, cells: points(s, func(p *results.Point) string { return o.clean(unminus(u.bare(p.Latency.Added))) })},
		column{head: "in flight", cells: points(s, func(p *results.Point) string { return o.clean(rounded(p.Flight, 1)) })},
		column{head: "connections", cells: points(s, func(p *results.Point) string { return o.clean(rounded(p.Connections, 1)) })},
		column{head: "", cells: points(s, func(p *results.Point) string {
			if p.Contender != s.Recommendation.Use {
				return ""
			}
			return markOf(j)
		})})
}

// unminus takes the sign from what rounds to nothing.
func unminus(cell string) string {
	if strings.Trim(cell, "-0.") == "" {
		return strings.TrimPrefix(cell, "-")
	}
	return cell
}

// points makes one cell a size.
func points(s *results.Sweep, cell func(*results.Point) string) []string {
	cells := make([]string, len(s.Points))
	for i := range s.Points {
		cells[i] = cell(&s.Points[i])
	}
	return cells
}

// strategy is what stands before the size in the names, if that is the same in all.
func strategy(s *results.Sweep, o Options) string {
	name := ""
	for i := range s.Points {
		before, _, ok := strings.Cut(s.Points[i].Contender, ":")
		if !ok || name != "" && before != name {
			return "size"
		}
		name = before
	}
	if strings.TrimSpace(name) == "" {
		return "size"
	}
	return o.shorten(o.clean(name), nameWidth(stepNames12))
}

// measured tells whether any size has a percentile; else there are means only.
func measured(s *results.Sweep) bool {
	for i := range s.Points {
		if s.Points[i].Latency.P50 != nil {
			return true
		}
	}
	return false
}

// typical is the latency that the table shows first.
func typical(p *results.Point) *float64 {
	if p.Latency.P50 != nil {
		return p.Latency.P50
	}
	return p.Latency.Mean
}

// latencyUnit is milliseconds, or microseconds where all are shorter, with a
// decimal less than a table of makespans has: what is compared differs by more.
func latencyUnit(s *results.Sweep) unit {
	longest := 0.0
	for i := range s.Points {
		if v, ok := finite(typical(&s.Points[i])); ok {
			longest = max(longest, v)
		}
	}
	u := unit{name: "ms", perS: 1e3}
	if longest < 1e-3 && longest > 0 {
		u = unit{name: "µs", perS: 1e6}
	}
	u.decimals = max(0, decimals(leastOf(s, typical)*u.perS)-1)
	return u
}

// leastOf is the least of a number of the sizes that is above 0, or 1.
func leastOf(s *results.Sweep, of func(*results.Point) *float64) float64 {
	least := 0.0
	for i := range s.Points {
		if v, ok := finite(of(&s.Points[i])); ok && v > 0 && (least == 0 || v < least) {
			least = v
		}
	}
	if least == 0 {
		return 1
	}
	return least
}

// rounded is a number with so many decimals, a dash where there is none.
func rounded(v *float64, decimals int) string {
	f, ok := finite(v)
	if !ok {
		return none
	}
	return fixed(f, decimals)
}
