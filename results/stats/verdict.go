package stats

import (
	"fmt"
	"math"
)

// A Verdict is what a comparison of a contender with the baseline amounts to.
// The constants below are all there are; files and gates rely on their text.
type Verdict string

const (
	// Faster says that the contender takes less time than the baseline.
	Faster Verdict = "candidate faster"
	// Slower says that it takes more.
	Slower Verdict = "candidate slower"
	// Equivalent says that any difference is within the limit.
	Equivalent Verdict = "equivalent"
	// EquivalentDetectable says so of a difference that exists.
	EquivalentDetectable Verdict = "equivalent (difference detectable but negligible)"
	// Inconclusive says that the data exclude neither a difference nor its absence.
	Inconclusive Verdict = "inconclusive"
	// InsufficientRounds says that there were fewer than 6 rounds.
	InsufficientRounds Verdict = "insufficient rounds"
	// NotComparable says that one of the two fails more often than the other.
	NotComparable Verdict = "not comparable: success rates differ"
)

// LeastRounds is the number of rounds below which there is no verdict: even
// with all rounds alike the two-sided p-value of five is 0.0625.
const LeastRounds = 6

// RoundsForVerdict is the number of rounds from which one of so many comparisons
// can come out faster or slower: the smallest p-value of the signed-rank test is
// 2/2^n, and the first of m adjusted ones is m times that (Holm). One comparison
// takes 6 rounds at 5 %, two take 7, ten take 9.
func RoundsForVerdict(comparisons int, alpha float64) int {
	n := LeastRounds
	for n < 64 && float64(max(1, comparisons))*math.Ldexp(1, 1-n) >= alpha {
		n++
	}
	return n
}

// Evidence is what a verdict rests on.
type Evidence struct {
	// Rounds counts the rounds that say something about the pair.
	Rounds int
	// Success is the interval for the difference of success rates, by Newcombe.
	Success Interval
	// Equivalence is the 90 % interval of the log ratio: two one-sided tests at
	// 5 % each.
	Equivalence Interval
	// P is the p-value, adjusted for the number of comparisons.
	P float64
	// Direction is above 0 where the contender is the faster one, below 0 where
	// it is the slower one; only its sign counts.
	Direction float64
	// Delta is the largest relative difference that does not matter, 0.05 for
	// 5 %, and Alpha the size of the test.
	Delta, Alpha float64
}

// Judge gives the verdict, the first that applies: too few rounds; success
// rates that differ; the equivalence interval strictly inside -+ln(1+Delta)
// (Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15, 1987),
// detectable or not; P below Alpha; nothing. A p-value above Alpha is never
// turned into "no difference".
func Judge(e Evidence) Verdict {
	limit := math.Log1p(e.Delta)
	detectable := e.P < e.Alpha
	switch {
	case e.Rounds < LeastRounds:
		return InsufficientRounds
	case e.Success.Excludes(0):
		return NotComparable
	case e.Equivalence.Inside(-limit, limit) && detectable:
		return EquivalentDetectable
	case e.Equivalence.Inside(-limit, limit):
		return Equivalent
	case detectable && e.Direction > 0:
		return Faster
	case detectable && e.Direction < 0:
		return Slower
	}
	return Inconclusive
}

// RoundsNeeded estimates the rounds that would shrink the half width of a log
// interval from n rounds to ln(1+delta): ceil(n (half / ln(1+delta))^2), widths
// falling with the root of n. It is at least n, and at most a million.
func RoundsNeeded(n int, iv Interval, delta float64) (int, error) {
	if n < 1 || !(delta > 0) || math.IsInf(delta, 1) {
		return 0, fmt.Errorf("rounds needed: %w: %d rounds, delta %v", ErrRange, n, delta)
	}
	if iv.Level == 0 || iv.Open {
		return 0, fmt.Errorf("rounds needed: interval: %w", ErrNotFinite)
	}
	ratio := (iv.Hi/2 - iv.Lo/2) / math.Log1p(delta)
	need := math.Ceil(float64(n) * ratio * ratio)
	if !(need < 1e6) {
		return max(n, 1_000_000), nil
	}
	return max(n, int(need)), nil
}
