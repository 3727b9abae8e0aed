package results

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results/stats"
)

// From where something else than the tail of a batch keeps a contender from having
// in flight what it asked for.
const (
	blockedMean  = 1.1    // in flight on average: one after the other
	refusedShare = 0.01   // of the requests made
	idleExcess   = 1.05   // makespan / the most that a greedy schedule takes
	idlePerCall  = 100e-6 // seconds of an idle slot for each call
)

// The causes below are looked for in this order, and one is enough: a contender is
// told the first that holds. What is left without one is the tail of the batch,
// where fewer calls are left than there are slots.

// busy lists the contenders of which it can be said whether they got what they
// asked for: those that may have several in flight, over a network, with a trial
// that succeeded. A mock that answers at once may well show one at a time.
func (q *inquiry) busy() (out []*Contender) {
	for i := range q.Contenders {
		c := &q.Contenders[i]
		if q.slots(c) > 1 && c.OK > 0 && !q.Run.mocked(c.Name) && !q.explained[c.Name] && !q.imported() && !q.held(c) && q.told(c) {
			out = append(out, c)
		}
	}
	return out
}

// told tells whether it is known how many a contender asked for: of a program that keeps
// no records nobody knows.
func (q *inquiry) told(c *Contender) bool {
	return !slices.ContainsFunc(q.rounds, func(r Round) bool { return !r[c.Name].told() })
}

// held tells whether policies hold back requests of a contender that count as in
// flight meanwhile: for their turn, for the pause before another try, or for the
// answer to an equal one. Then in flight says nothing about connections or the
// upstream.
func (q *inquiry) held(c *Contender) bool {
	return slices.ContainsFunc(q.Run.column(c.Name).Policies, func(spec string) bool {
		switch strategy(spec) {
		case "limit", "dedup":
			return true
		case "retry":
			return c.Cost.Wasted > 0
		}
		return false
	})
}

// slots is how many a contender can have in flight: what it asked for, or all of a
// fan-out.
func (q *inquiry) slots(c *Contender) int { return min(c.Flight.Asked, q.Run.Target.Requests) }

// explain warns of a contender's cause, and lets no other be looked for.
func (q *inquiry) explain(c *Contender, code, text, hint string) Warning {
	q.explained[c.Name] = true
	return Warning{Code: code, Contender: c.Name, Text: text, Hint: hint}
}

// strategy is the name of the strategy in a contender's name, such as pool in
// pool:8+retry:3@h2.
func strategy(name string) string {
	if end := strings.IndexAny(name, ":+@"); end >= 0 {
		return name[:end]
	}
	return name
}

// patient tells whether a contender leaves slots free on purpose: to keep a rate,
// or a limit that it finds by itself.
func patient(c *Contender) bool { return strategy(c.Name) == "paced" || c.Flight.Found != nil }

// median is that of a value over the successful trials of a contender in the
// rounds that count, nil where there is none.
func (q *inquiry) median(name string, value func(*Trial) *float64) *float64 {
	var values []float64
	for _, round := range q.rounds {
		if t := round[name]; t != nil && t.Outcome == OK && t.ElapsedNS > 0 && t.Tally.Flight.LatencyNS > 0 {
			values = collectKnown(values, value(t))
		}
	}
	return known(stats.Median(values))
}

// idle tells how long the trials of a contender took, and how long they could have
// taken at most had no slot stood idle while a call waited; ok where that is less.
func (q *inquiry) idle(c *Contender) (took, most float64, ok bool) {
	k := q.slots(c)
	excess := q.median(c.Name, func(t *Trial) *float64 { return quotient(float64(t.ElapsedNS), greedy(t.Tally.Flight, k)) })
	perCall := q.median(c.Name, func(t *Trial) *float64 {
		return quotient((float64(t.ElapsedNS)-greedy(t.Tally.Flight, k))*float64(k)/1e9, float64(t.Tally.made()))
	})
	if excess == nil || perCall == nil || *excess < idleExcess || *perCall < idlePerCall {
		return 0, 0, false
	}
	took = *q.median(c.Name, func(t *Trial) *float64 { return quotient(t.seconds(), 1) })
	return took, took / *excess, true
}

// checkBlocked says when a contender that asked for several has one request in
// flight: somewhere it waits for each before it begins the next. That one call
// takes nearly all of the time is no reason.
func checkBlocked(q *inquiry) (out []Warning) {
	for _, c := range q.busy() {
		if patient(c) {
			continue
		}
		_, _, idle := q.idle(c)
		text := fmt.Sprintf("%s asked for %d in flight and ", c.Name, c.Flight.Asked)
		switch {
		case c.Flight.Max == 1 && q.Run.column(c.Name).Process != nil:
			text = fmt.Sprintf("%s asked for %d in flight, got 1.0: the fetcher blocks its event loop", c.Name, c.Flight.Asked)
		case c.Flight.Max == 1:
			text += "never had more than 1: the fetcher blocks"
		case idle && c.Flight.Mean != nil && *c.Flight.Mean <= blockedMean:
			text += fmt.Sprintf("got %.1f: the fetcher blocks", *c.Flight.Mean)
		default:
			continue
		}
		out = append(out, q.explain(c, WarnBlocked, text, "look for a lock, a single connection or an upstream that answers one at a time"))
	}
	return out
}

// checkRefused says when the upstream refuses what is in flight.
func checkRefused(q *inquiry) (out []Warning) {
	for i := range q.Contenders {
		c := &q.Contenders[i]
		refused, made := 0, 0
		for _, round := range q.rounds {
			tally := &round[c.Name].Tally
			made += tally.made()
			for _, f := range tally.Failures {
				if f.Class == class429 {
					refused += f.Count
				}
			}
		}
		if made == 0 || q.slots(c) < 2 || float64(refused) < refusedShare*float64(made) {
			continue
		}
		out = append(out, q.explain(c, WarnRefused,
			fmt.Sprintf("%s asked for %d in flight, and the upstream refused %s of its requests with 429", c.Name, c.Flight.Asked, percent(float64(refused)/float64(made))),
			"a refusal is quick, so that more in flight looks faster and is not: ask for fewer, or keep to the upstream's rate with paced"))
	}
	return out
}

// class429 is the class of requests that the upstream refused for being too many.
const class429 = "http_429"

// checkIdle says when slots stood idle while calls waited, which no slow call
// explains: the makespan is beyond what any greedy schedule of the same calls takes.
func checkIdle(q *inquiry) (out []Warning) {
	for _, c := range q.busy() {
		took, most, idle := q.idle(c)
		if !idle || patient(c) || c.Flight.Mean == nil || q.saturated(c.Name) {
			continue
		}
		why, hint := "that is what waves do", "pool begins the next call as soon as one has ended: compare with it at the same size"
		if strategy(c.Name) == "perhost" {
			why, hint = "that is what a limit for each host does", "it is the price of keeping the hosts apart: compare with pool at the same size"
		}
		if q.Run.column(c.Name).Process != nil {
			why, hint = q.ownLimit(c)
		}
		out = append(out, q.explain(c, WarnIdle,
			fmt.Sprintf("%s asked for %d in flight and got %.1f: slots stood idle while calls waited: %s; it took %s, and %s at most without that",
				c.Name, c.Flight.Asked, *c.Flight.Mean, why, seconds(took), seconds(most)), hint))
	}
	return out
}

// ownLimit says of a program why its slots stood idle, as far as that can be seen from
// outside: some have a limit of their own, whatever they were asked for.
func (q *inquiry) ownLimit(c *Contender) (why, hint string) {
	if c.Flight.Max < q.slots(c) {
		return fmt.Sprintf("it never had more than %d in flight", c.Flight.Max), "look for a limit of its own: of its threads, its connections, or its library"
	}
	return "it did not begin the next call as soon as one had ended", "look at how it hands out its calls, and compare with pool at the same size"
}

// saturated tells whether this process was the limit for a contender. Of several
// one stands for all.
func (q *inquiry) saturated(name string) bool {
	for _, w := range q.Warnings {
		if w.Code == WarnSaturated && (w.Contender == name || w.Contender == "") {
			return true
		}
	}
	return false
}
