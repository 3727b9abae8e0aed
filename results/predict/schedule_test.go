package predict_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results/predict"
	"pgregory.net/rapid"
)

const ms = time.Millisecond

// batch makes requests of these milliseconds to one host.
func batch(millis ...int) []predict.Request {
	var out []predict.Request
	for _, m := range millis {
		out = append(out, predict.Request{Latency: time.Duration(m) * ms})
	}
	return out
}

// Each number is worked out by hand in the comment.
func TestMakespansByHand(t *testing.T) {
	ten := batch(50, 50, 50, 50, 50, 50, 50, 50, 50, 50)
	tail := batch(20, 300, 20, 20, 20, 20, 300, 20)
	hosts := batch(10, 30, 10, 30, 10, 30, 10)
	for i := range hosts {
		hosts[i].Host = i % 2 // four of 10 ms, three of 30 ms
	}
	for _, c := range []struct {
		what     string
		schedule predict.Schedule
		batch    []predict.Request
		want     time.Duration
	}{
		{"ten calls in a row", predict.Schedule{Kind: predict.Slots, Size: 1}, ten, 500 * ms},
		{"ten calls on four slots: 4, 4, 2", predict.Schedule{Kind: predict.Slots, Size: 4}, ten, 150 * ms},
		{"ten calls in waves of four: the same", predict.Schedule{Kind: predict.Waves, Size: 4}, ten, 150 * ms},
		{"ten calls at once", predict.Schedule{Kind: predict.Slots}, ten, 50 * ms},
		{"more slots than calls", predict.Schedule{Kind: predict.Slots, Size: 99}, ten, 50 * ms},
		// Two slots: one has 300 from the first on, the other 20 20 20 20 20 (calls 0, 2, 3,
		// 4, 5), ends at 100 and takes 300 to 400; the first takes the last 20 to 320.
		{"a tail on two slots", predict.Schedule{Kind: predict.Slots, Size: 2}, tail, 400 * ms},
		// Waves of two: 300, 20, 20, 300.
		{"a tail in waves of two", predict.Schedule{Kind: predict.Waves, Size: 2}, tail, 640 * ms},
		// One slot each: 4 x 10 beside 3 x 30.
		{"two hosts, a slot each", predict.Schedule{Kind: predict.PerHost, Size: 1}, hosts, 90 * ms},
		// Two slots each: 2 x 10 beside 30 + 30.
		{"two hosts, two slots each", predict.Schedule{Kind: predict.PerHost, Size: 2}, hosts, 60 * ms},
		// Starts at 0, 10, 20, ..., 90; the last takes 50.
		{"a hundred starts a second", predict.Schedule{Kind: predict.Paced, Rate: 100}, ten, 140 * ms},
		// Starts at 0, 1000, ...: nobody waits for anybody.
		{"one start a second", predict.Schedule{Kind: predict.Paced, Rate: 1}, ten[:3], 2050 * ms},
		{"nothing to do", predict.Schedule{Kind: predict.Waves, Size: 3}, nil, 0},
	} {
		if got := c.schedule.Makespan(c.batch); got != c.want {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

// Each connection costs 7 ms, and a free one costs nothing.
func TestEverySlotPaysForItsConnection(t *testing.T) {
	requests := batch(50, 50, 50, 50, 50)
	for i := range requests {
		requests[i].Connect = 7 * ms
	}
	overlapping := slices.Clone(requests[:3])
	overlapping[0].Latency, overlapping[1].Latency, overlapping[2].Latency = 10*ms, 100*ms, 100*ms
	other := slices.Clone(requests)
	other[1].Host = 1
	for _, c := range []struct {
		what     string
		schedule predict.Schedule
		batch    []predict.Request
		want     time.Duration
	}{
		{"in a row it is paid once", predict.Schedule{Kind: predict.Slots, Size: 1}, requests, 257 * ms},
		{"in a row, to two hosts, twice", predict.Schedule{Kind: predict.Slots, Size: 1}, other, 264 * ms},
		// 57 on each, then 50, then 50 on the first that is free: 157.
		{"on two slots each pays once", predict.Schedule{Kind: predict.Slots, Size: 2}, requests, 157 * ms},
		{"at once everybody pays", predict.Schedule{Kind: predict.Slots}, requests, 57 * ms},
		{"the second wave finds connections", predict.Schedule{Kind: predict.Waves, Size: 3}, requests, 107 * ms},
		// Starts at 0, 20, 40: the second takes the connection that is free at 17 until
		// 120, so that the third opens one, 40 + 100 + 7.
		{"what is taken is not free", predict.Schedule{Kind: predict.Paced, Rate: 50}, overlapping, 147 * ms},
		// Starts at 0, 40, 80: the first connection is free at 57, so the third has it.
		{"paced starts take what is free", predict.Schedule{Kind: predict.Paced, Rate: 25}, requests[:3], 130 * ms},
	} {
		if got := c.schedule.Makespan(c.batch); got != c.want {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

// listScheduled is what Slots does, by looking at every slot: the next request
// goes to the one that is free first.
func listScheduled(requests []predict.Request, slots int) time.Duration {
	free := make([]time.Duration, slots)
	for _, r := range requests {
		first := slices.Index(free, slices.Min(free))
		free[first] += r.Latency
	}
	return slices.Max(free)
}

// anyBatch draws latencies of up to a second.
func anyBatch(t *rapid.T) []predict.Request {
	return batch(rapid.SliceOfN(rapid.IntRange(0, 1000), 1, 60).Draw(t, "millis")...)
}

func TestSlotsAreListScheduling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		requests, k := anyBatch(t), rapid.IntRange(1, 70).Draw(t, "slots")
		got := predict.Schedule{Kind: predict.Slots, Size: k}.Makespan(requests)
		if want := listScheduled(requests, k); got != want {
			t.Fatalf("%d slots take %v, want %v", k, got, want)
		}
	})
}

// No schedule beats max(longest, sum / K) or needs more than the sum; a greedy one
// stays below Graham's sum / K + (1 - 1/K) longest, and waves never beat it.
func TestMakespansKeepTheirBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		requests, k := anyBatch(t), rapid.IntRange(1, 70).Draw(t, "slots")
		sum, longest := time.Duration(0), time.Duration(0)
		for _, r := range requests {
			sum, longest = sum+r.Latency, max(longest, r.Latency)
		}
		slots := predict.Schedule{Kind: predict.Slots, Size: k}.Makespan(requests)
		waves := predict.Schedule{Kind: predict.Waves, Size: k}.Makespan(requests)
		least := max(longest, sum/time.Duration(k))
		if slots < least || waves < slots || waves > sum {
			t.Fatalf("slots %v and waves %v, want %v <= slots <= waves <= %v", slots, waves, least, sum)
		}
		if most := (sum + time.Duration(k-1)*longest) / time.Duration(k); slots > most {
			t.Fatalf("slots %v, want at most %v", slots, most)
		}
	})
}

// With one host its slots are all there are.
func TestPerHostIsSlotsWithOneHost(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		var millis []int
		for range 1 + random.IntN(40) {
			millis = append(millis, int(math.Round(random.ExpFloat64()*50)))
		}
		k := 1 + random.IntN(8)
		own := predict.Schedule{Kind: predict.PerHost, Size: k}.Makespan(batch(millis...))
		all := predict.Schedule{Kind: predict.Slots, Size: k}.Makespan(batch(millis...))
		if own != all {
			t.Errorf("%v for %v, want %v", own, millis, all)
		}
	}
}
