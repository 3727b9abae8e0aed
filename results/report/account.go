package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// account says where every planned request went, and what was on the wire. It is
// there in every report, since a contender that fetched less is faster for that.
//
//	200 planned = 200 ok + 0 failed · 200 on the wire · 110 connections
//
// What there was none of is left out, but for the failures: to read that there
// were none is what the line is for.
func account(j *results.Judgement) []line {
	if j.Run.Imported {
		return nil // times are all there is
	}
	r := j.Requests
	planned := fmt.Sprintf("%d planned = %d ok + %d failed%s", r.Planned, r.OK, r.Failed, classes(r.ByClass))
	if r.Cancelled > 0 {
		planned += fmt.Sprintf(" + %d cancelled", r.Cancelled)
	}
	if r.NotStarted > 0 {
		planned += fmt.Sprintf(" + %d not started", r.NotStarted)
	}
	parts := []string{planned}
	if n := j.Run.Unseen(); n > 0 {
		parts = append(parts, fmt.Sprintf("%d of the ok by their own word", n))
	}
	parts = append(parts, wire(r))
	if r.Redirects > 0 {
		parts = append(parts, counted(r.Redirects, "redirect", "redirects"))
	}
	if opened := connections(j.Contenders); opened > 0 {
		parts = append(parts, counted(opened, "connection", "connections"))
	}
	differing, same := seen(j.Run)
	if same {
		parts = append(parts, "upstream saw the same")
	}
	lines := []line{{text: strings.Join(parts, " · ")}}
	// The parts add up by the way they are counted, so this is a bug of ours or a
	// journal that somebody changed. Either way the reader has to know.
	if sum := r.OK + r.Failed + r.Cancelled + r.NotStarted; sum != r.Planned {
		lines = append(lines, line{fmt.Sprintf("ATTENTION: %d requests were planned but %d are accounted for; do not trust this run.",
			r.Planned, sum), bad})
	}
	return append(append(lines, elsewhere(j.Run)...), differing...)
}

// classes names what failed, the most frequent first and those as frequent by
// name, so that the same run always reads the same.
func classes(counts map[string]int) string {
	failed := maps.Clone(counts)
	maps.DeleteFunc(failed, func(class string, n int) bool {
		return n == 0 || class == "" || class == results.ClassOK || class == results.ClassCancelled
	})
	names := slices.SortedFunc(maps.Keys(failed), func(a, b string) int {
		return cmp.Or(cmp.Compare(failed[b], failed[a]), cmp.Compare(a, b))
	})
	var parts []string
	for _, name := range names {
		parts = append(parts, fmt.Sprintf("%d %s", failed[name], name))
	}
	return evidence(parts...)
}

// wire counts the attempts. Those of warm-up rounds were on the wire as well,
// but are in none of the other numbers.
func wire(r results.Requests) string {
	s := fmt.Sprintf("%d on the wire", r.Attempts)
	if r.Warmup > 0 {
		s += fmt.Sprintf(" + %d warm-up", r.Warmup)
	}
	return s
}

// connections adds up what the contenders opened. On a mock that is none.
func connections(contenders []results.Contender) (opened int) {
	for i := range contenders {
		opened += contenders[i].Connections.Opened
	}
	return opened
}

// longestDetail is the width at which an explanation is cut.
const longestDetail = 120

// sent tells whether a trial of a measured round sent anything.
func sent(t *results.Trial) bool {
	return t.Round >= 0 && (t.Outcome != results.Aborted || t.Tally.Attempts > 0)
}

// seen compares the counts of the embedded upstream with ours: a loud line with
// the first trial that differs, warm-up included, and whether it has counted all
// of the measured ones and agreed.
func seen(run *results.Run) (differing []line, same bool) {
	var first *results.Trial
	measured, agreed, wrong := 0, 0, 0
	for i := range run.Trials {
		t := &run.Trials[i]
		if t.Seen != nil && len(t.Seen.Differs) > 0 {
			if wrong++; first == nil {
				first = t
			}
		}
	}
	for i := range run.Trials {
		t := &run.Trials[i]
		if !sent(t) {
			continue
		}
		measured++
		if t.Seen != nil && len(t.Seen.Differs) == 0 {
			agreed++
		}
	}
	if first == nil {
		return nil, measured > 0 && agreed == measured
	}
	// One trial is enough to say what kind of difference it is; the journal has
	// them all.
	text := fmt.Sprintf("ATTENTION: the upstream saw something else in %d of %d trials; do not trust this run. First: %s, round %d: %s.",
		wrong, len(run.Trials), NameIn(run, first.Contender), first.Round, cut(Clean(strings.Join(first.Seen.Differs, ", ")), longestDetail, "…"))
	return []line{{text, bad}}, false
}

// circumstances are what a reader must know before the numbers are compared
// with those of another run.
func circumstances(j *results.Judgement) []line {
	var lines []line
	target := j.Run.Target
	switch mocks := j.Run.Mocks(); {
	case target.Form == "mock":
		lines = append(lines, line{text: "scheduling only: the upstream was a mock within this process, without a network."})
	case len(mocks) > 0:
		for i, name := range mocks {
			mocks[i] = cut(Clean(name), longestName, "…")
		}
		lines = append(lines, line{text: fmt.Sprintf("scheduling only: %s ran on a mock within this process, without a network.", strings.Join(mocks, ", "))})
	}
	lines = append(append(append(lines, started(j.Run)...), design(j)...), resumed(j)...)
	if j.Run.Design.Body == "headers" {
		lines = append(lines, line{text: unread(j.Run)})
	}
	if n := target.Clients; n > 1 {
		lines = append(lines, line{text: fmt.Sprintf("%d callers of each route at once; a trial ends when the last has its answer", n)})
	}
	switch target.Scale {
	case 0, 1: // not scaled; journals of real endpoints have no scale
	case 0.1: // what make bench does, so it reads well
		lines = append(lines, line{text: "at a tenth of the profile's latencies"})
	default:
		lines = append(lines, line{text: fmt.Sprintf("latencies scaled by %v", target.Scale)})
	}
	return lines
}

// unread says whose bodies were not read. What a route fetches inside is its own.
func unread(run *results.Run) string {
	text := "bodies were not read: every contender was done after the headers, and gave its connection up"
	if slices.ContainsFunc(run.Contenders, func(c results.Column) bool { return c.Route != "" }) {
		text += "; of a whole route that is its page, and what it fetches inside it reads as it likes"
	}
	return text + "."
}

// design says how the experiment was laid out, and what ended it where that was
// its precision.
//
//	10 rounds, random order, seed 700, fresh connections, 1 warm-up round
func design(j *results.Judgement) []line {
	d, done := j.Run.Design, len(j.Run.Rounds())
	if done == 0 {
		return nil
	}
	parts := []string{counted(done, "round", "rounds")}
	if d.Order != "" {
		parts = append(parts, d.Order+" order")
	}
	if d.Seed != 0 {
		parts = append(parts, fmt.Sprintf("seed %d", d.Seed))
	}
	if d.Connections != "" {
		parts = append(parts, d.Connections+" connections")
	}
	if d.Warmup > 0 {
		parts = append(parts, counted(d.Warmup, "warm-up round", "warm-up rounds"))
	}
	lines := []line{{text: strings.Join(parts, ", ")}}
	if d.Precision > 0 && j.Run.Complete && done < d.Rounds {
		lines = append(lines, line{text: fmt.Sprintf("stopped after %s: precision of %s reached (limit %d)",
			counted(done, "round", "rounds"), given(d.Precision), d.Rounds)})
	}
	return lines
}

// incomplete says so where the plan was not carried out. It is the first line of
// a report, so that nobody takes the table for that of the whole plan.
func incomplete(j *results.Judgement) []line {
	if j.Run.Complete {
		return nil
	}
	text := fmt.Sprintf("incomplete: %d of %s done", len(j.Run.Rounds()), counted(j.Run.Design.Rounds, "round", "rounds"))
	if j.Run.Reason != "" {
		text += " (" + j.Run.Reason + ")"
	}
	return []line{{text, bad}}
}
