// Package adapters runs third-party pools as strategies, because people ask which
// one to pick, and holds [Paced], which needs golang.org/x/time.
//
// Each pool is the real library, used as its own documentation shows, and made anew
// for each run, since a strategy keeps no state: what that costs is part of what is
// measured. The schedule of all three is that of [fetchers.Pool]; they differ in
// what a call costs. What a pool would do with a panic, swallow it, log it or end
// the program, it never gets to do: a [fetchers.Guard] keeps it for the owner.
//
// The package is one of its own so that a service that imports fetchers links none
// of these libraries. Rates are calls per second.
//
//	err := adapters.Pond{Workers: 8}.Run(ctx, len(ids), call)
package adapters

// slots is the number of workers that a batch of n can use of those asked for, one
// where none are.
func slots(workers, n int) int { return min(max(1, workers), n) }
