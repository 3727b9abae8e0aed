package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// elsewhere says of each contender whose requests were made elsewhere what it is, what
// its start took, which is in no time of the table, and what is not known of it.
//
//	exec:python3 fetch.py is python-aiohttp, python 3.11.2, aiohttp 3.8.4 · started in 210 ms
func elsewhere(run *results.Run) (lines []line) {
	untold, told := map[string]bool{}, map[string]bool{}
	for i := range run.Trials {
		switch t := &run.Trials[i]; {
		case t.Claimed == nil:
		case t.Claimed.Records:
			told[t.Contender] = true
		case t.Claimed.Broken == "":
			untold[t.Contender] = true
		}
	}
	var silent []string
	for _, c := range run.Contenders {
		name := NameIn(run, c.Name)
		if p := c.Process; p != nil && p.Program != "" && p.Line() == "" {
			started := time.Duration(p.StartedNS).Round(time.Millisecond)
			lines = append(lines, line{text: fmt.Sprintf("%s is %s · started in %v, outside every time", name, described(p), started)})
		}
		if untold[c.Name] && !told[c.Name] {
			silent = append(silent, name)
		}
	}
	if len(silent) > 0 {
		lines = append(lines, line{text: fmt.Sprintf("nothing is told of the requests of %s: %s", strings.Join(silent, ", "), unknown(run.Target))})
	}
	return lines
}

// unknown says what is not known of requests of which nothing is told.
func unknown(t results.Target) string {
	if t.Embedded == "" {
		return "their latencies and what was in flight are not known"
	}
	return "their latencies are not known, and in flight is what the upstream saw"
}

// described is what a process says that it is.
func described(p *results.Process) string {
	var words []string
	for _, word := range []string{p.Program, p.Language, p.Library} {
		if word != "" {
			words = append(words, cut(Clean(word), longestName, "…"))
		}
	}
	return strings.Join(words, ", ")
}

// unproven repeats of the warnings those without which the table would be believed: that a
// program has one in flight whatever it was asked for, and that nobody checked what it tells.
func unproven(j *results.Judgement) (lines []line) {
	for _, w := range j.Warnings {
		text := recalled(j.Run, w.Text)
		switch {
		case w.Code == results.WarnUnchecked && w.Contender != "":
			text = fmt.Sprintf("not checked, beyond the clock: what %s tells", NameIn(j.Run, w.Contender))
		case !slices.Contains([]string{results.WarnUnchecked, results.WarnUnseen, results.WarnBlocked, results.WarnAhead}, w.Code):
			continue
		}
		lines = append(lines, line{text, bad})
	}
	return lines
}
