package policy

import (
	"container/heap"
	"math"
	"sync"
	"time"
)

// enough is how many latencies have to be known before a quantile of them is used. A
// twentieth of fewer than ten is a guess.
const enough = 10

// latencies know a quantile of all that was added so far. It is exact, by nearest rank
// (type 1 of R. J. Hyndman and Y. Fan, Sample Quantiles in Statistical Packages, The
// American Statistician 50(4), 1996): the smallest latency that at least that share of
// them do not exceed. Adding one of n takes of the order of log n steps, asking one.
type latencies struct {
	quantile float64
	mu       sync.Mutex
	low      durations // up to the quantile, negative, so that the largest is first
	high     durations // beyond it
}

// add puts a latency on its side of the quantile, and moves the one at the border if
// the border has moved.
func (l *latencies) add(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.low) > 0 && d <= -l.low[0] {
		heap.Push(&l.low, -d)
	} else {
		heap.Push(&l.high, d)
	}
	n := len(l.low) + len(l.high)
	// 0.07·100 is a little more than 7 in floating point, and shall not be 8.
	rank := max(1, min(n, int(math.Ceil(l.quantile*float64(n)-1e-9))))
	switch {
	case len(l.low) < rank:
		moved, _ := heap.Pop(&l.high).(time.Duration)
		heap.Push(&l.low, -moved)
	case len(l.low) > rank:
		moved, _ := heap.Pop(&l.low).(time.Duration)
		heap.Push(&l.high, -moved)
	}
}

// due returns the quantile, 0 while too few latencies are known.
func (l *latencies) due() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.low)+len(l.high) < enough {
		return 0
	}
	return -l.low[0]
}

// durations are a heap with the smallest first.
type durations []time.Duration

func (d durations) Len() int           { return len(d) }
func (d durations) Less(i, j int) bool { return d[i] < d[j] }
func (d durations) Swap(i, j int)      { d[i], d[j] = d[j], d[i] }

// Push is for package heap only.
func (d *durations) Push(x any) {
	added, _ := x.(time.Duration) // nothing else is ever pushed
	*d = append(*d, added)
}

// Pop is for package heap only.
func (d *durations) Pop() any {
	last := len(*d) - 1
	x := (*d)[last]
	*d = (*d)[:last]
	return x
}
