package fetchers

import (
	"context"
	"testing"
)

// A lender counts how often its slot is lent.
type lender struct {
	slot // nil: whatever else a slot does is not asked for
	lent int
}

func (l *lender) park(wait func()) {
	l.lent++
	wait()
}

// TestHoldingKeepsTheSlot also below it, in contexts made from the one that holds.
func TestHoldingKeepsTheSlot(t *testing.T) {
	l := lender{slot: nil}
	waited := 0
	wait := func() { waited++ }
	lent := lending(t.Context(), &l)
	Park(lent, wait)
	if l.lent != 1 || waited != 1 {
		t.Fatalf("lent %d times for %d waits, want 1 for 1", l.lent, waited)
	}
	ctx, cancel := context.WithCancel(Holding(lent))
	defer cancel()
	Park(ctx, wait)
	if l.lent != 1 || waited != 2 {
		t.Errorf("lent %d times for %d waits, want 1 for 2", l.lent, waited)
	}
	if plain := t.Context(); Holding(plain) != plain {
		t.Error("a context without a slot was wrapped for nothing")
	}
}
