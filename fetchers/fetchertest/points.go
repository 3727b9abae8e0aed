package fetchertest

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
)

// step is the unit of the calls' durations. In virtual time its length does not
// matter; a strategy tried in real time takes a few hundred of them.
const step = time.Millisecond

// errStop is the cause that cancelled runs must report.
var errStop = errors.New("stopped by the test")

// A batch counts what a strategy does with its calls.
type batch struct {
	calls  []atomic.Int32
	active atomic.Int32
	most   atomic.Int32
}

func newBatch(n int) *batch { return &batch{calls: make([]atomic.Int32, n)} }

// start counts a call as begun and returns the function that ends it.
func (b *batch) start(i int) (end func()) {
	b.calls[i].Add(1)
	now := b.active.Add(1)
	for most := b.most.Load(); now > most && !b.most.CompareAndSwap(most, now); most = b.most.Load() {
	}
	return func() { b.active.Add(-1) }
}

// call takes one to five steps, by its index, so that calls overtake each other.
func (b *batch) call(_ context.Context, i int) error {
	defer b.start(i)()
	time.Sleep(time.Duration(1+i*7%5) * step)
	return nil
}

// made returns how many calls were begun.
func (b *batch) made() (total int) {
	for i := range b.calls {
		total += int(b.calls[i].Load())
	}
	return total
}

// each fails t for every index that was not called exactly once.
func (b *batch) each(t *testing.T) {
	t.Helper()
	for i := range b.calls {
		if got := b.calls[i].Load(); got != 1 {
			t.Errorf("n = %d: call %d was made %d times, want once", len(b.calls), i, got)
		}
	}
}

func exactlyOnce(t *testing.T, s fetchers.Strategy) {
	for _, n := range []int{0, 1, 2, 7, 100} {
		b := newBatch(n)
		if err := s.Run(t.Context(), n, b.call); err != nil {
			t.Errorf("n = %d: Run returned %v, want nil", n, err)
		}
		b.each(t)
	}
}

func bound(t *testing.T, s fetchers.Strategy) {
	for _, n := range []int{1, 3, 100} {
		b := newBatch(n)
		_ = s.Run(t.Context(), n, b.call)
		if most, limit := int(b.most.Load()), fetchers.Limit(s, n); most > limit {
			t.Errorf("n = %d: %d calls in flight at once, the limit is %d", n, most, limit)
		}
	}
}

// cancelled stops a run of calls that would never end by themselves, and tries
// one whose context is done before it begins.
func cancelled(t *testing.T, s fetchers.Strategy) {
	const n = 100
	ctx, stop := context.WithCancelCause(t.Context())
	b := newBatch(n)
	var atCancel atomic.Int32
	time.AfterFunc(10*step, func() {
		atCancel.Store(int32(b.made()))
		stop(errStop)
	})
	err := s.Run(ctx, n, func(ctx context.Context, i int) error {
		defer b.start(i)()
		<-ctx.Done()
		return ctx.Err()
	})
	if late := b.made() - int(atCancel.Load()); late > 0 {
		t.Errorf("%d calls were started after the cancel", late)
	}
	checkCause(t, b, n, err)
	b = newBatch(n)
	err = s.Run(ctx, n, b.call)
	if made := b.made(); made > 0 {
		t.Errorf("%d calls were started with a context that was done before", made)
	}
	checkCause(t, b, n, err)
}

// checkCause holds Run's error against what it left out.
func checkCause(t *testing.T, b *batch, n int, err error) {
	t.Helper()
	switch made := b.made(); {
	case made < n && !errors.Is(err, errStop):
		t.Errorf("%d of %d calls were left out and Run returned %v, want the cause of the cancel", n-made, n, err)
	case made == n && err != nil:
		t.Errorf("every call was made and Run returned %v, want nil", err)
	}
}

// returns looks for calls still under way when Run is back, after a quiet run
// and after one that was cancelled while calls take their time to notice.
func returns(t *testing.T, s fetchers.Strategy) {
	b := newBatch(50)
	_ = s.Run(t.Context(), 50, b.call)
	if left := b.active.Load(); left != 0 {
		t.Errorf("Run returned with %d calls under way", left)
	}
	ctx, stop := context.WithCancelCause(t.Context())
	time.AfterFunc(step, func() { stop(errStop) })
	b = newBatch(50)
	_ = s.Run(ctx, 50, func(_ context.Context, i int) error {
		defer b.start(i)()
		time.Sleep(20 * step)
		return nil
	})
	if left := b.active.Load(); left != 0 {
		t.Errorf("after a cancel Run returned with %d calls under way", left)
	}
}

func errorsStopNothing(t *testing.T, s fetchers.Strategy) {
	b := newBatch(30)
	err := s.Run(t.Context(), 30, func(ctx context.Context, i int) error {
		_ = b.call(ctx, i)
		return errStop
	})
	if err != nil {
		t.Errorf("every call failed and Run returned %v, want nil: the errors are the owner's", err)
	}
	b.each(t)
}

// panicReturns lets one call panic while others are under way. A panic that
// reaches no owner ends the whole test program, which fails it as well.
func panicReturns(t *testing.T, s fetchers.Strategy) {
	b := newBatch(20)
	defer func() {
		v := recover()
		if err, _ := value(v).(error); !errors.Is(err, errStop) {
			t.Errorf("a call panicked with %v and Run panicked with %v", errStop, v)
		}
		if left := b.active.Load(); left != 0 {
			t.Errorf("Run panicked with %d calls under way", left)
		}
	}()
	_ = s.Run(t.Context(), 20, func(ctx context.Context, i int) error {
		if i == 3 {
			panic(errStop)
		}
		return b.call(ctx, i)
	})
}

// value takes what a strategy panicked with out of its wrapping.
func value(v any) any {
	if p, ok := v.(*fetchers.Panic); ok {
		return p.Value
	}
	return v
}

// goexitReturns lets calls end their goroutines, one among others and then each, of
// which a bounded strategy has too few to lose. What does not end is a deadlock.
func goexitReturns(t *testing.T, s fetchers.Strategy) {
	for _, every := range []int{20, 1} {
		b := newBatch(20)
		returned := false
		var owner sync.WaitGroup
		owner.Go(func() {
			_ = s.Run(t.Context(), 20, func(ctx context.Context, i int) error {
				if (i+1)%every == 0 {
					defer b.start(i)()
					time.Sleep(step) // whoever hands out calls has the next one ready
					runtime.Goexit()
				}
				return b.call(ctx, i)
			})
			returned = true
		})
		owner.Wait()
		if returned {
			t.Errorf("a call ended its goroutine, and Run did not end its own")
		}
		if left := b.active.Load(); left != 0 {
			t.Errorf("Run ended its goroutine with %d calls under way", left)
		}
	}
}

func twoAtOnce(t *testing.T, s fetchers.Strategy) {
	batches := []*batch{newBatch(20), newBatch(30)}
	var runs sync.WaitGroup
	for _, b := range batches {
		runs.Go(func() { _ = s.Run(t.Context(), len(b.calls), b.call) })
	}
	runs.Wait()
	for _, b := range batches {
		b.each(t)
	}
}
