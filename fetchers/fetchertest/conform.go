// Package fetchertest holds the contract of a strategy as a test that anybody
// can call on a strategy of their own:
//
//	func TestMine(t *testing.T) { fetchertest.Conform(t, mine.Strategy{}) }
//
// It runs in virtual time (testing/synctest), so that a batch of a second's
// calls takes no time and every order of events is the same each time. It says
// nothing about how fast a strategy is: go test -bench does.
package fetchertest

import (
	"slices"
	"testing"
	"testing/synctest"

	"github.com/fetchbench/fetchbench/fetchers"
	"go.uber.org/goleak"
)

// A Point is one promise of the contract, by the name of its subtest.
type Point string

// The points of the contract, as fetchers.Strategy states them. RealTime is
// none of its promises: a strategy that waives it is tried against the clock of
// the machine, because what it wraps does not survive a synctest bubble.
const (
	ExactlyOnce Point = "each index exactly once"
	Bound       Point = "never more than the limit in flight"
	Cancel      Point = "nothing started after cancel"
	Returns     Point = "returns after the last call"
	Errors      Point = "an error stops nothing"
	Panics      Point = "a panic in a call returns to the owner"
	Goexits     Point = "a call that ends its goroutine hangs nothing"
	Reentrant   Point = "two runs at once"
	RealTime    Point = "virtual time"
)

// Conform fails t with one message for each point of the contract that s
// breaks. That no goroutine is left is part of every point. A strategy that
// cannot keep a point says so in its own documentation and names the point
// here; such a point is reported as skipped.
func Conform(t *testing.T, s fetchers.Strategy, waived ...Point) {
	t.Helper()
	for _, p := range points() {
		t.Run(string(p.name), func(t *testing.T) {
			if slices.Contains(waived, p.name) {
				t.Skipf("%T waives this point", s)
			}
			held := func(t *testing.T) {
				before := goleak.IgnoreCurrent()
				p.check(t, s)
				if err := goleak.Find(before); err != nil {
					t.Errorf("a goroutine is left: %v", err)
				}
			}
			if slices.Contains(waived, RealTime) {
				held(t)
				return
			}
			synctest.Test(t, held)
		})
	}
}

// A point is a promise with the check that tries to see it broken.
type point struct {
	name  Point
	check func(*testing.T, fetchers.Strategy)
}

// points returns the contract in the order in which a reader would want to
// learn that it is broken.
func points() []point {
	return []point{
		{ExactlyOnce, exactlyOnce},
		{Bound, bound},
		{Cancel, cancelled},
		{Returns, returns},
		{Errors, errorsStopNothing},
		{Panics, panicReturns},
		{Goexits, goexitReturns},
		{Reentrant, twoAtOnce},
	}
}
