package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// A Section is something long that is folded until it is asked for.
type Section struct {
	Title string
	// Pairs are names with what they are; Text is set as it is, line by line.
	Pairs []Pair
	Text  string
}

// A Pair is a name with what it is.
type Pair struct{ Name, Value string }

// facts say in few words which run this is.
func facts(r *results.Run) []string {
	if r.Imported {
		return []string{"imported times", count(r.Design.Rounds, "round")}
	}
	var all []string
	what := count(r.Target.Requests, "request")
	if r.Target.Embedded != "" {
		what += " of the embedded profile " + r.Target.Embedded
	} else if len(r.Target.URLs) > 0 {
		what += " to " + count(len(r.Target.URLs), "address")
	}
	all = append(all, what, count(len(r.Contenders), "contender"), count(r.Design.Rounds, "round"))
	if !r.Started.IsZero() {
		all = append(all, r.Started.UTC().Format("2 January 2006, 15:04 UTC"))
	}
	if r.ID != "" {
		all = append(all, "run "+report.Name(r.ID))
	}
	return all
}

// method says how the run was made, as far as that is known.
func method(r *results.Run) string {
	const last = "A failed trial is never a fast one."
	switch {
	case r.Imported:
		return "The times come from elsewhere, and are compared within the round. " + last
	case r.Design.Order == "random" || r.Design.Order == "balanced":
		return "Every contender runs once in each round, in an order drawn anew, and is compared within the round. " + last
	}
	return "The order of the contenders was not drawn. " + last
}

// count is "1 round" or "5 rounds".
func count(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "s"):
		return fmt.Sprintf("%d %ses", n, noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// sections lists what is folded, without those that have nothing to say.
func sections(r *results.Run, command string) []Section {
	var all []Section
	for _, s := range []Section{
		{Title: "How to measure it again", Text: lines(command)},
		{Title: "Layout of the experiment", Pairs: design(r)},
		{Title: "Environment", Pairs: environment(r.Environment)},
		{Title: "Addresses", Text: addresses(r.Target)},
		{Title: "Plan", Text: plan(r.Plan)},
	} {
		if len(s.Pairs) > 0 || s.Text != "" {
			all = append(all, s)
		}
	}
	return all
}

// pairs leaves out what is not known.
func pairs(all ...Pair) []Pair {
	var known []Pair
	for _, p := range all {
		if p.Value != "" && p.Value != "0" && p.Value != "0s" {
			known = append(known, Pair{p.Name, report.Clean(p.Value)})
		}
	}
	return known
}

// design is how the run was laid out.
func design(r *results.Run) []Pair {
	d := r.Design
	if r.Imported {
		return pairs(Pair{"baseline", d.Baseline})
	}
	var programs []Pair
	for _, c := range r.Contenders {
		programs = append(programs, Pair{c.Name, report.Command(c.Process)})
	}
	return append(pairs(
		Pair{"rounds", fmt.Sprint(d.Rounds)}, Pair{"warm-up rounds", fmt.Sprint(d.Warmup)},
		Pair{"order", d.Order}, Pair{"seed", fmt.Sprint(d.Seed)}, Pair{"baseline", d.Baseline},
		Pair{"connections", d.Connections}, Pair{"pause between trials", time.Duration(d.PauseNS).String()},
		Pair{"timeout of a request", time.Duration(d.TimeoutNS).String()},
		Pair{"requests of a batch", fmt.Sprint(r.Target.Requests)}, Pair{"fan-outs of a trial", fmt.Sprint(r.Target.Repeat)},
	), pairs(programs...)...)
}

// environment is the machine and what the process was held to.
func environment(e results.Environment) []Pair {
	memory := ""
	if e.MemoryLimit > 0 {
		memory = fmt.Sprintf("%d MiB", e.MemoryLimit>>20)
	}
	return pairs(
		Pair{"program", e.Tool}, Pair{"Go", e.Go}, Pair{"system", e.OS}, Pair{"kernel", e.Kernel},
		Pair{"processor", e.CPU}, Pair{"processors", fmt.Sprint(e.CPUs)}, Pair{"GOMAXPROCS", fmt.Sprint(e.MaxProcs)},
		Pair{"GOGC", e.GOGC}, Pair{"load at the start", fmt.Sprint(e.Load)}, Pair{"limit of open files", fmt.Sprint(e.FDLimit)},
		Pair{"local ports", fmt.Sprint(e.Ports)}, Pair{"limit of processors", fmt.Sprint(e.CPULimit)}, Pair{"limit of memory", memory},
		Pair{"governor", e.Governor}, Pair{"container", e.Container}, Pair{"hash of the plan", e.PlanHash},
	)
}

// mostLines bounds what is listed: the plan of a run may have a million addresses.
const mostLines = 200

// addresses lists what was fetched, one a line.
func addresses(t results.Target) string {
	var lines []string
	for i, url := range t.URLs {
		if i == mostLines {
			lines = append(lines, fmt.Sprintf("… and %d more", len(t.URLs)-mostLines))
			break
		}
		lines = append(lines, shortened(report.Clean(url)))
	}
	return strings.Join(lines, "\n")
}

// plan is the plan with a value a line, as far as it is not too long.
func plan(raw json.RawMessage) string {
	var text bytes.Buffer
	if len(raw) == 0 || json.Indent(&text, raw, "", "  ") != nil {
		return ""
	}
	var lines []string
	for line := range strings.Lines(text.String()) {
		if len(lines) == mostLines {
			lines = append(lines, "… the rest is in the journal")
			break
		}
		lines = append(lines, shortened(report.Clean(strings.TrimRight(line, "\n"))))
	}
	return strings.Join(lines, "\n")
}

// shortened cuts a line that nobody would read to its end.
func shortened(line string) string {
	const most = 400
	if runes := []rune(line); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return line
}

// lines makes a text of several lines clean.
func lines(text string) string {
	var all []string
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		all = append(all, report.Clean(line))
	}
	return strings.Join(all, "\n")
}
