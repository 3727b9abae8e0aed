package predict

import "time"

// A Kind names the way in which the starts of requests are decided.
type Kind string

// The kinds of a Schedule. Every strategy that starts the next request as soon
// as one of its slots is free is Slots, whatever library it is made with: given
// the same latencies their makespans are the same.
const (
	Slots   Kind = "slots"   // at most Size in flight, the next in order when one ends
	Waves   Kind = "waves"   // Size at once, and the next ones when the slowest has ended
	PerHost Kind = "perhost" // Slots for each host by itself
	Paced   Kind = "paced"   // Rate starts a second, however many are in flight
)

// A Schedule decides when each request of a batch is made. A Size of 0 is no
// bound, so that the zero value starts all at once.
type Schedule struct {
	Kind Kind
	Size int
	Rate float64 // a second, for Paced
}

// A Request is one request as a simulation sees it: what it takes on a connection
// that is open, what opening one adds, and the host that is asked, counted from 0.
type Request struct {
	Latency, Connect time.Duration
	Host             int
}

// Makespan is how long the schedule takes for the batch when no connection is
// open at first. A request that finds none free opens one, which stays. It costs
// n log Size.
func (s Schedule) Makespan(batch []Request) time.Duration {
	return s.makespan(batch, &desk{})
}

// makespan is Makespan with the connections that a desk has open.
func (s Schedule) makespan(batch []Request, d *desk) time.Duration {
	switch s.Kind {
	case Waves:
		return s.waves(batch, d)
	case PerHost:
		return s.perHost(batch, d)
	case Paced:
		return s.paced(batch, d)
	}
	return s.slots(batch, d)
}

// bound is how many of n requests may be in flight.
func (s Schedule) bound(n int) int {
	if s.Size < 1 {
		return max(1, n)
	}
	return s.Size
}

// slots is list scheduling in the order of the batch (Graham 1966, "Bounds for
// certain multiprocessing anomalies"): whichever slot is free first takes the
// next request.
func (s Schedule) slots(batch []Request, d *desk) time.Duration {
	most := s.bound(len(batch))
	at := time.Duration(0)
	for _, r := range batch {
		if len(d.busy) == most {
			at = d.end()
		}
		d.begin(at, r)
	}
	return d.drain(at)
}

// waves starts the next Size when all before them have ended.
func (s Schedule) waves(batch []Request, d *desk) time.Duration {
	at := time.Duration(0)
	for most := s.bound(len(batch)); len(batch) > 0; {
		wave := batch[:min(most, len(batch))]
		for _, r := range wave {
			d.begin(at, r)
		}
		at, batch = d.drain(at), batch[len(wave):]
	}
	return at
}

// perHost gives every host its own slots. They share nothing, not even a
// connection, so that the slowest host is the makespan.
func (s Schedule) perHost(batch []Request, d *desk) time.Duration {
	var hosts [][]Request
	for _, r := range batch {
		for len(hosts) <= r.Host {
			hosts = append(hosts, nil)
		}
		hosts[r.Host] = append(hosts[r.Host], r)
	}
	longest := time.Duration(0)
	for _, own := range hosts {
		longest = max(longest, s.slots(own, d))
	}
	return longest
}

// paced starts request i after i / Rate seconds.
func (s Schedule) paced(batch []Request, d *desk) time.Duration {
	at := time.Duration(0)
	for i, r := range batch {
		at = time.Duration(float64(i) / s.Rate * float64(time.Second))
		for len(d.busy) > 0 && d.busy[0].end <= at {
			d.end()
		}
		d.begin(at, r)
	}
	return d.drain(at)
}
