package results

import (
	"cmp"
	"slices"
)

// Count adds up the requests of a trial of planned requests that took elapsedNS:
// where they went, how many were under way at once, and one example of each
// class of failure. Connections and protocol are the transport's to tell. It
// sorts the starts and ends, n log n.
func (t *Trial) Count(planned int) Tally { return t.CountFanOuts(planned, planned) }

// CountFanOuts is Count for a trial that holds one fan-out of perFanOut requests
// after the other, numbered on: what bounds its makespan is then told for each.
func (t *Trial) CountFanOuts(planned, perFanOut int) Tally {
	tally := Tally{Count: Count{Planned: planned}}
	failures := map[string]*Failure{}
	for i := range t.Requests {
		r := &t.Requests[i]
		tally.Attempts += r.Attempts
		tally.Bytes += r.Bytes
		tally.WireBytes += r.WireBytes
		switch r.Class {
		case "":
			continue
		case ClassOK:
			tally.OK++
			continue
		case ClassCancelled:
			tally.Cancelled++
		default:
			tally.Failed++
		}
		failures[r.Class] = failures[r.Class].or(r)
	}
	tally.NotStarted = planned - tally.OK - tally.Failed - tally.Cancelled
	for _, f := range failures {
		tally.Failures = append(tally.Failures, *f)
	}
	slices.SortFunc(tally.Failures, func(a, b Failure) int {
		return cmp.Or(cmp.Compare(a.AtNS, b.AtNS), cmp.Compare(a.Class, b.Class))
	})
	tally.Flight = flight(t.Requests, t.ElapsedNS)
	if 0 < perFanOut && perFanOut < planned {
		tally.Flight.Parts = parts(t.Requests, planned, perFanOut)
	}
	return tally
}

// parts adds up the latencies of each fan-out. One that never began has none.
func parts(requests []Request, planned, perFanOut int) []Part {
	out := make([]Part, (planned+perFanOut-1)/perFanOut)
	for i := range requests {
		r := &requests[i]
		if r.Class == "" || r.Index < 0 || r.Index >= planned {
			continue
		}
		part := &out[r.Index/perFanOut]
		part.LatencyNS += r.ServiceNS
		part.LongestNS = max(part.LongestNS, r.ServiceNS)
	}
	return out
}

// or counts r into f, or begins with r where there is none. The earliest is the
// example, by its end: it is what a user would have seen first.
func (f *Failure) or(r *Request) *Failure {
	at := r.StartNS + r.ServiceNS
	if f == nil {
		return &Failure{Class: r.Class, Phase: r.Phase, Count: 1, Request: r.Index, AtNS: at}
	}
	f.Count++
	if at < f.AtNS {
		f.Phase, f.Request, f.AtNS = r.Phase, r.Index, at
	}
	return f
}

// flight finds how many of the requests were under way at once. The mean is
// Little's law, exact: the sum of latencies over the makespan (Little 1961, "A
// proof for the queuing formula L = λW").
func flight(requests []Request, elapsedNS int64) Flight {
	var f Flight
	var starts, ends []int64
	for i := range requests {
		r := &requests[i]
		if r.Class == "" {
			continue
		}
		f.LatencyNS += r.ServiceNS
		f.LongestNS = max(f.LongestNS, r.ServiceNS)
		starts = append(starts, r.StartNS)
		ends = append(ends, r.StartNS+r.ServiceNS)
	}
	if elapsedNS > 0 {
		f.Mean = float64(f.LatencyNS) / float64(elapsedNS)
	}
	f.Max = most(starts, ends)
	return f
}

// most returns the largest number of intervals [start, end) that overlap. An
// end and a start at the same instant do not.
func most(starts, ends []int64) (most int) {
	slices.Sort(starts)
	slices.Sort(ends)
	ended := 0
	for i, start := range starts {
		for ends[ended] <= start && ended < i {
			ended++
		}
		most = max(most, i+1-ended)
	}
	return most
}
