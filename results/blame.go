package results

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Blame finds out which addresses of a batch the failed requests of trials were for.
// It is added to trial by trial, and keeps a few words for each address that failed and
// a byte for each address of each contender.
type Blame struct {
	target   Target
	suspects map[int]*suspect
	marks    map[string][]mark // by contender, one for each address
	trials   int
	failed   int
}

// A suspect is an address at which requests failed, by the first request of the batch
// that is for it: how many failed, in how many trials and rounds, and of what class.
type suspect struct {
	request, failures, trials, rounds int
	class                             string // empty for several
	trial, round                      int    // in which it failed last
}

// A mark says what became of a contender's requests for an address: whether any was
// answered, and whether any failed.
type mark uint8

const (
	wasAnswered mark = 1 << iota
	hasFailed
)

// Culprits are the few addresses of a batch that nearly all failed requests were for.
type Culprits struct {
	// Text names them, and is empty where there are none:
	//
	//	request 17 (http://api.test/gone) failed in 24 of 24 trials
	Text string
	// Class is that of their failures, empty where those differ.
	Class string
	// Few is how many they are.
	Few int
	// Alone says that no request failed but theirs.
	Alone bool
}

// mostSuspects is how many addresses a Blame keeps. Where more failed no few are to blame.
const mostSuspects = 1000

// NewBlame has heard of no trial yet.
func NewBlame(t Target) *Blame {
	return &Blame{target: t, suspects: map[int]*suspect{}, marks: map[string][]mark{}}
}

// Add takes a trial with its requests into account. One without any says nothing, and
// one that reached its own limit says what was under way then: no address is to blame.
func (b *Blame) Add(t *Trial) {
	n := min(b.target.Requests, len(b.target.URLs))
	if len(t.Requests) == 0 || t.Outcome == Timeout || n < 1 {
		return
	}
	b.trials++
	marks := b.marks[t.Contender]
	if marks == nil {
		marks = make([]mark, n)
		b.marks[t.Contender] = marks
	}
	for i := range t.Requests {
		r := &t.Requests[i]
		if r.Index < 0 {
			continue // of a journal that was edited
		}
		switch index := r.Index % b.target.Requests % n; r.Class {
		case "", ClassCancelled:
		case ClassOK:
			marks[index] |= wasAnswered
		default:
			marks[index] |= hasFailed
			b.add(index, t.Round, r.Class)
		}
	}
}

// add counts one failed request of the trial at hand.
func (b *Blame) add(index, round int, class string) {
	b.failed++
	s := b.suspects[index]
	if s == nil {
		if len(b.suspects) >= mostSuspects {
			return
		}
		s = &suspect{request: index, class: class}
		b.suspects[index] = s
	}
	if s.class != class {
		s.class = ""
	}
	if s.rounds == 0 || s.round != round {
		s.round, s.rounds = round, s.rounds+1
	}
	if s.trials == 0 || s.trial != b.trials {
		s.trial, s.trials = b.trials, s.trials+1
	}
	s.failures++
}

// leastGuilt is in how many rounds an address has to fail. All trials of a round may
// have met the same chance, and what failed in one round will not fail in the next.
const leastGuilt = 2

// guilty tells whether an address is what failed: for every contender that got as far,
// and not once. Where it failed for some only, their way of asking may be the cause.
func (b *Blame) guilty(s *suspect) bool {
	for _, marks := range b.marks {
		if marks[s.request] == wasAnswered {
			return false
		}
	}
	return s.rounds >= leastGuilt
}

// nearlyAll is the share of the failed requests that a few addresses account for.
const nearlyAll = 0.9

// Culprits are empty where there are none: if others failed as often, or there is no other.
func (b *Blame) Culprits() Culprits {
	var list []*suspect
	for _, s := range b.suspects {
		if b.guilty(s) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(x, y *suspect) int {
		return cmp.Or(cmp.Compare(y.failures, x.failures), cmp.Compare(x.request, y.request))
	})
	few := min(mostAlike, min(b.target.Requests, len(b.target.URLs))/2, len(list))
	var named []string
	blamed := 0
	for i, s := range list[:few] {
		named = append(named, fmt.Sprintf("request %d (%s) failed in %d of %s", s.request, b.target.URL(s.request), s.trials, counted(b.trials, "trial")))
		if blamed += s.failures; float64(blamed) >= nearlyAll*float64(b.failed) {
			c := Culprits{Text: strings.Join(named, ", "), Class: s.class, Few: i + 1, Alone: blamed == b.failed}
			if slices.ContainsFunc(list[:i], func(other *suspect) bool { return other.class != s.class }) {
				c.Class = ""
			}
			return c
		}
	}
	return Culprits{}
}

// wayOut is what to do about them, by what they failed with, where the deadline of a
// request is limit. It is no other than what is said of all requests of a class.
func (c Culprits) wayOut(limit time.Duration) string {
	out, target := "take it out of the batch", "its target itself"
	if c.Few > 1 {
		out, target = "take them out of the batch", "their targets themselves"
	}
	switch c.Class {
	case "redirect_refused":
		return "list " + target + ", since no redirect to another origin is followed"
	case "timeout":
		return fmt.Sprintf("raise --timeout (now %v) or %s", limit, out)
	case "tls_certificate":
		return "trust an authority of your own with --ca FILE, or " + out
	}
	return out
}

// checkCulprits names the addresses without which a run would have had a number.
func checkCulprits(q *inquiry) []Warning {
	c := q.Run.Culprits
	if c.Few == 0 {
		return nil
	}
	others := "hardly any other did"
	if c.Alone {
		others = "no other did"
	}
	return []Warning{{
		Code: WarnCulprits, Text: c.Text,
		Hint: others + ", and a trial with a failed request has no time: " + c.wayOut(time.Duration(q.Run.Design.TimeoutNS)),
	}}
}
