package predict

import "time"

// A desk holds the requests in flight, a heap by their ends, and the connections
// that are open and free, by host. It keeps its memory from batch to batch.
type desk struct {
	busy []flight
	free []int
}

// A flight is a request that is under way: when it will end, on whose connection.
type flight struct {
	end  time.Duration
	host int
}

// begin starts a request at an instant, on a free connection to its host if there
// is one, else on a new one.
func (d *desk) begin(at time.Duration, r Request) {
	for len(d.free) <= r.Host {
		d.free = append(d.free, 0)
	}
	end := at + r.Latency
	if d.free[r.Host] > 0 {
		d.free[r.Host]--
	} else {
		end += r.Connect
	}
	d.busy = append(d.busy, flight{end, r.Host})
	d.up(len(d.busy) - 1)
}

// end takes the request that ends first out of flight and returns when that is.
// There must be one.
func (d *desk) end() time.Duration {
	first, last := d.busy[0], len(d.busy)-1
	d.busy[0] = d.busy[last]
	d.busy = d.busy[:last]
	d.down()
	d.free[first.host]++
	return first.end
}

// drain waits for all that is in flight, and returns when the last has ended: at
// the given instant if there is none. The order of the ends no longer matters.
func (d *desk) drain(at time.Duration) time.Duration {
	for _, f := range d.busy {
		at = max(at, f.end)
		d.free[f.host]++
	}
	d.busy = d.busy[:0]
	return at
}

// close gives up the connections.
func (d *desk) close() { clear(d.free) }

// up moves a flight towards the top of the heap until its parent ends no later.
// container/heap would box every flight, at ten times the cost.
func (d *desk) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if d.busy[parent].end <= d.busy[i].end {
			return
		}
		d.busy[parent], d.busy[i] = d.busy[i], d.busy[parent]
		i = parent
	}
}

// down moves the top of the heap to where both below it end no earlier.
func (d *desk) down() {
	for i := 0; ; {
		least := i
		for below := 2*i + 1; below <= 2*i+2 && below < len(d.busy); below++ {
			if d.busy[below].end < d.busy[least].end {
				least = below
			}
		}
		if least == i {
			return
		}
		d.busy[i], d.busy[least] = d.busy[least], d.busy[i]
		i = least
	}
}
