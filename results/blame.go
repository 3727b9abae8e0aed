package results

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Blame finds out which addresses of a batch the failed requests of trials were for.
// It is added to trial by trial, and keeps a few words for each address that failed.
type Blame struct {
	target   Target
	failures map[int]*Culprit
	last     map[int]int // the trial in which an address failed last
	trials   int
	failed   int
}

// A Culprit is an address at which requests failed: the first request of the batch that
// is for it, how many failed, and in how many trials.
type Culprit struct{ Request, Failures, Trials int }

// mostSuspects is how many addresses a Blame keeps. Where more failed no few are to blame.
const mostSuspects = 1000

// NewBlame has heard of no trial yet.
func NewBlame(t Target) *Blame {
	return &Blame{target: t, failures: map[int]*Culprit{}, last: map[int]int{}}
}

// Add takes a trial with its requests into account. One without any says nothing.
func (b *Blame) Add(t *Trial) {
	if len(t.Requests) == 0 {
		return
	}
	b.trials++
	for i := range t.Requests {
		switch t.Requests[i].Class {
		case "", ClassOK, ClassCancelled:
		default:
			b.add(t.Requests[i].Index)
		}
	}
}

// add counts one failed request.
func (b *Blame) add(index int) {
	b.failed++
	if n := min(b.target.Requests, len(b.target.URLs)); n > 0 {
		index = index % b.target.Requests % n
	}
	c := b.failures[index]
	if c == nil {
		if len(b.failures) >= mostSuspects {
			return
		}
		c = &Culprit{Request: index}
		b.failures[index] = c
	}
	c.Failures++
	if b.last[index] != b.trials {
		b.last[index] = b.trials
		c.Trials++
	}
}

// nearlyAll is the share of the failed requests that a few addresses account for.
const nearlyAll = 0.9

// String names the few addresses that nearly all failed requests were for, and is empty
// where there are none: if others failed as often, or there is no other.
//
//	request 17 (http://api.test/gone) failed in 24 of 24 trials
func (b *Blame) String() string {
	list := make([]Culprit, 0, len(b.failures))
	for _, c := range b.failures {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(x, y Culprit) int {
		return cmp.Or(cmp.Compare(y.Failures, x.Failures), cmp.Compare(x.Request, y.Request))
	})
	few := min(mostAlike, min(b.target.Requests, len(b.target.URLs))/2, len(list))
	var named []string
	blamed := 0
	for _, c := range list[:few] {
		named = append(named, fmt.Sprintf("request %d (%s) failed in %d of %s", c.Request, b.target.URL(c.Request), c.Trials, counted(b.trials, "trial")))
		if blamed += c.Failures; float64(blamed) >= nearlyAll*float64(b.failed) {
			return strings.Join(named, ", ")
		}
	}
	return ""
}

// checkCulprits names the addresses without which a run would have had a number.
func checkCulprits(q *inquiry) []Warning {
	if q.Run.Culprits == "" || len(q.rounds) < 2 {
		return nil // what failed once may have been chance
	}
	return []Warning{{
		Code: WarnCulprits, Text: q.Run.Culprits,
		Hint: "hardly any other did, and a trial with a failed request has no time: take it out of the batch",
	}}
}
