package fetchers

import (
	"context"
	"time"
)

// What a strategy may need besides an index, or have to tell besides its calls,
// reaches it through the optional interfaces of this file. None of them is part of
// [Strategy]: whoever runs one asks for them with a type assertion.

// A Keyed strategy treats calls by a key, such as the host that a call goes to.
type Keyed interface {
	// ByKey returns the strategy with the key of each call. The function is called
	// for each index once a run and once by Limit, and is safe for concurrent use.
	ByKey(key func(i int) string) Strategy
}

// A Reporter is a strategy that has something to tell about a run.
type Reporter interface {
	// Reporting returns the strategy with the places to tell it to.
	Reporting(to Notes) Strategy
}

// Notes are told what a strategy finds out while it runs. A strategy tells only
// what it knows, from any goroutine, and calls none that is nil.
type Notes struct {
	// Limit is told how many calls may be in flight from now on, by a strategy that
	// finds that out by itself.
	Limit func(limit int)
	// Intended is told when call i was to start, before it is made, by a strategy
	// that starts calls at times of its own.
	Intended func(i int, at time.Time)
}

// Overloaded is what a strategy that adapts looks for in the error of a call: an
// error in its chain that answers true says that the other side asked for less.
type Overloaded interface {
	error
	Overloaded() bool
}

// parkKey finds the slot of a call in its context.
type parkKey struct{}

// A slot is what a strategy lends to a call and can take back for a while.
type slot interface {
	// park gives the slot back while wait runs, and returns once it is held again.
	park(wait func())
	// heed learns from the error of an attempt that another one follows.
	heed(err error)
}

// Park runs wait, which waits for something else than the call itself, such as the
// pause before another attempt. If the strategy that made the call lends its slots,
// another call has the slot meanwhile; otherwise it is kept, idle. Either way Park
// returns after wait has, and a wait that looks at ctx ends early with it.
func Park(ctx context.Context, wait func()) {
	if s, ok := ctx.Value(parkKey{}).(slot); ok {
		s.park(wait)
		return
	}
	wait()
}

// Heed shows err, the error of an attempt that another attempt of the same call
// follows, to the strategy that made the call. A policy that tries again calls it,
// before it parks: otherwise a strategy that adapts hears only of the last attempt,
// and takes an upstream that refuses every other request for a healthy one.
func Heed(ctx context.Context, err error) {
	if s, ok := ctx.Value(parkKey{}).(slot); ok {
		s.heed(err)
	}
}

// lending returns a context by which a call can give its slot back.
func lending(ctx context.Context, s slot) context.Context {
	return context.WithValue(ctx, parkKey{}, s)
}

// Holding returns a context in which Park keeps the slot. Whoever makes one call as
// two at once needs it, and whoever makes it outlive the slot: a slot that both gave
// back would be given back twice.
func Holding(ctx context.Context) context.Context {
	if _, ok := ctx.Value(parkKey{}).(slot); !ok {
		return ctx
	}
	return context.WithValue(ctx, parkKey{}, nil)
}
