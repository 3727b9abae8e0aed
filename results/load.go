package results

import "time"

// PerTrial returns how to say, of each trial of a run, how busy it was and how far
// from the best possible, held against the sequential trial of the same round. It
// looks through the run once.
func PerTrial(run *Run) func(*Trial) Load {
	alone, name := map[int]*Trial{}, run.Sequential()
	for t := range run.Measured {
		if t.Contender == name {
			alone[t.Round] = t
		}
	}
	return func(t *Trial) Load { return load(t, run.asked(t.Contender), alone[t.Round]) }
}

// Sequential is the name of the contender that makes one request after the
// other: the one called sequential, else the first that asked for one in flight. Without
// it there is nothing to say how long a request takes when it is alone.
func (r *Run) Sequential() string {
	found := ""
	for _, c := range r.Contenders {
		if c.Asked == 1 && c.Route == "" && (found == "" || c.Name == "sequential") {
			found = c.Name
		}
	}
	return found
}

// asked is how many requests a contender may have in flight.
func (r *Run) asked(name string) int {
	return r.column(name).Asked
}

// load is PerTrial with the sequential trial given, nil where there is none. In
// a trial that failed nothing is said of the best possible: it did other work.
//
// With d the latencies of the trial, d0 those of the sequential trial, K the
// slots and T the makespan: in flight L = sum d / T (Little's law); slowdown
// I = sum d / sum d0, so that T0 / T = L / I; ideal time max(max d0, sum d0 / K),
// the bound that no schedule on K slots can beat (Graham 1966, "Bounds for
// certain multiprocessing anomalies"), summed over the fan-outs where the trial
// has several; efficiency ideal / T; packing the same
// bound over d / T. The ideal is never taken over loaded latencies: that bound
// called the worst configuration tried 99 % efficient.
func load(t *Trial, asked int, alone *Trial) Load {
	l := Load{Flight: InFlight{Asked: asked, Max: t.Tally.Flight.Max}}
	if t.Seen != nil {
		l.Flight.Upstream = &t.Seen.Max
	}
	if t.Found > 0 {
		found := float64(t.Found)
		l.Flight.Found = &found
	}
	if !t.sent() {
		l.Flight.Max = 0
	} else if t.told() || t.Seen != nil {
		mean := t.Tally.Flight.Mean
		l.Flight.Mean = &mean
	}
	if t.Outcome != OK || t.ElapsedNS <= 0 || asked < 1 {
		return l
	}
	// Where latencies are not known their sum is 0, and so would be what follows from it.
	l.Packing = positive(quotient(bound(t.Tally.Flight, asked), float64(t.ElapsedNS)))
	// Nothing is the best possible for whoever may have fetched nothing.
	if !alone.bounds() || t.Unseen() {
		return l
	}
	best := bound(alone.Tally.Flight, asked)
	l.Ideal = quotient(best, float64(time.Second))
	l.Efficiency = quotient(best, float64(t.ElapsedNS))
	l.Slowdown = positive(quotient(float64(t.Tally.Flight.LatencyNS), float64(alone.Tally.Flight.LatencyNS)))
	return l
}

// bounds tells whether the sequential trial of a round, which may be missing, says how
// long requests take alone.
func (t *Trial) bounds() bool { return t != nil && t.Outcome == OK && t.told() }

// sent tells whether any request got onto the wire. Of one that was refused before that
// nothing was in flight, though somebody waited for it; and an imported trial has none.
func (t *Trial) sent() bool {
	return t.Tally.Planned > 0 && (t.Tally.OK > 0 || t.Tally.Attempts > 0 || t.Seen != nil && t.Seen.Requests > 0)
}

// positive is a number above 0, nil elsewhere.
func positive(v *float64) *float64 {
	if v == nil || *v <= 0 {
		return nil
	}
	return v
}

// bound is the least time in nanoseconds that the latencies take on k slots. A
// fan-out begins when the one before has ended, so that their bounds add up.
func bound(f Flight, k int) float64 {
	sum := 0.0
	for _, part := range f.parts() {
		sum += max(float64(part.LongestNS), float64(part.LatencyNS)/float64(k))
	}
	return sum
}

// greedy is the most time in nanoseconds that the latencies take on k slots where
// no slot stands idle while a call waits, whatever the order of the calls:
//
//	T <= sum d / K + (1 - 1/K) max d
//
// (Graham 1966): until the call that ends last began, all K slots were busy with
// the others, for at most (sum d - d) / K. A trial that took more had idle slots and waiting calls at once; one that took less may be long
// because of its slowest call, which no schedule helps.
func greedy(f Flight, k int) float64 {
	sum := 0.0
	for _, part := range f.parts() {
		sum += float64(part.LatencyNS)/float64(k) + (1-1/float64(k))*float64(part.LongestNS)
	}
	return sum
}

// parts are the fan-outs, of which there is one where nothing else is said.
func (f Flight) parts() []Part {
	if len(f.Parts) > 0 {
		return f.Parts
	}
	return []Part{{LatencyNS: f.LatencyNS, LongestNS: f.LongestNS}}
}

// quotient is a / b, nil where b is not above 0.
func quotient(a, b float64) *float64 {
	if b <= 0 {
		return nil
	}
	q := a / b
	return &q
}
