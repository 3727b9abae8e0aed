package results

import (
	"math"

	"github.com/fetchbench/fetchbench/results/stats"
)

// A Curve is the universal scalability law through the sizes (Gunther, Guerrilla
// Capacity Planning, 2007), fitted on the logarithm of throughput against the
// number really in flight. It describes the sizes that were tried.
type Curve struct {
	Contention float64 `json:"contention"`
	Crosstalk  float64 `json:"crosstalk"`
	Rate       float64 `json:"fetches_per_s_of_one"`
	RMSE       float64 `json:"rmse"` // of ln throughput: about the relative error
	// CrosstalkCI is there where everything else allows to quote a peak.
	CrosstalkCI *Shares `json:"crosstalk_ci"`
	// Peak is how many in flight have the largest throughput, nil where the sizes
	// do not say so. They rarely do: against an upstream with slots the law is
	// confidently wrong, and below its peak it invents one.
	Peak *float64 `json:"peak"`
}

// Slots say that throughput is that of Count slots, each of which serves a
// request in Service seconds, with a queue before them.
type Slots struct {
	Count   int     `json:"count"`
	Service float64 `json:"service_s"`
	RMSE    float64 `json:"rmse"`
}

const (
	// mostMisfit is the residual of ln throughput up to which a law describes it.
	mostMisfit = 0.05
	// leastCrosstalk is what crosstalk must take of the throughput of the largest
	// size, at the lower end of its interval, to be told from none.
	leastCrosstalk = 0.05
	// curveResamples is the number of bootstrap samples behind that interval.
	curveResamples = 400
	// plateaued is how far beyond the corner a size must lie to belong to the
	// plateau, and inAgreement how far two ways to find the corner may be apart.
	plateaued   = 1.1
	inAgreement = 0.1
	// leastPerSlot is how many requests a batch must have for each slot. With W
	// requests a slot, those of the last turn leave some of them empty, and anything
	// between N/W and N/(W-1) slots takes the same time: with ten that is 11 %.
	leastPerSlot = 10
)

// A ladder is throughput by size, of the sizes that have one. The abscissa is the
// mean number in flight, by Little's law throughput x latency, and not the size: a
// batch of 120 leaves most of 80 slots empty in its second half, and more than 120
// slots are never used.
type ladder struct {
	points             []point
	flight, throughput []float64
}

// newLadder takes the points that could be recommended.
func newLadder(points []point) (l ladder) {
	for _, p := range points {
		if p.considered() && p.Flight != nil && p.Throughput != nil && *p.Flight > 0 {
			l.points = append(l.points, p)
			l.flight = append(l.flight, max(*p.Flight, 1))
			l.throughput = append(l.throughput, *p.Throughput)
		}
	}
	return l
}

// scaling fits both laws to the sizes. Neither is said of a mock, or of rounds
// that nothing can be said of; and where this machine was the limit what is seen
// is not the upstream.
func (q *inquiry) scaling(points []point) (*Curve, *Slots) {
	if q.unfit() != "" {
		return nil, nil
	}
	l := newLadder(points)
	knee, kneeErr := stats.FitKnee(l.flight, l.throughput)
	law, lawErr := stats.FitLogUSL(l.flight, l.throughput)
	var c *Curve
	if lawErr == nil {
		c = &Curve{Contention: law.Alpha, Crosstalk: law.Beta, Rate: law.Gamma, RMSE: law.RMSE}
		if kneeErr == nil && knee.RMSE >= law.RMSE && len(q.rounds) >= LeastSweepRounds {
			c.quote(l, law, q.Run.Design.Seed)
		}
	}
	if kneeErr != nil || knee.RMSE > mostMisfit || c != nil && c.RMSE < knee.RMSE || len(checkSaturated(q)) > 0 {
		return c, nil
	}
	return c, l.slots(knee, q.Run.Target.Requests)
}

// quote adds the peak where it is more than the shape of the formula: the law
// describes the sizes, its peak lies among them, the largest size is worse than
// the best one by what would keep it from being recommended, and crosstalk is not
// nothing in whichever rounds one looks at, of which there must be as many as a
// recommendation needs: one round drawn again and again agrees with itself. A
// narrow interval says nothing about whether the law holds, which is why it comes
// last. Without the third condition 3 of 1000 simulated sweeps against slots,
// under noise that hides their corner, quoted a peak; with it none did.
func (c *Curve) quote(l ladder, law stats.LogUSL, seed uint64) {
	end := len(l.points) - 1
	last, peak := l.flight[end], law.Peak()
	if law.RMSE >= mostMisfit || !(peak < last) || l.points[end].enough() {
		return
	}
	iv, err := l.crosstalk(law, seed)
	if err != nil {
		return
	}
	c.CrosstalkCI = &Shares{iv.Lo, iv.Hi}
	if iv.Lo*last*(last-1) > leastCrosstalk {
		c.Peak = &peak
	}
}

// crosstalk is the percentile interval of a bootstrap over whole rounds (Efron
// and Tibshirani, An Introduction to the Bootstrap, chapter 13), since the sizes
// of a round met the same minute.
func (l ladder) crosstalk(law stats.LogUSL, seed uint64) (stats.Interval, error) {
	throughput := make([]float64, len(l.points))
	drawn := make([]float64, len(l.points[0].times))
	replicates := stats.Bootstrap(len(drawn), curveResamples, seed, func(rounds []int) float64 {
		for i := range l.points {
			for k, round := range rounds {
				drawn[k] = l.points[i].times[round]
			}
			median, err := stats.Median(drawn)
			if err != nil {
				return 0 // most of these rounds failed: they show no crosstalk
			}
			throughput[i] = l.points[i].fetched / median
		}
		return law.Refit(l.flight, throughput).Beta
	})
	return stats.PercentileInterval(replicates, level)
}

// slots turns a ramp and a plateau into slots and their service time d0, the
// latency at the smallest size: C d0 of them, if a ramp of 1/d0 leads there. With
// nothing on the ramp but the smallest size, and that above 1, its latency may
// hold a wait already, and nothing is said. Nor is it of a batch that is small for
// the slots.
func (l ladder) slots(knee stats.Knee, requests int) *Slots {
	first := l.points[0]
	service := first.Latency.typical()
	if service == nil {
		return nil
	}
	ramp, plateau := 0, 0
	for _, flight := range l.flight {
		switch corner := knee.Corner(); {
		case flight > plateaued*corner:
			plateau++
		case flight <= corner*(1+mostMisfit):
			ramp++
		}
	}
	slots := knee.Capacity * *service
	if plateau < 2 || ramp == 0 || ramp < 2 && first.Size > 1 || math.Abs(slots/knee.Corner()-1) > inAgreement {
		return nil
	}
	s := &Slots{Count: max(int(math.Round(slots)), 1), Service: *service, RMSE: knee.RMSE}
	if s.Count*leastPerSlot > requests {
		return nil
	}
	return s
}

// typical is the median latency, the mean where that is not there.
func (l *PointLatency) typical() *float64 {
	if l.P50 != nil {
		return l.P50
	}
	return l.Mean
}
