// Package fetchers decides when the calls of a batch are made.
//
// A [Strategy] is handed the number of calls and one function that makes call
// i; it schedules them, one after the other, all at once or through a pool, and
// returns when all have returned. What a call does, over what it does it and
// how long it took are not its business, so a strategy can neither misreport a
// time nor lose a result. [Map] is what a service imports: results in order,
// one error per item.
//
// The package has no HTTP in it, keeps no global state and leaves no goroutine
// behind. Costs in doc comments are per call on two shared cores with an empty
// call; they say how strategies compare, not what a machine will show.
//
//	users, errs := fetchers.Map(ctx, fetchers.Pool{Workers: 8}, ids, fetchUser)
package fetchers

import "context"

// A Call makes call i of a batch once and returns its error. Implementations
// are safe for concurrent use with different i. A Call whose context is done
// returns at once with the context's error, so that a strategy that is slow to
// notice a cancel cannot start work after it.
type Call func(ctx context.Context, i int) error

// A Strategy decides when each call of a batch is made.
//
// Run calls each i in [0, n) exactly once, from any goroutines, and returns
// when all of them have returned. Errors of calls are the owner's data and stop
// nothing. Once ctx is done no further call is started, and Run returns the
// cause of the cancellation if calls were left out, nil otherwise.
//
// A call that panics does not bring down the program from a goroutine nobody
// owns: Run waits for the calls under way and panics on its own goroutine, with
// the value itself or with a [*Panic] that carries it. Calls not yet started
// may then be left out. So it is for a call that ends its goroutine with
// runtime.Goexit, as the Fatal of a test does: Run then ends its own.
//
// A Strategy is a value, may be used by many goroutines at once, and keeps no
// state between two runs. The test of all this is fetchertest.Conform.
type Strategy interface {
	Run(ctx context.Context, n int, call Call) error
}

// A Limiter is a Strategy that says how many calls of a batch of n it may have
// in flight at once. Whoever sizes a connection pool for it, or asks how far it
// is from the best possible, needs that number; for a strategy that is no
// Limiter, n is assumed.
type Limiter interface {
	Limit(n int) int
}

// Limit returns the number of calls of a batch of n that s may have in flight
// at once: what s says of itself, and n otherwise. It is never below 1 nor,
// for n of at least 1, above n.
func Limit(s Strategy, n int) int {
	limit := n
	if l, ok := s.(Limiter); ok {
		limit = l.Limit(n)
	}
	return max(1, min(limit, n))
}
