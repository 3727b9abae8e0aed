package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// A Headline is what a report comes down to, for whoever reads nothing else.
type Headline struct {
	// Claim says what is faster, by how much and than what, or what keeps that from
	// being said. It has no full stop.
	Claim string
	Tone  Tone
	// Evidence says how sure that is, empty where the claim says it.
	Evidence string
	// Reasons say why it is so.
	Reasons []string
}

// Lead returns the headline of a judgement. It says no more than the verdict: of
// several contenders it speaks of the one to use, and without one of the first about
// which something was found.
func Lead(j *results.Judgement) Headline {
	h := claim(j)
	if l, is := nothingIn(j); is {
		h = cutUp(l)
	}
	h.Claim, h.Evidence = Clean(strings.TrimSuffix(h.Claim, ".")), Clean(strings.TrimSuffix(h.Evidence, "."))
	for i := range h.Reasons {
		h.Reasons[i] = Clean(h.Reasons[i])
	}
	return h
}

// Name is the name of a contender as tables have it: clean, and no longer than fits.
func Name(s string) string { return Options{}.name(s) }

// Multiple is a ratio as tables have it, as in 7.9x.
func Multiple(ratio float64) string { return times(&ratio) }

// Level is a level of confidence as tables have it: 95 %, or what is reached of that.
func Level(level float64) string { return levelText(level) }

// claim chooses what to speak of.
func claim(j *results.Judgement) Headline {
	if j.Sweep != nil {
		return sized(j)
	}
	if c := toldOf(j); c != nil {
		return told(j, c)
	}
	if c := starved(j); c != nil && !j.Run.Design.AA && (j.Advice == nil || j.Advice.Use == "") && !apart(j.Run, c) {
		return withFailures(j, hungry(j, c))
	}
	if j.Advice != nil && len(j.Comparisons) > 1 && lacking(j.Comparisons) == 0 {
		return Headline{Claim: nothing(j, j.Advice, Options{run: j.Run}), Tone: Even}
	}
	all := sentences(j, Options{run: j.Run})
	if len(all) == 0 {
		return alone(j)
	}
	return withFailures(j, cutUp(all[max(0, slices.IndexFunc(all, func(l line) bool { return l.tone != even }))]))
}

// withFailures adds what failed to the reasons.
func withFailures(j *results.Judgement, h Headline) Headline {
	if r := j.Requests; r.Failed > 0 {
		h.Reasons = append(h.Reasons, fmt.Sprintf("%d of %d requests failed%s.", r.Failed, r.Planned, classes(r.ByClass)))
	}
	return h
}

// toldOf is the comparison with a decided direction that the headline speaks of: that
// of the contender to use, or the only one. nil where there is none.
func toldOf(j *results.Judgement) *results.Comparison {
	if j.Run.Design.AA {
		return nil
	}
	for i := range j.Comparisons {
		c := &j.Comparisons[i]
		verdict := stats.Verdict(c.Verdict)
		directed := verdict == stats.Faster || verdict == stats.Slower
		wanted := len(j.Comparisons) == 1 || j.Advice != nil && j.Advice.Use == c.Contender
		if directed && wanted && !apart(j.Run, c) {
			return c
		}
	}
	return nil
}

// told words a decided comparison. The baseline is named, since whoever reads only
// this has not seen the table.
func told(j *results.Judgement, c *results.Comparison) Headline {
	h := Headline{Tone: Good, Reasons: reasons(j, c)}
	direction, q := "faster", speedUp(c)
	if stats.Verdict(c.Verdict) == stats.Slower {
		direction, q, h.Tone = "slower", slowdown(c), Bad
	}
	h.Claim = fmt.Sprintf("%s is %s%s than %s", NameIn(j.Run, c.Contender), q.multiple(), direction, NameIn(j.Run, c.Baseline))
	h.Evidence = inner(evidence(q.span(), "faster in "+won(c), chance(c)))
	return h
}

// reasons say why a contender is faster, from what was in flight and how far the best
// possible is.
func reasons(j *results.Judgement, c *results.Comparison) []string {
	one, base := find(j, c.Contender), find(j, c.Baseline)
	if one == nil || base == nil {
		return nil
	}
	var all []string
	flight, known := finite(one.Flight.Mean)
	other, both := finite(base.Flight.Mean)
	if known && both {
		all = append(all, fmt.Sprintf("%s had %s requests in flight (median over the trials), %s %s.",
			NameIn(j.Run, c.Contender), fixed(flight, 1), NameIn(j.Run, c.Baseline), fixed(other, 1)))
	}
	bounds := limits(j, unitOf(j.Contenders))
	if len(bounds) > 0 && strings.HasPrefix(bounds[0].text, "More") {
		return append(all, bounds[0].text)
	}
	const sure = 1.05 // the best possible is measured, too: what exceeds it explains nothing
	if share, ok := finite(one.Efficiency); ok && share <= sure {
		all = append(all, fmt.Sprintf("That is %s of the best possible with %d at once.", percent(one.Efficiency), one.Flight.Asked))
	}
	return all
}

// sized words a sweep. What follows the first sentence says why, but for what other sizes
// would cost, which is for those who read on.
func sized(j *results.Judgement) Headline {
	lines := sweepLines(j, Options{run: j.Run})
	head, rest, _ := strings.Cut(lines[0].text, ": ")
	if use := "Use " + NameIn(j.Run, j.Sweep.Recommendation.Use); strings.HasPrefix(lines[0].text, use+": ") {
		head, rest = use, lines[0].text[len(use+": "):]
	}
	if j.Sweep.Recommendation.Reason == results.ReasonProvisional && strings.HasPrefix(head, "Use ") {
		head += ", provisionally"
	}
	h := Headline{Claim: head, Tone: tones()[lines[0].tone], Evidence: rest}
	for _, l := range lines[1:] {
		if !strings.HasPrefix(l.text, instead) {
			h.Reasons = append(h.Reasons, l.text)
		}
	}
	return h
}

// cutUp parts a sentence from the brackets with its evidence.
func cutUp(l line) Headline {
	text := strings.TrimSuffix(l.text, ".")
	if at := strings.LastIndex(text, " ("); at > 0 && strings.HasSuffix(text, ")") {
		return Headline{Claim: text[:at], Tone: tones()[l.tone], Evidence: inner(text[at:])}
	}
	return Headline{Claim: text, Tone: tones()[l.tone]}
}

// inner is evidence without its brackets.
func inner(s string) string { return strings.TrimSuffix(strings.TrimPrefix(s, " ("), ")") }

// alone words a run without a comparison.
func alone(j *results.Judgement) Headline {
	u := unitOf(j.Contenders)
	for i := range j.Contenders {
		c := &j.Contenders[i]
		if m, ok := finite(c.Median); ok {
			h := Headline{Claim: fmt.Sprintf("%s takes %s", NameIn(j.Run, c.Name), u.full(m)), Tone: Even}
			h.Evidence = fmt.Sprintf("median of %s, compared with nothing", counted(c.Trials, "trial", "trials"))
			return h
		}
	}
	return Headline{Claim: "No trial succeeded: there is no time to show", Tone: Bad}
}
