package report

import (
	"fmt"
	"slices"

	"github.com/fetchbench/fetchbench/results"
)

// costs are the tables of what each contender costs: what was in flight and how
// long its answers took to come, what was on the wire, and what this machine gave
// for it. Of imported times none of that is known, and there are none.
func costs(j *results.Judgement, o Options) [][]column {
	if !o.Cost || j.Run.Imported || len(j.Contenders) == 0 {
		return nil
	}
	return [][]column{flightColumns(j, o), wireColumns(j, o), machineColumns(j, o)}
}

// costText renders the tables one below the other.
func costText(j *results.Judgement, o Options) (string, error) {
	var out string
	for _, c := range costs(j, o) {
		table, err := fitted(worded(c, o), o)
		if err != nil {
			return "", err
		}
		out += "\n" + table
	}
	return out, nil
}

// costMarkdown is costText as Markdown.
func costMarkdown(j *results.Judgement, o Options) (string, error) {
	var out string
	for _, c := range costs(j, o) {
		table, err := markdownTable(worded(c, o))
		if err != nil {
			return "", err
		}
		out += table + "\n"
	}
	return out, nil
}

// costNote says over what the tables of the costs go, which their heads have no
// place for.
func costNote(j *results.Judgement, o Options) []line {
	if costs(j, o) == nil {
		return nil
	}
	return []line{{text: "costs: on the wire over all trials; first byte and body medians over requests; CPU and allocs medians over trials; " +
		"goroutines and memory the most at once, above what was there before the trial" + ofPrograms(j)}}
}

// ofPrograms says whose word the CPU of a program is, empty where there is none.
func ofPrograms(j *results.Judgement) string {
	if len(elsewhereMade(j.Run)) == 0 {
		return ""
	}
	return "; CPU and memory of a program are what it says of itself, those of a route are not known"
}

// elsewhereMade are the contenders whose requests were made elsewhere: what nobody told
// of them is not 0.
func elsewhereMade(run *results.Run) map[string]bool {
	made := map[string]bool{}
	for i := range run.Trials {
		if t := &run.Trials[i]; t.Claimed != nil {
			made[t.Contender] = true
		}
	}
	return made
}

// seenElsewhere are the contenders whose requests were made elsewhere and counted by the
// upstream: that they opened nothing is known of them.
func seenElsewhere(run *results.Run) map[string]bool {
	by := map[string]bool{}
	for i := range run.Trials {
		if t := &run.Trials[i]; t.Claimed != nil && t.Seen != nil && t.Seen.Requests > 0 && t.Round >= 0 {
			by[t.Contender] = true
		}
	}
	return by
}

// names is the first column of each table, with the title of the table above.
func names(j *results.Judgement, o Options, title, brief string) column {
	return column{head: title, brief: brief, short: stepNames12, cells: each(j, func(c *results.Contender) string { return o.name(c.Name) })}
}

// flightColumns are what was asked for and what was got, on our side and at the
// upstream, and the two halves of an answer.
func flightColumns(j *results.Judgement, o Options) []column {
	ms := unit{name: "ms", perS: 1e3, decimals: 2}
	half := func(of func(*results.Latencies) *float64) []string {
		return each(j, func(c *results.Contender) string {
			if c.Latency == nil {
				return none
			}
			return ms.bare(of(c.Latency))
		})
	}
	return []column{
		names(j, o, "In flight", "In flight"),
		{head: "asked", cells: each(j, func(c *results.Contender) string { return counts(c.Flight.Asked) })},
		{head: "mean", cells: each(j, flightCell)},
		{head: "max", cells: each(j, func(c *results.Contender) string { return counts(c.Flight.Max) })},
		{head: "upstream", gone: stepFlight, cells: each(j, func(c *results.Contender) string { return whole(c.Flight.Upstream) })},
		{head: "limit found", brief: "limit", short: stepBriefMean, gone: stepMean, optional: true, cells: each(j, foundCell)},
		{
			head: "first byte (ms)", brief: "first (ms)", short: stepBriefEfficiency, gone: stepEfficiency,
			cells: half(func(l *results.Latencies) *float64 { return l.FirstByte }),
		},
		{
			head: "body (ms)", gone: stepEfficiency,
			cells: half(func(l *results.Latencies) *float64 { return l.LastByte }),
		},
	}
}

// wireColumns are the connections and the attempts, over all trials.
func wireColumns(j *results.Judgement, o Options) []column {
	sent := func(of func(*results.Contender) int) []string {
		return each(j, func(c *results.Contender) string { return fmt.Sprint(of(c)) })
	}
	claimed, upstream := elsewhereMade(j.Run), seenElsewhere(j.Run)
	// On a mock there are no connections, and 0 would be a claim about them.
	connections := func(of func(*results.Connections) int) []string {
		return each(j, func(c *results.Contender) string {
			if c.Connections == (results.Connections{}) && !upstream[c.Name] {
				return none
			}
			return fmt.Sprint(of(&c.Connections))
		})
	}
	known := func(cells []string) []string {
		for i := range cells {
			if claimed[j.Contenders[i].Name] {
				cells[i] = none
			}
		}
		return cells
	}
	return []column{
		names(j, o, "On the wire", "Wire"),
		{head: "protocol", gone: stepEfficiency, optional: true, cells: each(j, protocolCell)},
		{head: "opened", cells: connections(func(c *results.Connections) int { return c.Opened })},
		{head: "reused", gone: stepMean, cells: known(connections(func(c *results.Connections) int { return c.Reused }))},
		{head: "attempts", cells: sent(func(c *results.Contender) int { return c.Cost.Attempts })},
		{head: "wasted", gone: stepFlight, cells: known(sent(func(c *results.Contender) int { return c.Cost.Wasted }))},
		{head: "shared", gone: stepFlight, optional: true, cells: each(j, func(c *results.Contender) string { return counts(c.Cost.Shared) })},
	}
}

// machineColumns are what a trial took from this machine: the first two as
// medians, the others as the most at once in any trial.
func machineColumns(j *results.Judgement, o Options) []column {
	var cpu, memory []*float64
	for i := range j.Contenders {
		c := &j.Contenders[i].Cost
		cpu = append(cpu, positive(c.CPU))
		memory = append(memory, mebibytes(c.Memory))
	}
	u, mib := unitFor(cpu), unit{name: "MiB", perS: 1, decimals: leastDecimals(memory)}
	return []column{
		names(j, o, "On this machine", "Machine"),
		{head: "CPU (" + u.name + ")", cells: each(j, func(c *results.Contender) string { return u.bare(positive(c.Cost.CPU)) })},
		{head: "allocs a fetch", brief: "allocs", short: stepBriefMean, cells: each(j, allocsCell)},
		{head: "goroutines", gone: stepMean, cells: each(j, func(c *results.Contender) string { return whole(c.Cost.Goroutines) })},
		{head: "memory (MiB)", gone: stepFlight, cells: each(j, func(c *results.Contender) string { return mib.bare(mebibytes(c.Cost.Memory)) })},
	}
}

// counts is a count of which there is at least one, or none.
func counts(n int) string {
	if n == 0 {
		return none
	}
	return fmt.Sprint(n)
}

// whole is a whole number that may be absent.
func whole(n *int) string {
	if n == nil {
		return none
	}
	return fmt.Sprint(*n)
}

// foundCell is the limit that the strategy found.
func foundCell(c *results.Contender) string {
	found, ok := finite(c.Flight.Found)
	if !ok {
		return none
	}
	return fixed(found, 0)
}

// allocsCell is the number of allocations for a request.
func allocsCell(c *results.Contender) string {
	allocs, ok := finite(c.Cost.PerFetch)
	if !ok {
		return none
	}
	return fixed(allocs, min(1, decimals(allocs)))
}

// protocolCell is what was spoken.
func protocolCell(c *results.Contender) string {
	if c.Protocol == "" {
		return none
	}
	return c.Protocol
}

// positive is a time that was measured: no trial takes no time at all.
func positive(v *float64) *float64 {
	if t, ok := finite(v); !ok || t <= 0 {
		return nil
	}
	return v
}

// mebibytes is a size in units of 2^20 bytes.
func mebibytes(bytes *int64) *float64 {
	if bytes == nil {
		return nil
	}
	v := float64(*bytes) / (1 << 20)
	return &v
}

// leastDecimals leaves the largest of some sizes two digits or three. Smaller ones
// are not worth more.
func leastDecimals(values []*float64) int {
	var known []float64
	for _, v := range values {
		if size, ok := finite(v); ok {
			known = append(known, size)
		}
	}
	if len(known) == 0 {
		return 0
	}
	return decimals(slices.Max(known))
}
