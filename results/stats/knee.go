package stats

import (
	"fmt"
	"math"
)

// A Knee is throughput that grows with the size up to a capacity and stays there:
// X(K) = min(Rate K, Capacity), what an upstream with so many slots and a queue
// does.
type Knee struct {
	Rate, Capacity float64
	// RMSE is the root of the mean squared residual of ln X.
	RMSE float64
}

// FitKnee fits a ramp and a plateau by least squares on ln X (asymptotic bounds
// of a closed system: Denning and Buzen, "The operational analysis of queueing
// network models", ACM Computing Surveys 10, 1978, section 7). The minimum is
// the exact one: for each choice of the sizes that belong to the ramp both lines
// are means, and where the corner falls on a size the two share that point. It
// needs 3 different sizes of at least 1 and throughputs above 0. Where
// throughput only grows, Capacity is that of the largest size, and a lower bound.
func FitKnee(sizes, throughput []float64) (Knee, error) {
	if err := checkScaling(sizes, throughput, 3); err != nil {
		return Knee{}, fmt.Errorf("ramp and plateau: %w", err)
	}
	best := Knee{RMSE: math.Inf(1)}
	for _, corner := range sizes {
		for _, k := range []Knee{cornerAt(corner, sizes, throughput), cornerAbove(corner, sizes, throughput)} {
			if k.RMSE = k.misfit(sizes, throughput); k.RMSE < best.RMSE {
				best = k
			}
		}
	}
	return best, nil
}

// At is the throughput that the fit gives for size k.
func (k Knee) At(size float64) float64 { return min(k.Rate*size, k.Capacity) }

// Corner is the size at which the plateau begins.
func (k Knee) Corner() float64 { return k.Capacity / k.Rate }

// misfit is the root of the mean squared residual of ln X.
func (k Knee) misfit(sizes, throughput []float64) float64 {
	var s float64
	for i, size := range sizes {
		r := math.Log(throughput[i] / k.At(size))
		s += float64(r * r)
	}
	return math.Sqrt(s / float64(len(sizes)))
}

// cornerAt is the best fit with its corner at a size: there is one height to find.
func cornerAt(corner float64, sizes, throughput []float64) Knee {
	var height float64
	for i, size := range sizes {
		height += math.Log(throughput[i] / min(size, corner))
	}
	rate := math.Exp(height / float64(len(sizes)))
	return Knee{Rate: rate, Capacity: rate * corner}
}

// cornerAbove is the best fit with the sizes up to one on the ramp and the others
// on the plateau. Its corner may lie elsewhere than between them; then it is no
// candidate, and its misfit says so.
func cornerAbove(last float64, sizes, throughput []float64) Knee {
	var ramp, plateau, onRamp float64
	for i, size := range sizes {
		if size <= last {
			ramp += math.Log(throughput[i] / size)
			onRamp++
		} else {
			plateau += math.Log(throughput[i])
		}
	}
	rest := float64(len(sizes)) - onRamp
	if rest == 0 {
		return cornerAt(last, sizes, throughput)
	}
	return Knee{Rate: math.Exp(ramp / onRamp), Capacity: math.Exp(plateau / rest)}
}
