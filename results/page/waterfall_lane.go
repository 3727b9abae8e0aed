package page

import "github.com/fetchbench/fetchbench/results"

// A lane is the trial of one contender in the round that is drawn.
type lane struct {
	column  results.Column
	parts   fanOuts
	outcome results.TrialOutcome
	// elapsed is the makespan, and span what the picture must hold: a request may
	// have ended after it.
	elapsed, span int64
	// slots is how many requests were under way at once at most.
	slots int
	// bars are in the order of their starts; nil where there are too many, and then
	// bins are in their place.
	bars   []bar
	bins   []bin
	binned bool
	told
}

// told is what a sentence says of a lane.
type told struct {
	requests, failed int
	longest          int64
	// idle is the share of the slots' time in which they were free while requests
	// still waited to be started.
	idle float64
	// untold says that nothing is known of the requests that there were.
	untold bool
}

// newLane is empty until its trial comes.
func newLane(c results.Column, target results.Target, binned bool) *lane {
	parts := fanOuts{size: max(1, target.Requests), count: max(1, target.Repeat)}
	return &lane{column: c, parts: parts, binned: binned}
}

// take looks at the requests of the trial. It keeps none where they are too many.
func (l *lane) take(t *results.Trial) {
	l.outcome, l.elapsed, l.span = t.Outcome, t.ElapsedNS, max(t.ElapsedNS, 1)
	for i := range t.Requests {
		l.count(&t.Requests[i])
	}
	if l.binned || l.requests > mostMarks {
		l.bins, l.slots = occupancy(t.Requests, l.span)
	} else {
		l.bars, l.slots = assign(t.Requests)
	}
	l.idle = idle(t.Requests, l.capacity(), l.parts, l.span)
}

// count adds a request to what is said of all of them.
func (l *lane) count(r *results.Request) {
	if r.Class == "" {
		return
	}
	l.requests++
	if r.Class != results.ClassOK && r.Class != results.ClassCancelled {
		l.failed++
	}
	l.span = max(l.span, r.StartNS+r.ServiceNS)
	l.longest = max(l.longest, r.Latency())
}

// capacity is how many slots there were to use: those asked for where that bounds
// anything, else those that were used.
func (l *lane) capacity() int {
	if l.bounded() {
		return max(l.column.Asked, l.slots)
	}
	return max(l.slots, 1)
}

// bounded tells whether requests can have waited for a slot.
func (l *lane) bounded() bool { return 0 < l.column.Asked && l.column.Asked < l.parts.size }

// shares are the parts of a request's bar in the order in which they are drawn,
// which add up to its service time. What no phase accounts for, such as waiting for
// a connection or an earlier attempt, comes first: the phases end where the
// request does.
func shares(r *results.Request) []int64 {
	p := r.Phases
	parts := []int64{0, p.DNSNS, p.ConnectNS, p.TLSNS, p.WaitNS, p.BodyNS}
	left := r.ServiceNS
	for i := len(parts) - 1; i > 0; i-- {
		parts[i] = min(parts[i], left)
		left -= parts[i]
	}
	parts[0] = left
	return parts
}

// phaseNames are the names of what shares returns.
func phaseNames() []string {
	return []string{"other", "dns", "connect", "tls", "wait", "body"}
}
