package results

import (
	"fmt"
	"maps"
)

// A ledger knows which trials of a journal stand, so that lines which no run writes in
// this order are refused: a line that was copied, taken out, or is another journal's.
// It costs a map of two numbers a trial.
type ledger struct {
	columns map[string]int // the contenders, by their place in the header
	made    map[place]bool
	ended   bool
}

// A place is what a run has one trial of.
type place struct{ round, column int }

// add takes a trial, unless the run cannot have it there.
func (l *ledger) add(h *Header, t *Trial) error {
	if l.made == nil {
		l.made, l.columns = map[place]bool{}, make(map[string]int, len(h.Contenders))
		for i := range h.Contenders {
			l.columns[h.Contenders[i].Name] = i
		}
	}
	column, ok := l.columns[t.Contender]
	if !ok {
		return fmt.Errorf("a bad journal: a trial of %q, which is none of its contenders", clipped(t.Contender))
	}
	at := place{t.Round, column}
	if l.made[at] {
		return fmt.Errorf("a bad journal: a second trial of %q in round %d", clipped(t.Contender), t.Round+1)
	}
	l.made[at] = true
	return h.within(t)
}

// resume takes back the trials of the round from which the run goes on, and of later
// ones.
func (l *ledger) resume(round int) {
	l.ended = false
	maps.DeleteFunc(l.made, func(at place, _ bool) bool { return !Precedes(at.round, round) })
}

// end refuses an end that says complete where rounds are missing. One that was reached
// before the last round says so. An aborted trial is one that was made.
func (l *ledger) end(h *Header, e end) error {
	l.ended = true
	if !e.Complete || e.Reached != "" || h.Design.Rounds <= 0 {
		return nil
	}
	measured := 0
	for at := range l.made {
		if at.round >= 0 {
			measured++
		}
	}
	// None is there twice or beyond the last round, so that counting them does.
	if measured/max(1, len(h.Contenders)) < h.Design.Rounds {
		return fmt.Errorf("a bad journal: it ends as complete, with %d trials of %d contenders in %d rounds",
			measured, len(h.Contenders), h.Design.Rounds)
	}
	return nil
}
