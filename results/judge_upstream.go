package results

import (
	"fmt"
	"math"
	"strings"

	"github.com/fetchbench/fetchbench/results/stats"
)

// From where requests wait for a connection, or at the upstream.
const (
	// waiting is the mean in flight for each that the wire carries.
	waiting = 1.25
	// plateau is the share of its maximum that the upstream has on average when it
	// is held there.
	plateau = 0.8
	// coldShare is the share of requests on new connections from which warm ones are
	// not what was measured. The first trial may open some.
	coldShare = 0.5
	// churn is the number of connections opened for each slot from which they were
	// not kept.
	churn = 1.5
)

// The transports that are there to show what happens without kept connections.
const (
	transportDefault     = "h1-default"
	transportNoKeepAlive = "h1-nokeepalive"
)

// checkWarm says when connections were to be kept and were not: an upstream that
// closes them makes every request pay for a new one. Where the transport closes
// them, that is what was asked for.
func checkWarm(q *inquiry) (out []Warning) {
	if q.Run.Design.Connections != "warm" {
		return nil
	}
	for _, c := range q.Contenders {
		column := q.Run.column(c.Name)
		if q.Run.mocked(c.Name) || column.Transport == transportDefault || column.Transport == transportNoKeepAlive {
			continue
		}
		if total := c.Connections.Opened + c.Connections.Reused; total > 0 && float64(c.Connections.Opened) > coldShare*float64(total) {
			out = append(out, Warning{
				Code: WarnWarm, Contender: c.Name,
				Text: fmt.Sprintf("warm connections were asked for, and %s opened %d for %d requests: the upstream closes them", c.Name, c.Connections.Opened, total),
				Hint: "the times are those of fresh connections; look for HTTP/1.0, Connection: close or a short idle time at the upstream",
			})
		}
	}
	return out
}

// checkConnections says when there were too few connections for what was in
// flight, or when they were thrown away.
func checkConnections(q *inquiry) (out []Warning) {
	for _, c := range q.busy() {
		if text := q.queued(c); text != "" {
			out = append(out, q.explain(c, WarnConnections,
				fmt.Sprintf("%s asked for %d in flight, and %s: too few connections", c.Name, c.Flight.Asked, text),
				"look for a limit of connections for each host, or of streams on a connection, and try another transport"))
			continue
		}
		opened := q.median(c.Name, func(t *Trial) *float64 { return quotient(float64(t.Tally.Opened), 1) })
		if q.Run.column(c.Name).Transport != transportDefault || opened == nil || *opened <= churn*float64(q.slots(c)) {
			continue
		}
		out = append(out, Warning{
			Code: WarnConnections, Contender: c.Name,
			Text: fmt.Sprintf("%s opened %.0f connections a trial for %d in flight: the default transport keeps 2 idle ones for a host and closes the others",
				c.Name, *opened, q.slots(c)),
			Hint: "use @h1, which keeps as many as there are in flight; with TLS every connection is a handshake",
		})
	}
	return out
}

// queued words how many requests were on their way to the upstream and how many it
// could have at once, where the former are clearly more; empty elsewhere. By Little's
// law a mean in flight above the number of connections of HTTP/1 means that requests
// waited for one.
func (q *inquiry) queued(c *Contender) string {
	if c.Flight.Mean == nil {
		return ""
	}
	mean := *c.Flight.Mean
	opened := q.median(c.Name, func(t *Trial) *float64 { return quotient(float64(t.Tally.Opened), 1) })
	if opened == nil || *opened == 0 || q.Run.Design.Connections != "fresh" || !strings.HasPrefix(c.Protocol, "HTTP/1") {
		return q.kept(c, mean)
	}
	if *opened < float64(q.slots(c)) && mean > waiting**opened {
		return fmt.Sprintf("%.1f on average waited for or had one of %.0f connections", mean, *opened)
	}
	return q.kept(c, mean)
}

// kept is queued by what the upstream counted, of any protocol: its maximum, if it
// is held there. Requests that take no time are mostly on the way.
func (q *inquiry) kept(c *Contender, mean float64) string {
	most := q.median(c.Name, func(t *Trial) *float64 { return t.upstream(func(s *Seen) float64 { return float64(s.Max) }) })
	held := q.median(c.Name, func(t *Trial) *float64 { return t.upstream(func(s *Seen) float64 { return s.Flight }) })
	if most == nil || held == nil || *most >= float64(q.slots(c)) || mean <= waiting**most || *held <= plateau**most {
		return ""
	}
	return fmt.Sprintf("of %.1f on average the upstream never had more than %.0f", mean, *most)
}

// upstream is what the embedded upstream says of the trial, nil without one.
func (t *Trial) upstream(value func(*Seen) float64) *float64 {
	if t.Seen == nil {
		return nil
	}
	v := value(t.Seen)
	return &v
}

// From where the upstream is at its capacity.
const (
	slower     = 1.5  // slowdown
	muchSlower = 2    // slowdown, and of the upstream's own times
	grows      = 1.3  // slowdown / that of the one with fewer in flight
	flat       = 1.05 // median / that of the other
	smaller    = 1.5  // slots / those of the other
	leastAlone = 1e-3 // seconds of a request alone: below, it is this machine's time
	mostCPU    = 0.5  // of the processors: above, this process may be what is slow
)

// checkCapacity says when more in flight only wait: each takes longer than it
// would alone, and all of them as long as with fewer, or the upstream itself says
// that it took longer. A sweep that recommends a size has said so by that: what is made
// of one size by itself would be another number for the same.
func checkCapacity(q *inquiry) (out []Warning) {
	alone := q.median(q.Run.Sequential(), func(t *Trial) *float64 {
		return quotient(inSeconds(t.Tally.Flight.LatencyNS), float64(t.Tally.made()))
	})
	if alone == nil || *alone < leastAlone {
		return nil
	}
	for _, c := range q.busy() {
		text := ""
		if q.slowed(c) {
			text = q.crowded(c)
		}
		if text == "" {
			continue
		}
		serves := max(1, int(math.Round(*c.Flight.Mean / *c.Slowdown)))
		out = append(out, q.explain(c, WarnCapacity,
			fmt.Sprintf("%s had %.1f in flight, each %.1fx as slow as alone, and %s: the upstream serves about %d at once, more only wait",
				c.Name, *c.Flight.Mean, *c.Slowdown, text, serves),
			fmt.Sprintf("about %d in flight are as fast, and each of them waits less", serves)))
	}
	if q.Sweep != nil && q.Sweep.Recommendation.Use != "" {
		return nil // but the cause is known, and no other is looked for
	}
	return out
}

// slowed tells whether each request of a contender took clearly longer than alone, and it
// was not this machine that took longer for it.
func (q *inquiry) slowed(c *Contender) bool {
	return c.Slowdown != nil && c.Flight.Mean != nil && *c.Slowdown >= slower && c.OK >= c.Trials && !q.saturated(c.Name) && !q.working(c) && q.vouched(c)
}

// working tells whether this process uses much of the machine during the trials.
func (q *inquiry) working(c *Contender) bool {
	share := q.median(c.Name, func(t *Trial) *float64 { return quotient(float64(t.Machine.CPUNS), float64(t.ElapsedNS)) })
	return share != nil && *share > mostCPU*float64(max(1, q.Run.Environment.CPUs))
}

// crowded words what shows that more in flight bring nothing, empty where nothing
// does.
func (q *inquiry) crowded(c *Contender) string {
	if o := q.frugal(c); o != nil {
		switch q.relation(o.Name, c.Name) {
		case stats.Slower, stats.Equivalent, stats.EquivalentDetectable:
			return "was no faster than " + o.Name
		}
	}
	busy := func(name string) *float64 {
		return q.median(name, func(t *Trial) *float64 {
			return t.upstream(func(s *Seen) float64 { return float64(s.BusyNS) / float64(max(1, s.Requests)) })
		})
	}
	mine, alone := busy(c.Name), busy(q.Run.Sequential())
	if *c.Slowdown < muchSlower || mine == nil || alone == nil || *alone <= 0 || *mine < muchSlower**alone {
		return ""
	}
	return fmt.Sprintf("the upstream itself took %.1fx as long for it", *mine / *alone)
}

// frugal is the contender with the fewest slots of those that have clearly fewer
// than c, slow each request down clearly less, and have about the same median; nil
// without one.
func (q *inquiry) frugal(c *Contender) (best *Contender) {
	for i := range q.Contenders {
		o := &q.Contenders[i]
		if o.Median == nil || c.Median == nil || o.Slowdown == nil || q.Run.mocked(o.Name) {
			continue
		}
		if float64(q.slots(o))*smaller > float64(q.slots(c)) || *o.Slowdown*grows > *c.Slowdown || *o.Median > flat**c.Median {
			continue
		}
		if best == nil || q.slots(o) < q.slots(best) {
			best = o
		}
	}
	return best
}
