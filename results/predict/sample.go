package predict

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// mostLatencies bounds what is kept of a run: 64 MiB. Of a run with more requests
// the first rounds are enough.
const mostLatencies = 8 << 20

// missing stands for the latency of a request that failed or was not made.
const missing = time.Duration(-1)

// ErrNoLatencies is the error of a contender of which no request of a complete
// round succeeded.
var ErrNoLatencies = errors.New("no request of a complete round succeeded, so there are no latencies to draw from")

// A Sample is what predictions are drawn from: the latencies of one contender by
// round and request, and what every other contender shows of how they change under
// load. A request that failed has no latency, however fast it did so.
type Sample struct {
	// Contender is the one whose latencies these are.
	Contender string
	// Requests were planned in the rounds that are used, Failed of them did not
	// succeed.
	Requests, Failed int
	// Rounds are used, Skipped would have been too many to keep.
	Rounds, Skipped int

	run    *results.Run
	rounds map[int]int // the place of each round that counts, by its number
	drawn  drawn
	loads  map[string]loads // of each contender
}

// drawn is what batches are drawn from.
type drawn struct {
	latencies [][]time.Duration // by round and request, without what connecting took
	dials     [][]time.Duration // what a new connection takes, by round and host
	hosts     []int             // of each URL
	levels    []float64         // logarithm of how slow each round was as a whole
	middle    time.Duration     // the median of all latencies
}

// Read collects the latencies of one contender from the journal of a run. It reads
// all of it once and keeps up to 64 MiB.
//
// Where connections are fresh for each trial, what connecting took is taken out of
// the latency of the request that had to wait for it and kept as the price of a
// connection: a contender with more slots pays it more often.
func Read(journal io.Reader, run *results.Run, contender string) (*Sample, error) {
	s := &Sample{Contender: contender, run: run, rounds: map[int]int{}, loads: map[string]loads{}}
	whole := run.Rounds()
	if len(whole) == 0 || whole[0][contender] == nil {
		return nil, fmt.Errorf("contender %s: %w", contender, ErrNoLatencies)
	}
	s.Rounds = min(len(whole), max(1, mostLatencies/max(1, run.Target.Planned())))
	s.Skipped = len(whole) - s.Rounds
	for place, round := range whole[:s.Rounds] {
		s.rounds[round[contender].Round] = place
	}
	s.drawn.prepare(run.Target, s.Rounds)
	for t, err := range results.Trials(journal) {
		if err == nil {
			err = s.take(t)
		}
		if err != nil {
			return nil, err
		}
	}
	if s.Requests == s.Failed {
		return nil, fmt.Errorf("contender %s: %w", contender, ErrNoLatencies)
	}
	s.drawn.fill()
	s.drawn.level(run.Target)
	return s, nil
}

// take collects one trial.
func (s *Sample) take(t *results.Trial) error {
	place, counts := s.rounds[t.Round]
	if !counts || t.Outcome == results.Aborted {
		return nil
	}
	asked := slices.IndexFunc(s.run.Contenders, func(c results.Column) bool { return c.Name == t.Contender })
	if asked < 0 {
		return nil // not in the header: a journal edited by hand
	}
	for i := range t.Requests {
		if r := &t.Requests[i]; r.ServiceNS < 0 || connect(r) < 0 {
			return fmt.Errorf("request %d of %s in round %d has a time below 0", r.Index, t.Contender, t.Round)
		}
	}
	s.load(t, place)
	if t.Contender != s.Contender {
		return nil
	}
	apart := s.run.Design.Connections != "warm" && dialled(t) <= s.run.Contenders[asked].Asked*s.drawn.hostCount()
	s.Requests += s.run.Target.Planned()
	s.Failed += s.run.Target.Planned() - s.drawn.take(t, place, apart)
	return nil
}

// connect is what opening a connection took a request.
func connect(r *results.Request) time.Duration {
	return time.Duration(r.Phases.DNSNS + r.Phases.ConnectNS + r.Phases.TLSNS)
}

// dialled counts the requests that opened a connection. Where there are more than
// slots, the upstream closes connections, and every strategy pays for that.
func dialled(t *results.Trial) (n int) {
	for i := range t.Requests {
		if connect(&t.Requests[i]) > 0 {
			n++
		}
	}
	return n
}

// prepare makes room.
func (d *drawn) prepare(target results.Target, rounds int) {
	known := map[string]int{}
	for _, address := range target.URLs {
		host := address
		if u, err := url.Parse(address); err == nil {
			host = u.Host
		}
		if _, ok := known[host]; !ok {
			known[host] = len(known)
		}
		d.hosts = append(d.hosts, known[host])
	}
	d.levels = make([]float64, rounds)
	for range rounds {
		d.latencies = append(d.latencies, slices.Repeat([]time.Duration{missing}, target.Planned()))
		d.dials = append(d.dials, make([]time.Duration, max(1, len(known))))
	}
}

// host is that of request i of a batch that goes through the URLs.
func (d *drawn) host(i int) int {
	if len(d.hosts) == 0 {
		return 0
	}
	return d.hosts[i%len(d.hosts)]
}

// hostCount is how many hosts there are, at least one.
func (d *drawn) hostCount() int {
	if len(d.hosts) == 0 {
		return 1
	}
	return slices.Max(d.hosts) + 1
}

// take keeps the latencies of a trial and returns how many there are. With apart
// what connecting took is kept by itself, as the mean of those to a host.
func (d *drawn) take(t *results.Trial, round int, apart bool) (n int) {
	opened := make([]time.Duration, d.hostCount())
	for i := range t.Requests {
		r := &t.Requests[i]
		if r.Class != results.ClassOK || r.Index < 0 || r.Index >= len(d.latencies[round]) {
			continue
		}
		n++
		latency := time.Duration(r.ServiceNS)
		if cost := connect(r); apart && cost > 0 {
			latency = max(0, latency-cost)
			host := d.host(r.Index)
			opened[host]++
			d.dials[round][host] += (cost - d.dials[round][host]) / opened[host]
		}
		d.latencies[round][r.Index] = latency
	}
	return n
}

// fill gives each round that has no price of a connection to some host the median
// of the others, and finds the median latency.
func (d *drawn) fill() {
	for host := range d.hostCount() {
		var known []time.Duration
		for _, dials := range d.dials {
			if dials[host] > 0 {
				known = append(known, dials[host])
			}
		}
		for _, dials := range d.dials {
			if dials[host] == 0 {
				dials[host] = middle(known)
			}
		}
	}
	var all []time.Duration
	for _, latencies := range d.latencies {
		for _, latency := range latencies {
			if latency != missing {
				all = append(all, latency)
			}
		}
	}
	d.middle = middle(all)
}

// middle is the lower median, 0 of nothing. It sorts its argument.
func middle(times []time.Duration) time.Duration {
	if len(times) == 0 {
		return 0
	}
	slices.Sort(times)
	return times[(len(times)-1)/2]
}
