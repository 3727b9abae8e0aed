package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// account says where every planned request went, and what was on the wire.
func account(j *results.Judgement) []line {
	r := j.Requests
	planned := fmt.Sprintf("%d planned = %d ok + %d failed%s", r.Planned, r.OK, r.Failed, classes(r.ByClass))
	if r.Cancelled > 0 {
		planned += fmt.Sprintf(" + %d cancelled", r.Cancelled)
	}
	if r.NotStarted > 0 {
		planned += fmt.Sprintf(" + %d not started", r.NotStarted)
	}
	parts := []string{planned, wire(r)}
	if r.Redirects > 0 {
		parts = append(parts, counted(r.Redirects, "redirect", "redirects"))
	}
	if opened := connections(j.Contenders); opened > 0 {
		parts = append(parts, counted(opened, "connection", "connections"))
	}
	differing, all := seen(j.Run)
	if all && len(differing) == 0 {
		parts = append(parts, "upstream saw the same")
	}
	lines := []line{{text: strings.Join(parts, " · ")}}
	if sum := r.OK + r.Failed + r.Cancelled + r.NotStarted; sum != r.Planned {
		lines = append(lines, line{fmt.Sprintf("ATTENTION: %d requests were planned but %d are accounted for; do not trust this run.",
			r.Planned, sum), bad})
	}
	return append(lines, differing...)
}

// classes names what failed, the most frequent first.
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

// wire counts the attempts.
func wire(r results.Requests) string {
	s := fmt.Sprintf("%d on the wire", r.Attempts)
	if r.Warmup > 0 {
		s += fmt.Sprintf(" + %d warm-up", r.Warmup)
	}
	return s
}

// connections adds up what the contenders opened.
func connections(contenders []results.Contender) (opened int) {
	for i := range contenders {
		opened += contenders[i].Connections.Opened
	}
	return opened
}

// longestDetail is the width at which an explanation is cut.
const longestDetail = 120

// seen compares the counts of the embedded upstream with ours: a loud line with
// the first trial that differs, and whether it counted all of the trials.
func seen(run *results.Run) (differing []line, all bool) {
	var first *results.Trial
	trials, counted, wrong := 0, 0, 0
	for t := range run.Measured {
		trials++
		if t.Seen == nil {
			continue
		}
		counted++
		if len(t.Seen.Differs) > 0 {
			if wrong++; first == nil {
				first = t
			}
		}
	}
	if first == nil {
		return nil, trials > 0 && counted == trials
	}
	text := fmt.Sprintf("ATTENTION: the upstream saw something else in %d of %d trials; do not trust this run. First: %s, round %d: %s.",
		wrong, trials, cut(Clean(first.Contender), longestName, "…"), first.Round, cut(Clean(strings.Join(first.Seen.Differs, ", ")), longestDetail, "…"))
	return []line{{text, bad}}, false
}

// circumstances are what a reader must know before the numbers are compared
// with those of another run.
func circumstances(j *results.Judgement) []line {
	var lines []line
	target := j.Run.Target
	if target.Form == "mock" {
		lines = append(lines, line{text: "scheduling only: the upstream was a mock within this process, without a network."})
	}
	switch target.Scale {
	case 0, 1:
	case 0.1:
		lines = append(lines, line{text: "at a tenth of the profile's latencies"})
	default:
		lines = append(lines, line{text: fmt.Sprintf("latencies scaled by %v", target.Scale)})
	}
	return lines
}

// incomplete says so where the plan was not carried out.
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
