package bench

import (
	"iter"
	"time"
)

// A turn is one place in the run: which contender fetches, and when.
type turn struct {
	round, position, contender int
	pause                      time.Duration // before it
}

// Upcoming lists the rounds and contenders of the trials that Trials will yield, in
// that order. It measures nothing, so that whoever shows a run can name the
// contender that is next before its trial begins.
func (e *Experiment) Upcoming() iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for t := range e.turns {
			if !yield(t.round, e.contenders[t.contender].String()) {
				return
			}
		}
	}
}

// turns lists the trials in the order in which they are made: warm-up rounds
// count down from -1, measured ones up from 0. There is a pause between any two
// trials, and none before the first or after the last. An experiment that goes on
// with a run begins where that was cut short.
func (e *Experiment) turns(yield func(turn) bool) {
	first := true
	next := func(t turn) bool {
		if first {
			t.pause, first = 0, false
		}
		return yield(t)
	}
	if e.plan.Order == Blocks {
		e.blocks(next)
		return
	}
	for round := range e.plan.rounds {
		if e.plan.place(round) < e.outset.first {
			continue // made before the run was cut short
		}
		waits := e.pauses(round)
		for position, contender := range order(e.plan.Order, e.plan.Seed, round, len(e.contenders)) {
			if !next(turn{round, position, contender, waits[position]}) {
				return
			}
		}
	}
}

// blocks lists all rounds of one contender, then all of the next.
func (e *Experiment) blocks(yield func(turn) bool) {
	for contender := range e.contenders {
		for round := range e.plan.rounds {
			if !yield(turn{round, contender, contender, e.pauses(round)[contender]}) {
				return
			}
		}
	}
}

// rounds lists the numbers of the rounds, warm-up rounds first.
func (p Plan) rounds(yield func(int) bool) {
	for place := range p.Warmup + p.Rounds {
		if !yield(p.number(place)) {
			return
		}
	}
}

// pauses are those before the trials of a round.
func (e *Experiment) pauses(round int) []time.Duration {
	return pauses(e.plan.Seed, round, len(e.contenders), time.Duration(e.plan.Pause))
}
