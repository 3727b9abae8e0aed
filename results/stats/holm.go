package stats

import (
	"cmp"
	"fmt"
	"slices"
)

// Holm adjusts p-values for their number ("A simple sequentially rejective
// multiple test procedure", Scandinavian Journal of Statistics 6, 1979): the
// i-th smallest of m, i counted from 0, becomes the largest of (m-i) p so far,
// at most 1. Calling what is below alpha a difference is then wrong for any
// true null with probability at most alpha, however the tests depend. The
// result is in the order of p; none for none. What is no p-value is ErrRange.
func Holm(p []float64) ([]float64, error) {
	order := make([]int, len(p))
	for i, v := range p {
		if !(v >= 0 && v <= 1) {
			return nil, fmt.Errorf("holm: value %d: %w: %v", i, ErrRange, v)
		}
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	adjusted := make([]float64, len(p))
	var largest float64
	for i, at := range order {
		largest = max(largest, min(1, float64(len(p)-i)*p[at]))
		adjusted[at] = largest
	}
	return adjusted, nil
}
