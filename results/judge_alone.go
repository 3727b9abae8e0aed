package results

import (
	"fmt"
	"math"

	"github.com/fetchbench/fetchbench/results/stats"
)

// slowerAlone is the slowdown from which calls were clearly quicker together than alone.
const slowerAlone = 0.9

// checkAlone says when single calls took longer one after the other than together. Then
// something slows them that concurrency has nothing to do with, such as a connection
// that is used again and waits for an acknowledgement each time, and a speed-up beyond
// what was in flight is no merit of concurrency.
func checkAlone(q *inquiry) (out []Warning) {
	alone := q.Run.column(q.Run.Sequential())
	if alone.Name == "" || alone.Process != nil || q.imported() {
		return nil
	}
	for i := range q.Contenders {
		c := &q.Contenders[i]
		if !q.alike(c, alone) {
			continue
		}
		d := q.slowdowns(c.Name, alone.Name)
		shift, err := stats.HodgesLehmann(d, level)
		lo, hi := math.Exp(shift.Interval.Lo), math.Exp(shift.Interval.Hi)
		if err != nil || len(d) < stats.LeastRounds || hi >= slowerAlone {
			continue
		}
		out = append(out, Warning{
			Code: WarnAlone, Contender: c.Name,
			Text: fmt.Sprintf("single calls took longer alone than together: in %s %.2f times as long as in %s (%.2f to %.2f), so that the speed-up is not concurrency's alone",
				c.Name, math.Exp(shift.Estimate), alone.Name, lo, hi),
			Hint: q.lonely(alone),
		})
	}
	return together(out)
}

// alike tells whether the calls of a contender are those of the sequential one but for
// when they are made: a policy makes others of them, and so does another transport.
func (q *inquiry) alike(c *Contender, alone Column) bool {
	column := q.Run.column(c.Name)
	return q.slots(c) > 1 && column.Transport == alone.Transport && column.Process == nil && column.Route == "" &&
		len(column.Policies) == 0 && len(alone.Policies) == 0 && !q.Run.mocked(c.Name) && q.told(c)
}

// slowdowns are ln(latencies / those of the sequential trial) of the rounds in which both
// trials succeeded.
func (q *inquiry) slowdowns(name, alone string) (d []float64) {
	for _, round := range q.rounds {
		t, t0 := round[name], round[alone]
		if t.Outcome == OK && t0.Outcome == OK && t.Tally.Flight.LatencyNS > 0 && t0.Tally.Flight.LatencyNS > 0 {
			d = append(d, math.Log(float64(t.Tally.Flight.LatencyNS)/float64(t0.Tally.Flight.LatencyNS)))
		}
	}
	return d
}

// withoutReuse is the transport that opens a connection for each call.
const withoutReuse = "h1-nokeepalive"

// lonely advises how to find out what makes calls slow that are alone. Who has measured
// it already is told where to look.
func (q *inquiry) lonely(alone Column) string {
	for i := range q.Contenders {
		if c := &q.Contenders[i]; c.Name == alone.Name && c.Connections.Reused > 0 && alone.Transport == "" {
			other := alone.Name + "@" + withoutReuse
			if q.Run.column(other).Name != "" {
				return fmt.Sprintf("it may be the connection that is used again: %s beside it shows what that costs", other)
			}
			return fmt.Sprintf("it may be the connection that is used again: put %s beside it", other)
		}
	}
	return "look for what a call waits for that comes alone: a cold cache, or a connection or a machine that falls asleep"
}
