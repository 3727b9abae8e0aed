package page

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// mostMarks is how many marks a figure has before they are binned: more are no
// longer told apart, and each takes its bytes in the page.
const mostMarks = 5000

// A gathering is what one pass over the requests of a run leaves for the figures.
// It takes memory for the contenders and for a round's worth of marks, however many
// requests there were. Contenders are in the order of the table.
type gathering struct {
	curves []*curve
	// round is the number of the round that the lanes are of. There are no lanes
	// where no round is whole.
	round int
	lanes []*lane
	// untold are the contenders that no curve shows, and undrawn those that no lane does,
	// for of their requests nothing is known.
	untold, undrawn []string
	// failing says that there were trials that failed, in this round or another.
	failing bool
}

// gather reads the trials once. It leaves out what results.OpenLatencies leaves
// out: warm-up, rounds that are not whole, and what was made twice.
func gather(run *results.Run, trials iter.Seq2[*results.Trial, error]) (*gathering, error) {
	g := newGathering(run)
	counts := map[*results.Trial]bool{}
	for _, round := range run.Rounds() {
		for _, t := range round {
			counts[t] = true
			g.failing = g.failing || t.Outcome != results.OK
		}
	}
	index := map[string]int{}
	for i, c := range run.Contenders {
		index[c.Name] = i
	}
	drawn := typical(run)
	k := 0
	for t, err := range trials {
		if err != nil {
			return nil, err
		}
		if k == len(run.Trials) {
			break // a run that goes on has written it since
		}
		known := &run.Trials[k]
		k++
		i, ok := index[known.Contender]
		if !ok || !counts[known] {
			continue
		}
		if err := g.take(i, t, drawn[known.Contender] == known); err != nil {
			return nil, err
		}
	}
	g.leaveOut()
	return g, nil
}

// leaveOut takes out the contenders of whose requests nothing is known, which are not
// the same as those that made none.
func (g *gathering) leaveOut() {
	g.curves = slices.DeleteFunc(g.curves, func(c *curve) bool {
		silent := c.untold && c.ok == 0 && len(c.failed) == 0
		if silent {
			g.untold = append(g.untold, c.name)
		}
		return silent
	})
	g.lanes = slices.DeleteFunc(g.lanes, func(l *lane) bool {
		if l.untold {
			g.undrawn = append(g.undrawn, l.column.Name)
		}
		return l.untold
	})
}

// unknown says which contenders are left out, empty where none is.
func (in *Input) unknown(names []string) string {
	if len(names) == 0 {
		return ""
	}
	var shown []string
	for _, name := range names {
		shown = append(shown, in.Name(name))
	}
	return "Of " + strings.Join(shown, ", ") + " no requests are known."
}

// lonely stands in the place of a figure that would have one contender of several.
func (in *Input) lonely(name string) string {
	return "Only of " + in.Name(name) + " there is something to draw, and nothing to hold it against."
}

// newGathering has a curve and, where a round is whole, a lane a contender, with
// nothing in them.
func newGathering(run *results.Run) *gathering {
	g := &gathering{}
	steps := mostMarks / max(1, len(run.Contenders))
	drawn := typical(run)
	bars := 0
	for _, t := range drawn {
		g.round = t.Round
		bars += t.Tally.Planned - t.Tally.NotStarted
	}
	for _, c := range run.Contenders {
		g.curves = append(g.curves, newCurve(c.Name, steps))
		if drawn != nil {
			g.lanes = append(g.lanes, newLane(c, run.Target, bars > mostMarks))
		}
	}
	return g
}

// take adds the requests of a trial to its contender.
func (g *gathering) take(contender int, t *results.Trial, drawn bool) error {
	for i := range t.Requests {
		if err := sound(&t.Requests[i]); err != nil {
			return fmt.Errorf("%s in round %d: %w", t.Contender, t.Round, err)
		}
		g.curves[contender].take(&t.Requests[i])
	}
	untold := t.Claimed != nil && !t.Claimed.Records
	g.curves[contender].untold = g.curves[contender].untold || untold
	if drawn {
		g.lanes[contender].take(t)
		g.lanes[contender].untold = untold && g.lanes[contender].requests == 0
	}
	return nil
}

// sound refuses a request with times that cannot be, which a journal edited by hand
// may have: a bar of them would lie anywhere.
func sound(r *results.Request) error {
	p := r.Phases
	if min(r.StartNS, r.ServiceNS, r.StartNS+r.ServiceNS, r.Latency()) < 0 ||
		min(p.DNSNS, p.ConnectNS, p.TLSNS, p.WaitNS, p.BodyNS, p.LateNS) < 0 {
		return fmt.Errorf("request %d has a time below 0", r.Index)
	}
	return nil
}
