package upstream

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// pooled fetches the URLs in order with so many workers, one of which begins each
// time after the other, and returns the statuses and the time.
func pooled(t *testing.T, client *http.Client, urls []string, workers int, apart time.Duration) (map[int]int, time.Duration) {
	t.Helper()
	begin := time.Now()
	var mu sync.Mutex
	statuses, next := map[int]int{}, 0
	var working sync.WaitGroup
	for i := range workers {
		working.Go(func() {
			time.Sleep(time.Duration(i) * apart)
			mu.Lock()
			defer mu.Unlock()
			for next < len(urls) {
				i := next
				next++
				mu.Unlock()
				status, _, err := fetch(t.Context(), client, urls[i], RequestID(1, workers, i))
				if err != nil {
					t.Errorf("%s: %v", urls[i], err)
				}
				mu.Lock()
				statuses[status]++
			}
		})
	}
	working.Wait()
	return statuses, time.Since(begin)
}

// The bucket of the profile limited: 10 at once, then one each 2.5 ms. Eight in
// flight of 20 ms are exactly that rate and none of 80 is refused: ten turns,
// 200 ms. All 80 at once are over after the latency of the ten that pass.
func TestLimitedRefusesWhatExceedsItsRate(t *testing.T) {
	onMock(t, named(t, "limited"), func(t *testing.T, m *MockUpstream, client *http.Client) {
		for _, c := range []struct {
			workers, ok int
			took        time.Duration
		}{
			{1, 80, 1600 * time.Millisecond},
			{80, 10, 20 * time.Millisecond},
			{80, 10, 20 * time.Millisecond},
			{8, 80, 200 * time.Millisecond},
		} {
			statuses, took := pooled(t, client, m.URLs(), c.workers, 0)
			if statuses[200] != c.ok || statuses[429] != 80-c.ok || took != c.took {
				t.Errorf("%d in flight: %v after %v, want %d and %v", c.workers, statuses, took, c.ok, c.took)
			}
			if got := counts(t, m); got.Requests.Refused != 80-c.ok || got.Statuses[429] != 80-c.ok {
				t.Errorf("%d in flight: counts %+v", c.workers, got)
			}
			// Nothing waits between the trials: it is this that makes the bucket full,
			// where 20 ms would have left it with 8 tokens.
			if err := m.Begin(t.Context(), 0); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// At 0.4 a second a token takes 2.5 s; of what is left of that the client is told
// the whole seconds, rounded up. The answer itself takes no time.
func TestRetryAfterIsRoundedUp(t *testing.T) {
	p := constant(1, 0)
	p.Slots = Slots{PerSecond: 0.4, Burst: 1}
	inMemory(t, p, func(t *testing.T, m *Memory, client *http.Client) {
		mustFetch(t, client, m.URLs()[0], "")
		for _, c := range []struct {
			sleep time.Duration
			after string
		}{{0, "3"}, {500 * time.Millisecond, "2"}, {time.Second, "1"}, {999 * time.Millisecond, "1"}} {
			time.Sleep(c.sleep)
			begin := time.Now()
			response, err := client.Get(m.URLs()[0])
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if after := response.Header.Get("Retry-After"); response.StatusCode != 429 || after != c.after || time.Since(begin) != 0 {
				t.Errorf("%s, Retry-After %q, want 429 and %s", response.Status, after, c.after)
			}
		}
		time.Sleep(time.Millisecond)
		mustFetch(t, client, m.URLs()[0], "")
	})
}

// Whatever the pattern of arrivals, the bucket decides as one that counts its
// tokens does. Rates that divide a second into whole nanoseconds make the
// counting exact: tokens are counted in nanoseconds of their refilling.
func TestBucketDecidesAsOneThatCounts(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rate := rapid.SampledFrom([]int{1, 2, 5, 8, 10, 100, 1000}).Draw(r, "rate")
		burst := rapid.IntRange(1, 20).Draw(r, "burst")
		pauses := rapid.SliceOfN(rapid.Int64Range(0, 2*int64(time.Second)/int64(rate)), 1, 100).Draw(r, "pauses")
		synctest.Test(t, func(*testing.T) {
			b := bucket{limits: Slots{PerSecond: float64(rate), Burst: burst}}
			each := int64(time.Second) / int64(rate)
			tokens := int64(burst) * each
			for i, pause := range pauses {
				time.Sleep(time.Duration(pause))
				tokens = min(tokens+pause, int64(burst)*each)
				lack := max(each-tokens, 0)
				if got := b.take(); int64(got) != lack {
					r.Fatalf("request %d: lacks %v, want %v", i, got, time.Duration(lack))
				}
				if lack == 0 {
					tokens -= each
				}
			}
		})
	})
}
