package fetchers_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
)

// At most two calls at a time go to the same host, however many hosts there are:
// the key is the host of each address.
func ExamplePerHost() {
	ids := []string{"a.example/1", "b.example/1", "a.example/2", "a.example/3"}
	host := func(i int) string { return ids[i][:len("a.example")] }
	fetch := func(_ context.Context, url string) (int, error) { return len(url), nil }

	perHost := fetchers.PerHost{Calls: 2, Key: host}
	sizes, _ := fetchers.Map(context.Background(), perHost, ids, fetch)
	fmt.Println(sizes, perHost.Limit(len(ids)))
	// Output: [11 11 11 11] 4
}

// 10 calls of 200 ms go to one host, 10 of 20 ms to another, in turn. With two calls
// a host the slow one takes 5 * 200 ms = 1 s and the quick one is done after 5 * 20
// ms = 100 ms. A pool of four would give the quick host's last call a slot at about
// the time the slow one ends.
func TestASlowHostHoldsUpNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		slow := func(i int) bool { return i%2 == 0 }
		var quickDone [20]time.Duration
		s := fetchers.PerHost{Calls: 2}.ByKey(func(i int) string { return fmt.Sprint(slow(i)) })
		err := s.Run(t.Context(), 20, func(_ context.Context, i int) error {
			if slow(i) {
				time.Sleep(200 * time.Millisecond)
				return nil
			}
			time.Sleep(20 * time.Millisecond)
			quickDone[i] = time.Since(start)
			return nil
		})
		if got := time.Since(start); err != nil || got != time.Second {
			t.Errorf("took %v, error %v; want exactly 1s", got, err)
		}
		// The quick host's calls end in pairs: indexes 1 and 3 at 20 ms, and so on.
		for i := 1; i < 20; i += 2 {
			if want := time.Duration(1+i/4) * 20 * time.Millisecond; quickDone[i] != want {
				t.Errorf("call %d was done at %v, want %v", i, quickDone[i], want)
			}
		}
	})
}

func TestLimitsOfTheStrategies(t *testing.T) {
	third := func(i int) string { return fmt.Sprint(i % 3) }
	for _, c := range []struct {
		strategy fetchers.Strategy
		n, want  int
	}{
		{fetchers.ErrGroup{Slots: 4}, 10, 4},
		{fetchers.ErrGroup{}, 10, 1},
		{fetchers.Semaphore{Slots: 40}, 10, 10},
		{fetchers.Channel{Workers: 4}, 10, 4},
		{fetchers.Waves{Size: 4}, 10, 4},
		{fetchers.PerHost{Calls: 2}, 10, 2},
		{fetchers.PerHost{Calls: 2, Key: third}, 10, 6},
		{fetchers.PerHost{Calls: 2, Key: third}, 4, 4},
		{fetchers.PerHost{Calls: 1 << 62, Key: third}, 10, 10},
		{fetchers.PerHost{Key: third}, 2, 2}, // two of the three keys
		{fetchers.PerHost{Calls: 2, Key: third}, 0, 1},
		{fetchers.Adaptive{}, 5000, 1000},
		{fetchers.Adaptive{Most: 20}, 50, 20},
		{fetchers.Adaptive{Most: 20}, 10, 10},
	} {
		if got := fetchers.Limit(c.strategy, c.n); got != c.want {
			t.Errorf("Limit(%#v, %d) = %d, want %d", c.strategy, c.n, got, c.want)
		}
	}
}
