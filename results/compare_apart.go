package results

import (
	"math"
	"slices"

	"github.com/fetchbench/fetchbench/results/stats"
)

// Why the ratios of paired rounds, of averages and of medians are far apart.
const (
	// ApartFirst is a first round that was slow for one of the two.
	ApartFirst = "a slow first round"
	// ApartRare is a few slow trials, which weigh on an average only.
	ApartRare = "rare slow trials"
	// ApartSkew is times with a long tail.
	ApartSkew = "skewed times"
	// ApartSpread is none of those: the times differ much from round to round.
	ApartSpread = "times that vary much from round to round"
)

// farApart is the quotient from which two estimates of one thing need a word.
const farApart = 1.25

// apart finds why the estimates differ, if they do. The reasons are tried in the
// order in which they say most: a slow first round is also a rare slow trial,
// and both are skew.
func (p pair) apart(e Estimates) string {
	if !e.differ() {
		return ""
	}
	first1, rare1, skew1 := tail(p.base)
	first2, rare2, skew2 := tail(p.contender)
	switch {
	case first1 || first2:
		return ApartFirst
	case rare1 || rare2:
		return ApartRare
	case skew1 || skew2:
		return ApartSkew
	}
	return ApartSpread
}

// tail looks at the slow end of times in round order: whether the first stands
// apart and no other does, whether any do, and whether they are skewed.
func tail(times []float64) (first, rare, skew bool) {
	median, err := stats.Median(times)
	if err != nil {
		return false, false, false
	}
	ok := stats.Successes(times)
	flagged, _ := stats.Outliers(times) // none where it cannot tell
	longest, _ := stats.Max(ok)
	first = len(flagged) == 1 && flagged[0] == 0 && times[0] > median
	g, err := stats.AdjustedSkewness(ok)
	slow := slices.ContainsFunc(flagged, func(i int) bool { return times[i] > median })
	return first, slow || longest > rareSlow*median, err == nil && g > skewed
}

// differ tells whether the largest of the estimates that there are is more than
// a quarter above the smallest.
func (e Estimates) differ() bool {
	var all []float64
	if e.SpeedUp != nil {
		all = append(all, e.SpeedUp.Estimate)
	}
	for _, r := range []*Ratio{e.RatioOfMeans, e.RatioOfMedians} {
		if r != nil {
			all = append(all, r.Estimate)
		}
	}
	least, most := math.Inf(1), 0.0
	for _, v := range all {
		least, most = min(least, v), max(most, v)
	}
	return most > farApart*least
}
