package fetchers

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const ms = time.Millisecond

// start is any time but the zero one.
func start() time.Time { return time.Unix(1000, 0) }

// round lets all calls of a round take the same time, with all slots in use.
func (l *law) rounds(latencies ...time.Duration) {
	for _, latency := range latencies {
		for before := l.round; l.round == before; {
			l.took(l.begin(l.slots()), latency)
		}
	}
}

func TestLawDoublesUntilLatencyGrows(t *testing.T) {
	l := newLaw(10, 1000)
	for _, c := range []struct {
		latency time.Duration
		want    float64
	}{
		{20 * ms, 20},
		// half of the base again is tolerated; the base becomes 20 + (28-20)/4 = 22
		{28 * ms, 40},
		// the base 22 + (36-22)/4 = 25.5; 1.5 * 25.5 / 36 > 1
		{36 * ms, 80},
		{20 * ms, 160}, // the base 25.5 - 5.5/4 = 24.125
		// no longer below twice the base: 160 * 1.5 * 24.125 / 60 = 96.5
		{60 * ms, 96.5 + math.Sqrt(160)},
		// no more doubling, the queue term only
		{20 * ms, 96.5 + math.Sqrt(160) + math.Sqrt(96.5+math.Sqrt(160))},
	} {
		l.rounds(c.latency)
		if math.Abs(l.limit-c.want) > 1e-6 {
			t.Fatalf("after %v the limit is %v, want %v", c.latency, l.limit, c.want)
		}
	}
}

// A latency of a hundred times the base halves the limit and no more: the gradient
// is bounded. 64/2 + sqrt 64 = 40.
func TestLawNeverMoreThanHalves(t *testing.T) {
	l := newLaw(64, 1000)
	l.base = ms
	l.rounds(100 * ms)
	if l.limit != 40 {
		t.Errorf("the limit is %v, want 40", l.limit)
	}
}

// The latency of c slots of 20 ms is 20 * limit/c, so limit = 1.5 c + sqrt limit.
// For 16 slots that is x*x - x - 24 = 0 with x = sqrt limit: x = (1 + sqrt 97) / 2,
// limit = 29.42. The base is to be 20 ms from the first round on.
func TestLawSettlesWhereTheFormulaSays(t *testing.T) {
	l := newLaw(16, 1000)
	l.rounds(20 * ms)
	for range 200 {
		l.rounds(time.Duration(20e6 * max(1, l.limit/16)))
	}
	x := (1 + math.Sqrt(97)) / 2
	if math.Abs(l.limit-x*x) > 0.01 {
		t.Errorf("the limit settles at %v, want %v", l.limit, x*x)
	}
}

// The median is that of the calls begun first, once three quarters of them are back:
// a quick call that began later does not count, and one that hangs holds up nothing.
func TestLawLooksAtTheCallsBegunFirst(t *testing.T) {
	l := newLaw(8, 1000)
	first := make([]int, 8)
	for i := range first {
		first[i] = l.begin(8)
	}
	if later := l.begin(8); later != 0 {
		t.Fatalf("a ninth call of a round of eight is in round %d", later)
	}
	for range 100 {
		l.took(0, ms) // begun later, back already
	}
	for i, latency := range []time.Duration{1, 2, 3, 4, 5, 6} {
		if l.limit != 8 {
			t.Fatalf("the limit is %v after %d calls of eight", l.limit, i)
		}
		l.took(first[i], latency*ms)
	}
	if l.limit != 16 || l.base != 5*ms {
		t.Errorf("the limit is %v and the base %v, want 16 and the fifth of eight, 5ms", l.limit, l.base)
	}
}

// Once the limit no longer doubles a round has at least thirty calls, of which three
// quarters are 22.5: the 23rd ends it.
func TestLawLooksAtThirtyCallsAtLeast(t *testing.T) {
	l := newLaw(8, 1000)
	l.doubling, l.base = false, ms
	for i := range 23 {
		if l.round != 1 {
			t.Fatalf("the round ended after %d calls", i)
		}
		l.took(l.begin(8), ms)
	}
	if want := 8 + math.Sqrt(8); l.limit != want {
		t.Errorf("the limit is %v after 23 calls, want %v", l.limit, want)
	}
}

// Calls that fail or that are parked make room for others, and the round still ends.
func TestLawReplacesCallsWithoutALatency(t *testing.T) {
	l := newLaw(8, 1000)
	for range 100 {
		l.lost(l.begin(8))
	}
	l.rounds(20 * ms)
	if l.limit != 16 || l.base != 20*ms {
		t.Errorf("the limit is %v and the base %v, want 16 and 20ms", l.limit, l.base)
	}
}

// Nine of twenty slots say nothing of twenty, ten do.
func TestLawKeepsALimitThatIsNotUsed(t *testing.T) {
	l := newLaw(20, 1000)
	for busy, want := range map[int]float64{9: 20, 10: 40} {
		l := l
		for range 20 {
			l.took(l.begin(busy), ms)
		}
		if l.limit != want || l.base != ms {
			t.Errorf("with %d in flight the limit is %v and the base %v, want %v and 1ms", busy, l.limit, l.base, want)
		}
	}
}

func TestLawHalvesOnceAnOverloadAndThenAddsOne(t *testing.T) {
	l := newLaw(64, 1000)
	now := start()
	l.overloaded(now, now.Add(ms), 0, 0)
	l.overloaded(now, now.Add(2*ms), 0, 0) // begun before the cut
	if l.limit != 32 {
		t.Fatalf("one overload took the limit from 64 to %v, want 32", l.limit)
	}
	l.rounds(20*ms, 20*ms)
	if l.limit != 34 {
		t.Errorf("two quiet rounds took the limit from 32 to %v, want 34", l.limit)
	}
	l.overloaded(now.Add(2*ms), now.Add(3*ms), 0, 0) // begun after the cut
	if l.limit != 17 {
		t.Errorf("a second overload took the limit from 34 to %v, want 17", l.limit)
	}
}

// Pauses double while nothing goes well in between, from 100 ms or from what a call
// takes, lie in the upper half by the jitter, and are what the upstream says if it
// says anything.
func TestLawPauses(t *testing.T) {
	l := newLaw(64, 1000)
	now := start()
	overload := func(named time.Duration, jitter float64) time.Duration {
		now = now.Add(time.Second)
		return l.overloaded(now.Add(-ms), now, named, jitter)
	}
	for i, want := range []time.Duration{50 * ms, 100 * ms, 200 * ms, 400 * ms, 800 * ms, 1600 * ms, 3200 * ms, 5 * time.Second, 5 * time.Second} {
		if got := overload(0, 0); got != want {
			t.Errorf("pause %d is %v, want %v", i, got, want)
		}
	}
	if got := overload(0, 0.5); got != 7500*ms {
		t.Errorf("with half of the jitter the pause is %v, want 7.5s", got)
	}
	if got := overload(3*time.Second, 0.5); got != 3*time.Second {
		t.Errorf("the upstream said 3 s, the pause is %v", got)
	}
	l.rounds(20 * ms)
	if got := overload(0, 0); got != 10*ms {
		t.Errorf("after a quiet round of 20 ms the pause is %v, want 10ms", got)
	}
}

// Whatever happens in whatever order, at least one call may be made, never more
// than the most, and no pause is negative or without an end.
func TestLawStaysWithinItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(-1, 50).Draw(t, "most")
		l := newLaw(rapid.IntRange(-1, 100).Draw(t, "start"), most)
		now := start()
		for range rapid.IntRange(0, 300).Draw(t, "events") {
			ago := time.Duration(rapid.Int64Range(0, 1e9).Draw(t, "ago"))
			if rapid.IntRange(0, 9).Draw(t, "kind") > 0 {
				l.took(l.begin(rapid.IntRange(0, 50).Draw(t, "busy")), ago)
			} else if p := l.overloaded(now.Add(-ago), now, 0, rapid.Float64Range(0, 0.999).Draw(t, "jitter")); p < 0 || p > lastPause {
				t.Fatalf("a pause of %v", p)
			}
			if l.slots() < 1 || l.slots() > max(1, most) {
				t.Fatalf("%d slots, want 1 to %d", l.slots(), most)
			}
			now = now.Add(time.Duration(rapid.Int64Range(0, 1e8).Draw(t, "later")))
		}
	})
}
