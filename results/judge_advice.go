package results

import "github.com/fetchbench/fetchbench/results/stats"

// An Advice is which contender to take, as far as the verdicts carry.
type Advice struct {
	// Use is a contender whose verdict is faster. It is empty where none is;
	// then Decided says that every verdict excludes that one matters.
	Use     string `json:"use"`
	Decided bool   `json:"decided"`
	// AsGood are equivalent to Use, with no fewer in flight.
	AsGood []string `json:"as_good"`
	// Untold could not be told from Use, and have fewer in flight.
	Untold []string `json:"untold"`
	// Enough is nil where no smaller contender keeps most of the gain.
	Enough *Enough `json:"enough"`
}

// Enough is a contender that is slower than the best and asks for less.
type Enough struct {
	Use   string  `json:"use"`
	Asked int     `json:"asked"`
	Keeps float64 `json:"keeps"` // share of the time gained
}

// worthwhile is the share of the gain from which less in flight is a choice.
const worthwhile = 0.8

// advise follows from the verdicts and claims no more than they do. There is
// none where speed was not what was measured, or not fairly: on a mock or against
// one, of a contender against itself, in an order that was not drawn, where the
// upstream saw something else, and where no comparison has a verdict about time.
// What ran on a mock beside others that did not is left out of it.
func advise(q *inquiry) *Advice {
	if q.Run.mocked(q.Run.Design.Baseline) || q.Run.Design.AA || !q.randomised() || len(checkUpstream(q)) > 0 {
		return nil
	}
	a, judged := q.decided()
	if !judged {
		return nil
	}
	faster := q.faster()
	if len(faster) == 0 {
		if q.anyFaster() {
			return nil // one that lost trials on the way: for the reader to judge
		}
		return a
	}
	a.choose(q, faster)
	return a
}

// decided begins the advice, and tells whether any comparison has a verdict about
// time that there could be advice on.
func (q *inquiry) decided() (a *Advice, judged bool) {
	a = &Advice{Decided: true}
	for _, c := range q.Comparisons {
		if q.Run.mocked(c.Contender) {
			continue
		}
		switch stats.Verdict(c.Verdict) {
		case stats.Faster, stats.Slower, stats.Equivalent, stats.EquivalentDetectable:
			judged = true
		case stats.Inconclusive:
			judged, a.Decided = true, false
		default:
			a.Decided = false
		}
	}
	return a, judged
}

// A pick is a contender that may be recommended.
type pick struct {
	name    string
	asked   int
	speedUp float64
}

// faster lists the contenders that are faster and never failed, over a network.
func (q *inquiry) faster() (out []pick) {
	complete := map[string]bool{}
	for _, c := range q.Contenders {
		complete[c.Name] = c.OK == c.Trials
	}
	for _, c := range q.Comparisons {
		if c.Verdict == string(stats.Faster) && c.SpeedUp != nil && complete[c.Contender] && !q.Run.mocked(c.Contender) && q.ahead(c.Contender) == 0 {
			out = append(out, pick{c.Contender, q.Run.asked(c.Contender), c.SpeedUp.Estimate})
		}
	}
	return out
}

// anyFaster tells whether any of those verdicts is faster.
func (q *inquiry) anyFaster() bool {
	for _, c := range q.Comparisons {
		if c.Verdict == string(stats.Faster) && !q.Run.mocked(c.Contender) {
			return true
		}
	}
	return false
}

// choose takes the fastest, or the one with the fewest in flight of those that
// are equivalent to it, and says how the others stand to that one.
func (a *Advice) choose(q *inquiry, faster []pick) {
	best := faster[0]
	for _, p := range faster {
		if p.speedUp > best.speedUp {
			best = p
		}
	}
	use := best
	for _, p := range faster {
		if p.asked < use.asked && equivalent(q.relation(best.name, p.name)) {
			use = p
		}
	}
	a.Use = use.name
	for _, p := range faster {
		if p == use {
			continue
		}
		switch relation := q.relation(use.name, p.name); {
		case equivalent(relation):
			a.AsGood = append(a.AsGood, p.name)
		case p.asked >= use.asked:
		case relation == stats.Inconclusive:
			a.Untold = append(a.Untold, p.name)
		default:
			a.enough(p, use)
		}
	}
}

// enough keeps p if it keeps most of the gain of the chosen one with the fewest
// in flight so far. A gain is time: with S times the speed 1 - 1/S of the time.
func (a *Advice) enough(p, use pick) {
	keeps := (1 - 1/p.speedUp) / (1 - 1/use.speedUp)
	if keeps >= worthwhile && keeps < 1 && (a.Enough == nil || p.asked < a.Enough.Asked) {
		a.Enough = &Enough{Use: p.name, Asked: p.asked, Keeps: keeps}
	}
}

// relation is the verdict on b held against a, by themselves.
func (q *inquiry) relation(a, b string) stats.Verdict {
	return stats.Judge(newPair(q.Run, q.rounds, a, b).evidence(newRules(q.Run, 1), &Score{}))
}

// equivalent tells whether a verdict is one of the two that say so.
func equivalent(v stats.Verdict) bool {
	return v == stats.Equivalent || v == stats.EquivalentDetectable
}
