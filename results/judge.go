package results

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The codes of warnings, by which machines tell them apart.
const (
	WarnIncomplete = "incomplete"
	WarnTorn       = "torn"
	WarnFailed     = "failed-requests"
	WarnCulprits   = "always-fails"
	WarnUpstream   = "upstream-differs"
	WarnRounds     = "few-rounds"
	WarnSequential = "no-sequential"
	WarnMock       = "scheduling-only"
	WarnBlocked    = "one-in-flight"
	WarnBytes      = "bytes-differ"
	WarnOrder      = "not-randomised"
	WarnDropped    = "rounds-dropped"
	WarnAA         = "aa-differs"
	WarnPrecision  = "precision-missed"
	WarnWarm       = "not-warm"
	WarnPaused     = "paused"
	WarnResumed    = "resumed-late"
)

// The codes of warnings about what a contender did with the slots that it asked
// for, and at whose expense.
const (
	WarnHung        = "hung"
	WarnBroken      = "contender-broken"
	WarnUnchecked   = "claims-unchecked"
	WarnUnseen      = "batch-unseen"
	WarnAhead       = "ahead-of-its-calls"
	WarnRefused     = "too-many-requests"
	WarnConnections = "few-connections"
	WarnIdle        = "slots-idle"
	WarnCapacity    = "upstream-capacity"
	WarnAlone       = "slower-alone"
	WarnProtocols   = "protocols"
	WarnExtra       = "extra-load"
)

// Judge says all that a journal says, held against its baseline. Its warnings
// stand in the order in which they matter: first what makes the run worthless,
// then what makes its numbers doubtful, last what they cannot say.
func Judge(run *Run) *Judgement {
	q := newInquiry(run)
	q.Sweep = sweep(q)
	for _, check := range []func(*inquiry) []Warning{
		checkUpstream, checkFailures, checkCulprits, checkBroken, checkHung, checkBytes, checkUnseen, checkEnd, checkDropped, checkResumed, checkOrder, checkAA, checkRounds, checkPrecision,
		checkSaturated, checkMachine, checkPosition, checkEffect, checkFirst, checkTrend, checkDependence, checkOutliers, checkSkew,
		checkIdentity, checkWarm, checkAhead, checkBlocked, checkRefused, checkConnections, checkIdle, checkCapacity, checkAlone,
		checkExtra, checkProtocols, checkMock, checkSequential, checkPaused, checkClaims,
	} {
		q.Warnings = append(q.Warnings, fold(check(q))...)
	}
	if q.Sweep == nil {
		q.Advice = advise(q)
	}
	return q.Judgement
}

// An inquiry is a judgement in the making, with what every check looks at: the
// rounds that count, and the makespans of each contender in their order, +Inf
// where a trial failed.
type inquiry struct {
	*Judgement
	rounds []Round
	times  map[string][]float64
	// explained has the contenders of which a warning says why they had less in
	// flight than they asked for.
	explained map[string]bool
}

// newInquiry summarises and compares.
func newInquiry(run *Run) *inquiry {
	rounds := run.Rounds()
	q := &inquiry{rounds: rounds, times: map[string][]float64{}, explained: map[string]bool{}}
	q.Judgement = &Judgement{Run: run, Summary: Summarize(run), Comparisons: compare(run, rounds, run.Design.Baseline)}
	for _, round := range rounds {
		for name, t := range round {
			q.times[name] = append(q.times[name], t.seconds())
		}
	}
	return q
}

// number is the number of a round, which is not its place where rounds before it
// were dropped.
func (r Round) number() int {
	for _, t := range r {
		return t.Round
	}
	return 0
}

// warned tells whether there is a warning of a code by now.
func (q *inquiry) warned(code string) bool {
	return slices.ContainsFunc(q.Warnings, func(w Warning) bool { return w.Code == code })
}

// mostAlike is how many warnings of one kind a reader will read.
const mostAlike = 3

// fold makes one warning of more than that.
func fold(list []Warning) []Warning {
	if len(list) <= mostAlike {
		return list
	}
	return together(list)
}

// together makes one warning of several: it says the first in full and names the other
// contenders. Those of one kind have the same way out.
func together(list []Warning) []Warning {
	if len(list) < 2 {
		return list
	}
	var others []string
	for _, w := range list[1:] {
		others = append(others, w.Contender)
	}
	return []Warning{{Code: list[0].Code, Text: list[0].Text + "; much the same holds for " + few(others), Hint: list[0].Hint}}
}

// few joins the first of a list and counts the rest.
func few(list []string) string {
	const shown = 5
	if len(list) > shown {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:shown], ", "), len(list)-shown)
	}
	return strings.Join(list, ", ")
}

// percent words a share for people.
func percent(share float64) string {
	if share < 0.001 {
		return fmt.Sprintf("%.2g %%", 100*share)
	}
	if share < 0.1 {
		return fmt.Sprintf("%.1f %%", 100*share)
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}

// seconds words a time for people.
func seconds(s float64) string {
	switch {
	case s >= 1:
		return fmt.Sprintf("%.2f s", s)
	case s >= 1e-3:
		return fmt.Sprintf("%.1f ms", 1e3*s)
	}
	return fmt.Sprintf("%.0f µs", 1e6*s)
}

// counted is "1 round" or "5 rounds".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// are is "1 round is" or "5 rounds are".
func are(n int, noun string) string {
	if n == 1 {
		return "1 " + noun + " is"
	}
	return counted(n, noun) + " are"
}

// longPause is the pause between trials from which a longer one is no advice.
const longPause = time.Second

// pause is the pause between trials.
func (q *inquiry) pause() time.Duration { return time.Duration(q.Run.Design.PauseNS) }

// rest advises a longer pause where there is room for one, else the other thing.
func (q *inquiry) rest(why, otherwise string) string {
	if q.pause() >= longPause || q.imported() {
		return otherwise
	}
	return fmt.Sprintf("try --pause %v (it was %v): %s", max(4*q.pause(), 200*time.Millisecond), q.pause(), why)
}

// imported tells whether the times come from elsewhere: then nothing of how they
// were measured is known, and no flag of ours would have changed it.
func (q *inquiry) imported() bool { return q.Run.Imported }
