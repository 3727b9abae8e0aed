package results

import (
	"fmt"
	"strings"

	"github.com/fetchbench/fetchbench/results/stats"
)

// The codes of warnings, by which machines tell them apart.
const (
	WarnIncomplete = "incomplete"
	WarnTorn       = "torn"
	WarnFailed     = "failed-requests"
	WarnUpstream   = "upstream-differs"
	WarnRounds     = "few-rounds"
	WarnSequential = "no-sequential"
	WarnMock       = "scheduling-only"
	WarnBlocked    = "one-in-flight"
	WarnBytes      = "bytes-differ"
)

// Judge says all that a journal says, held against its baseline.
func Judge(run *Run) *Judgement {
	j := &Judgement{Run: run, Summary: Summarize(run), Comparisons: Compare(run, run.Design.Baseline)}
	for _, check := range []func(*Judgement) []Warning{
		checkEnd, checkUpstream, checkFailures, checkBytes, checkRounds, checkSequential, checkMock, checkBlocked,
	} {
		j.Warnings = append(j.Warnings, check(j)...)
	}
	return j
}

// checkEnd says when rounds are missing.
func checkEnd(j *Judgement) (out []Warning) {
	if !j.Run.Complete {
		out = append(out, Warning{
			Code: WarnIncomplete,
			Text: fmt.Sprintf("the run is not complete: %s; %d of %d rounds are", j.Run.Reason, len(j.Run.Rounds()), j.Run.Design.Rounds),
			Hint: "the numbers are those of the complete rounds",
		})
	}
	if j.Run.Torn > 0 {
		out = append(out, Warning{
			Code: WarnTorn,
			Text: fmt.Sprintf("the journal ends in the middle of a line; its last %d bytes are ignored", j.Run.Torn),
			Hint: "everything before them is whole",
		})
	}
	return out
}

// checkUpstream says when the embedded upstream saw something else than what
// was recorded. Nothing of such a run is to be believed.
func checkUpstream(j *Judgement) (out []Warning) {
	for i := range j.Run.Trials {
		t := &j.Run.Trials[i]
		if t.Seen != nil && len(t.Seen.Differs) > 0 {
			out = append(out, Warning{
				Code: WarnUpstream, Contender: t.Contender,
				Text: fmt.Sprintf("the upstream disagrees on %s in round %d: %s", t.Contender, t.Round, strings.Join(t.Seen.Differs, "; ")),
				Hint: "do not use this run; the journal shows the trial",
			})
		}
	}
	return out
}

// checkFailures names the classes of failed requests, each with the first of
// its kind, and trials that failed without one: those in which requests were
// left out or made twice, and those that ran out of time.
func checkFailures(j *Judgement) []Warning {
	failed := j.Requests.Failed
	strange, late := 0, 0
	for t := range j.Run.Measured {
		switch {
		case t.Tally.Failed > 0:
		case t.Outcome == Failed:
			strange++
		case t.Outcome == Timeout:
			late++
		}
	}
	var out []Warning
	if failed > 0 {
		out = append(out, Warning{
			Code: WarnFailed,
			Text: fmt.Sprintf("%d of %d requests failed: %s", failed, j.Requests.Planned, j.failures()),
			Hint: "failed trials are in no average; judge with care",
		})
	}
	if strange > 0 {
		out = append(out, Warning{
			Code: WarnFailed,
			Text: fmt.Sprintf("in %d trials the strategy left requests out or made them twice", strange),
			Hint: "the strategy breaks its contract: try it with fetchertest.Conform",
		})
	}
	if late > 0 {
		out = append(out, Warning{
			Code: WarnFailed,
			Text: fmt.Sprintf("%d trials reached their time limit before all requests were begun", late),
			Hint: "allow more with --trial-timeout, or fetch fewer",
		})
	}
	return out
}

// failures lists the classes of failed requests in the order in which they were
// first seen.
func (j *Judgement) failures() string {
	var list []string
	seen := map[string]bool{}
	for i := range j.Run.Trials {
		t := &j.Run.Trials[i]
		for _, f := range t.Tally.Failures {
			if t.Round < 0 || seen[f.Class] || f.Class == ClassCancelled {
				continue
			}
			seen[f.Class] = true
			what := strings.TrimSpace(f.Class + " " + f.Phase)
			list = append(list, fmt.Sprintf("%d %s (first: %s at %.2f s)",
				j.Requests.ByClass[f.Class], what, j.Run.Target.URL(f.Request), float64(f.AtNS)/1e9))
		}
	}
	return strings.Join(list, ", ")
}

// checkBytes says when contenders of a round did not get the same bytes: the one
// that got fewer did less.
func checkBytes(j *Judgement) []Warning {
	for _, round := range j.Run.Rounds() {
		var first *Trial
		for _, c := range j.Run.Contenders {
			t := round[c.Name]
			if t.Outcome != OK {
				continue
			}
			if first == nil {
				first = t
			}
			if t.Tally.Bytes != first.Tally.Bytes {
				return []Warning{{
					Code: WarnBytes, Contender: c.Name,
					Text: fmt.Sprintf("in round %d %s got %d bytes and %s %d", t.Round, first.Contender, first.Tally.Bytes, c.Name, t.Tally.Bytes),
					Hint: "they did not do the same work: fetch something that does not change",
				}}
			}
		}
	}
	return nil
}

// checkRounds says how many rounds a verdict needs.
func checkRounds(j *Judgement) []Warning {
	n := len(j.Run.Rounds())
	if n >= stats.LeastRounds || len(j.Run.Contenders) < 2 {
		return nil
	}
	return []Warning{{
		Code: WarnRounds,
		Text: fmt.Sprintf("%d rounds are too few for a 95 %% interval or a verdict", n),
		Hint: fmt.Sprintf("use --rounds %d or more", stats.LeastRounds),
	}}
}

// checkSequential says how to learn how far from the best possible one is.
func checkSequential(j *Judgement) []Warning {
	if j.Run.sequential() != "" {
		return nil
	}
	return []Warning{{
		Code: WarnSequential,
		Text: "without a sequential contender nothing says how far from the best possible the others are",
		Hint: "add sequential to the contenders",
	}}
}

// checkMock says what an in-process mock cannot show.
func checkMock(j *Judgement) []Warning {
	if j.Run.Target.Form != "mock" {
		return nil
	}
	return []Warning{{
		Code: WarnMock,
		Text: "this is an in-process mock: scheduling only; connections, TLS and the upstream's limits are not measured",
		Hint: "do not choose a pool size from it",
	}}
}

// checkBlocked says when a contender that asked for several never had two
// requests in flight: somewhere it waits for each before it begins the next.
// A mock that answers at once may well show the same, and is not judged; nor is
// a batch of one request.
func checkBlocked(j *Judgement) (out []Warning) {
	if j.Run.Target.Form == "mock" || j.Run.Target.Requests < 2 {
		return nil
	}
	for _, c := range j.Contenders {
		if c.Flight.Asked > 1 && c.Flight.Max == 1 && c.OK > 0 {
			out = append(out, Warning{
				Code: WarnBlocked, Contender: c.Name,
				Text: fmt.Sprintf("%s asked for %d in flight and never had more than 1: the fetcher blocks", c.Name, c.Flight.Asked),
				Hint: "look for a lock, a single connection or an upstream that answers one at a time",
			})
		}
	}
	return out
}
