package policy

import (
	"cmp"
	"sync/atomic"
)

// A Budget bounds the retries of a trial: Least of them are free, and each request
// that could be retried adds Share of one. An upstream that is dead then sees little
// more than one attempt a request instead of one for each try.
//
// The defaults are those of Finagle (20 %, and ten free ones; there a second, here a
// trial): an upstream that fails one attempt in ten needs 11 % and never notices the
// budget, one that fails half of them does. Budgets that close sooner would: in gRPC
// (proposal A6, ten tokens, a tenth back for each success) one failure in ten is about
// the most that is ever made good.
type Budget struct {
	// Share is the part of a retry that each request adds; 0 means 0.2, below 0
	// nothing. A share of as many as there are retries refuses none.
	Share float64
	// Least is how many retries are free; 0 means 10, below 0 none.
	Least int
}

// open returns the account of one trial.
func (b Budget) open() *account {
	return &account{
		share: max(0, cmp.Or(b.Share, 0.2)),
		least: float64(max(0, cmp.Or(b.Least, 10))),
	}
}

// An account says how much of a budget is left.
type account struct {
	share, least    float64
	requests, spent atomic.Int64
}

// deposit is called for each request that could be retried, before its first try.
func (a *account) deposit() { a.requests.Add(1) }

// withdraw takes one retry out and reports whether it was there. Several callers at
// once never get more than there is.
func (a *account) withdraw() bool {
	for {
		spent := a.spent.Load()
		// A millionth of a retry makes up for a share that has no exact float.
		if float64(spent+1) > a.least+a.share*float64(a.requests.Load())+1e-6 {
			return false
		}
		if a.spent.CompareAndSwap(spent, spent+1) {
			return true
		}
	}
}
