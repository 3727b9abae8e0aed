package stats

import (
	"fmt"
	"math"
)

// Bounds are the limits that the latencies of a batch set to its makespan with
// K slots, in the unit of the latencies.
type Bounds struct {
	// Sum and Max are the sum and the largest of the latencies.
	Sum, Max float64
	// Lower is max(Max, Sum/K): no order of the calls can be faster.
	Lower float64
	// Upper is Sum/K + (1-1/K) Max: no order is slower in which every slot is
	// taken while a call waits (Graham, "Bounds on multiprocessing timing
	// anomalies", SIAM Journal on Applied Mathematics 17, 1969).
	Upper float64
	// MaxSpeedup is min(K, Sum/Max), the most that concurrency can buy over
	// making the same calls one by one.
	MaxSpeedup float64
}

// Makespan computes the bounds for the occupancy times of the requests of a
// trial with that many slots. From a trial's own latencies they tell how well
// its slots were filled (packing, certificate); from those of the sequential
// trial of the same round Lower is the ideal time. No latencies, fewer than one
// slot, NaN, infinite and negative latencies are refused.
func Makespan(latencies []float64, slots int) (Bounds, error) {
	if err := checkFinite(latencies); err != nil {
		return Bounds{}, fmt.Errorf("makespan bounds: %w", err)
	}
	if err := CheckTimes(latencies); err != nil {
		return Bounds{}, fmt.Errorf("makespan bounds: %w", err)
	}
	if slots < 1 {
		return Bounds{}, fmt.Errorf("makespan bounds: %w: %d slots", ErrRange, slots)
	}
	total, k := sum(latencies), float64(slots)
	if math.IsInf(total, 0) || math.IsNaN(total) {
		return Bounds{}, fmt.Errorf("makespan bounds: sum of latencies: %w", ErrNotFinite)
	}
	b := Bounds{Sum: total}
	for _, l := range latencies {
		b.Max = max(b.Max, l)
	}
	b.Lower = max(b.Max, total/k)
	b.Upper = total/k + float64((1-1/k)*b.Max)
	if math.IsInf(b.Upper, 0) {
		return Bounds{}, fmt.Errorf("makespan bounds: %w", ErrNotFinite)
	}
	b.MaxSpeedup = 1 // nothing to gain where every call takes no time
	if b.Max > 0 {
		b.MaxSpeedup = min(k, total/b.Max)
	}
	return b, nil
}

// Packing is Lower / makespan, at most 1 for a trial's own latencies (above
// 1.01 the clocks disagree). With the ideal time of the sequential trial it is
// the efficiency, which may exceed 1.
func (b Bounds) Packing(makespan float64) (float64, error) { return over(b.Lower, makespan) }

// SpeedupOverSerial is Sum / makespan, how much faster than one by one.
func (b Bounds) SpeedupOverSerial(makespan float64) (float64, error) { return over(b.Sum, makespan) }

// Stalled says that the certificate is broken: the makespan exceeds 1.05 Upper
// and 1 ms, with times in seconds, so slots stood idle while work waited.
func (b Bounds) Stalled(makespan float64) bool {
	return makespan > float64(1.05*b.Upper)+0.001
}

// over divides by a makespan.
func over(part, makespan float64) (float64, error) {
	if !(makespan > 0) || math.IsInf(makespan, 1) {
		return 0, fmt.Errorf("makespan: %w: %v", ErrNotPositive, makespan)
	}
	q := part / makespan
	if math.IsInf(q, 0) {
		return 0, fmt.Errorf("makespan: %w: %v", ErrNotFinite, makespan)
	}
	return q, nil
}
