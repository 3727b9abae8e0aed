package adapters_test

import (
	"testing"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/adapters"
	"github.com/fetchbench/fetchbench/fetchers/fetchertest"
)

// Every adapter keeps the contract, but for what it waives, in virtual time: without a
// size, with one that matters and with one beyond any batch.
func TestAdaptersConform(t *testing.T) {
	for name, s := range map[string]fetchers.Strategy{
		"conc zero":  adapters.Conc{},
		"conc 8":     adapters.Conc{Workers: 8},
		"conc 1000":  adapters.Conc{Workers: 1000},
		"pond zero":  adapters.Pond{},
		"pond 8":     adapters.Pond{Workers: 8},
		"pond 1000":  adapters.Pond{Workers: 1000},
		"ants zero":  adapters.Ants{},
		"ants 8":     adapters.Ants{Workers: 8},
		"ants 1000":  adapters.Ants{Workers: 1000},
		"paced zero": adapters.Paced{},
		"paced 300":  adapters.Paced{PerSecond: 300},
	} {
		t.Run(name, func(t *testing.T) { fetchertest.Conform(t, s, waived(s)...) })
	}
}

// The pools are made of goroutines and channels of their own, which the clock of the
// machine may show from another side. Paced is left out: between the reading of the
// count and the cancel another of its calls may rightly begin.
func TestAdaptersConformInRealTime(t *testing.T) {
	for name, s := range map[string]fetchers.Strategy{
		"conc": adapters.Conc{Workers: 8},
		"pond": adapters.Pond{Workers: 8},
		"ants": adapters.Ants{Workers: 8},
	} {
		t.Run(name, func(t *testing.T) {
			fetchertest.Conform(t, s, append(waived(s), fetchertest.RealTime)...)
		})
	}
}

// waived is what the documentation of an adapter says that it does not keep.
func waived(s fetchers.Strategy) []fetchertest.Point {
	if _, is := s.(adapters.Pond); is {
		return []fetchertest.Point{fetchertest.Goexits}
	}
	return nil
}

func TestLimits(t *testing.T) {
	for _, c := range []struct {
		strategy fetchers.Strategy
		n, want  int
	}{
		{adapters.Conc{Workers: 4}, 10, 4},
		{adapters.Conc{}, 10, 1},
		{adapters.Pond{Workers: 40}, 10, 10},
		{adapters.Ants{Workers: 4}, 10, 4},
		{adapters.Paced{PerSecond: 4}, 10, 10},
	} {
		if got := fetchers.Limit(c.strategy, c.n); got != c.want {
			t.Errorf("Limit(%#v, %d) = %d, want %d", c.strategy, c.n, got, c.want)
		}
	}
}
