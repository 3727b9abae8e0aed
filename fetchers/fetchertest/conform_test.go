package fetchertest_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/fetchertest"
)

func TestStrategiesConform(t *testing.T) {
	for name, s := range map[string]fetchers.Strategy{
		"sequential": fetchers.Sequential{},
		"goroutines": fetchers.Goroutines{},
		"pool zero":  fetchers.Pool{},
		"pool 4":     fetchers.Pool{Workers: 4},
		"pool 1000":  fetchers.Pool{Workers: 1000},
	} {
		t.Run(name, func(t *testing.T) { fetchertest.Conform(t, s) })
	}
}

func TestConformInRealTime(t *testing.T) {
	fetchertest.Conform(t, fetchers.Pool{Workers: 8}, fetchertest.RealTime)
}

// A strategy is a func that breaks one point of the contract.
type strategy func(ctx context.Context, n int, call fetchers.Call) error

func (s strategy) Run(ctx context.Context, n int, call fetchers.Call) error { return s(ctx, n, call) }

// Limit claims what none of the broken ones that exceed it keeps.
func (s strategy) Limit(int) int { return 2 }

// broken returns one strategy for each point, with words of the message that it
// must fail with.
func broken() map[string]struct {
	run  strategy
	want string
} {
	type entry = struct {
		run  strategy
		want string
	}
	return map[string]entry{
		"drops": {func(ctx context.Context, n int, call fetchers.Call) error {
			return fetchers.Sequential{}.Run(ctx, n-1, call)
		}, "was made 0 times"},
		"doubles": {func(ctx context.Context, n int, call fetchers.Call) error {
			return fetchers.Sequential{}.Run(ctx, n, func(ctx context.Context, i int) error {
				_ = call(ctx, i)
				return call(ctx, i)
			})
		}, "was made 2 times"},
		"exceeds": {func(ctx context.Context, n int, call fetchers.Call) error {
			return fetchers.Pool{Workers: 3}.Run(ctx, n, call)
		}, "3 calls in flight at once, the limit is 2"},
		"deaf": {func(ctx context.Context, n int, call fetchers.Call) error {
			return fetchers.Pool{Workers: 2}.Run(context.WithoutCancel(ctx), n, func(_ context.Context, i int) error {
				return call(ctx, i)
			})
		}, "started after the cancel"},
		"silent": {func(ctx context.Context, n int, call fetchers.Call) error {
			_ = fetchers.Sequential{}.Run(ctx, n, call)
			return nil
		}, "want the cause of the cancel"},
		"hasty": {func(ctx context.Context, n int, call fetchers.Call) error {
			for i := range n {
				go func() { _ = call(ctx, i) }()
			}
			time.Sleep(time.Millisecond / 2) // all are under way, none is done
			return nil
		}, "Run returned with"},
		"fails": {func(ctx context.Context, n int, call fetchers.Call) error {
			for i := range n {
				if err := call(ctx, i); err != nil {
					return err
				}
			}
			return nil
		}, "the errors are the owner's"},
		"swallows": {func(ctx context.Context, n int, call fetchers.Call) error {
			return fetchers.Sequential{}.Run(ctx, n, func(ctx context.Context, i int) error {
				defer func() { _ = recover() }()
				return call(ctx, i)
			})
		}, "Run panicked with <nil>"},
		"outlives": {outlives, "Run did not end its own"},
		"leaks": {func(ctx context.Context, n int, call fetchers.Call) error {
			go func() { select {} }()
			return fetchers.Sequential{}.Run(ctx, n, call)
		}, "a goroutine is left"},
		"shares": {shared(), "was made"},
	}
}

// outlives makes each call on a goroutine whose end it does not notice.
func outlives(ctx context.Context, n int, call fetchers.Call) error {
	return fetchers.Sequential{}.Run(ctx, n, func(ctx context.Context, i int) error {
		var thrown any
		var one sync.WaitGroup
		one.Go(func() {
			defer func() { thrown = recover() }()
			_ = call(ctx, i)
		})
		if one.Wait(); thrown != nil {
			panic(thrown)
		}
		return nil
	})
}

// shared returns a strategy with state that two runs at once mix up.
func shared() strategy {
	var mu sync.Mutex
	next := 0
	return func(ctx context.Context, n int, call fetchers.Call) error {
		mu.Lock()
		next = 0
		mu.Unlock()
		for ctx.Err() == nil {
			mu.Lock()
			i := next
			next++
			mu.Unlock()
			if i >= n {
				return nil
			}
			_ = call(ctx, i)
		}
		return context.Cause(ctx)
	}
}

// TestBroken is the body of the child processes of TestConformCatches: it fails
// on purpose, and only there.
func TestBroken(t *testing.T) {
	name := os.Getenv("FETCHERTEST_BROKEN")
	if name == "" {
		t.Skip("run by TestConformCatches in a process of its own")
	}
	fetchertest.Conform(t, broken()[name].run)
}

// A broken strategy may end a test program with a panic or a deadlock, so each
// is tried in a process of its own.
func TestConformCatches(t *testing.T) {
	for name, entry := range broken() {
		t.Run(name, func(t *testing.T) {
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestBroken$", "-test.v")
			child.Env = append(os.Environ(), "FETCHERTEST_BROKEN="+name)
			out, err := child.CombinedOutput()
			if err == nil {
				t.Fatalf("Conform passed a strategy that %s:\n%s", name, out)
			}
			if !strings.Contains(string(out), entry.want) {
				t.Errorf("the message does not contain %q:\n%.3000s", entry.want, out)
			}
		})
	}
}
