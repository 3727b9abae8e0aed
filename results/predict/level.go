package predict

import (
	"math"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// level finds how slow each round was as a whole. A batch of another size is put
// together from requests of many rounds; without this a round in which everything
// was cold would be spread over all batches instead of making one in many slow.
//
// With y the logarithm of a latency less the mean of its URL, m the mean of y over
// a round and F the ratio of the mean squares between and within rounds (one-way
// analysis of variance), the level is (1 - 1/F) m: the positive-part James-Stein
// estimate (Efron and Morris 1973, "Stein's estimation rule and its competitors").
// Where F is at most 1 rounds are alike and every level is 0.
func (d *drawn) level(target results.Target) {
	residuals := newTotals(len(d.latencies))
	urls := d.urlMeans(target)
	d.each(func(round, i int, y float64) { residuals.add(round, y-urls.mean(slot(target, i))) })
	between, within, n := 0.0, 0.0, 0
	for round, count := range residuals.n {
		between += float64(count) * residuals.mean(round) * residuals.mean(round)
		n += count
	}
	d.each(func(round, i int, y float64) {
		off := y - urls.mean(slot(target, i)) - residuals.mean(round)
		within += off * off
	})
	rounds := len(d.latencies)
	if rounds < 2 || n <= rounds || between <= 0 {
		return
	}
	inverse := within / float64(n-rounds) / (between / float64(rounds-1)) // 1 / F
	if inverse >= 1 {
		return
	}
	for round := range d.levels {
		d.levels[round] = (1 - inverse) * residuals.mean(round)
	}
}

// urlMeans are the mean logarithms by URL.
func (d *drawn) urlMeans(target results.Target) totals {
	means := newTotals(max(1, len(target.URLs)))
	d.each(func(_, i int, y float64) { means.add(slot(target, i), y) })
	return means
}

// slot is the place of a request's URL in the list.
func slot(target results.Target, i int) int {
	return i % max(1, target.Requests) % max(1, len(target.URLs))
}

// each visits the logarithms of all latencies. One of no time at all counts as a
// nanosecond.
func (d *drawn) each(visit func(round, i int, y float64)) {
	for round, latencies := range d.latencies {
		for i, latency := range latencies {
			if latency != missing {
				visit(round, i, math.Log(float64(max(latency, time.Nanosecond))))
			}
		}
	}
}

// totals are sums by place, and of how many.
type totals struct {
	sum []float64
	n   []int
}

// newTotals has room for so many places.
func newTotals(places int) totals { return totals{make([]float64, places), make([]int, places)} }

// add counts a value in.
func (t totals) add(place int, v float64) {
	t.sum[place] += v
	t.n[place]++
}

// mean is 0 where there is nothing.
func (t totals) mean(place int) float64 { return t.sum[place] / float64(max(1, t.n[place])) }
