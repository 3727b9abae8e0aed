package results

import (
	"fmt"
	"time"

	"github.com/fetchbench/fetchbench/results/stats"
)

// From where the machine is called noisy, or this process the limit.
const (
	mostSteal = 0.02                  // of all ticks
	mostStep  = 50 * time.Millisecond // wall clock against monotonic clock
	leastWait = time.Millisecond      // for a processor
	mostWait  = 0.1                   // of a request's latency
	mostPause = 0.1                   // of a makespan
)

// checkSaturated says when this process was the limit, and not the upstream:
// goroutines that were ready waited long for a processor, in comparison with
// what they measured, or collecting garbage took much of the time. A contender without
// a trial that succeeded measured nothing: refusals within a millisecond are no load.
func checkSaturated(q *inquiry) (out []Warning) {
	for i := range q.Contenders {
		c := &q.Contenders[i]
		if c.OK == 0 {
			continue
		}
		var waits, latencies, pauses []float64
		for _, round := range q.rounds {
			t := round[c.Name]
			waits = append(waits, float64(t.Machine.SchedP99NS))
			if made := t.Tally.made(); made > 0 && t.told() {
				latencies = append(latencies, float64(t.Tally.Flight.LatencyNS)/float64(made))
			}
			if t.ElapsedNS > 0 {
				pauses = append(pauses, float64(t.Machine.GCPauseNS)/float64(t.ElapsedNS))
			}
		}
		wait, err1 := stats.Median(waits)
		latency, err2 := stats.Median(latencies)
		pause, err3 := stats.Median(pauses)
		switch {
		case err1 == nil && err2 == nil && wait > max(float64(leastWait), mostWait*latency):
			out = append(out, Warning{
				Code: WarnSaturated, Contender: c.Name, Hint: q.lighter(c),
				Text: fmt.Sprintf("the client was the limit for %s: one in a hundred times a goroutine waited %s or more for a processor, where a request takes %s",
					c.Name, seconds(wait/1e9), seconds(latency/1e9)),
			})
		case err3 == nil && pause > mostPause:
			out = append(out, Warning{
				Code: WarnSaturated, Contender: c.Name,
				Text: fmt.Sprintf("the client was the limit for %s: collecting garbage stopped it for %s of the time", c.Name, percent(pause)),
				Hint: fmt.Sprintf("raise GOGC (it was %s), or fetch smaller bodies", orDefault(q.Run.Environment.GOGC)),
			})
		}
	}
	return out
}

// orDefault is a setting of the Go runtime as the environment has it.
func orDefault(gogc string) string {
	if gogc == "" {
		return "100"
	}
	return gogc
}

// lighter advises how to relieve this process.
func (q *inquiry) lighter(c *Contender) string {
	hint := "close what else runs here"
	if c.Flight.Asked > 1 {
		hint = fmt.Sprintf("its time is this machine's: try fewer than %d in flight", c.Flight.Asked)
	}
	switch {
	case q.Run.Target.Form == "process" || q.Run.Target.Form == "server":
		return hint + "; the embedded upstream shares this machine, a real one would not"
	case q.Run.Environment.CPUs > 0:
		return fmt.Sprintf("%s, or measure from more than %s", hint, counted(q.Run.Environment.CPUs, "processor"))
	}
	return hint
}

// clockSteps names the trials during which the wall clock moved against the
// monotonic one. They were aborted for it, and are looked for among all.
func (q *inquiry) clockSteps() (steps []string) {
	for i := range q.Run.Trials {
		t := &q.Run.Trials[i]
		step := time.Duration(t.Machine.Host.ClockStepNS).Abs()
		if t.Round >= 0 && step > mostStep {
			steps = append(steps, fmt.Sprintf("%v in round %d (%s)", step.Round(time.Millisecond), t.Round, t.Contender))
		}
	}
	return steps
}

// checkMachine says when others had a part in the times: another guest of the
// host, other programs, or somebody who set the clock.
func checkMachine(q *inquiry) (out []Warning) {
	add := func(text, hint string) { out = append(out, Warning{Code: WarnMachine, Text: text, Hint: hint}) }
	var steal, ticks, used, elapsed int64
	var loads []float64
	steps := q.clockSteps()
	for t := range q.Run.Measured {
		h := t.Machine.Host
		steal, ticks = steal+h.StealTicks, ticks+h.TotalTicks
		used, elapsed = used+t.Machine.CPUNS, elapsed+t.ElapsedNS
		loads = append(loads, h.Load)
	}
	if ticks > 0 && float64(steal) > mostSteal*float64(ticks) {
		add(fmt.Sprintf("noisy machine: its host took %s of the processor time for others", percent(float64(steal)/float64(ticks))),
			"measure on a machine of its own, or at a calmer hour; more rounds do not help against it")
	}
	cpus := q.Run.Environment.CPUs
	if load, err := stats.Median(loads); err == nil && cpus > 0 && load > float64(cpus) {
		hint := "close what else runs here, and measure again"
		if elapsed > 0 && float64(used)/float64(elapsed) > load/2 {
			hint = "most of it is this run's own: use fewer in flight, or an upstream that takes longer"
		}
		add(fmt.Sprintf("noisy machine: %.1f tasks wanted to run on %s", load, counted(cpus, "processor")), hint)
	}
	if len(steps) > 0 {
		add("the clock was set, or the machine slept, during trials: "+few(steps),
			"trials in which that happened are in no number, nor are their rounds; keep the machine awake, or measure again")
	}
	return out
}
