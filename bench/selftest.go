package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// A Probe is one statement about the harness's own error on this machine, held
// against the embedded upstream, whose latency is known and whose counts and
// clock are its own.
type Probe struct {
	Name     string  `json:"name"`
	InFlight int     `json:"in_flight"`
	Value    float64 `json:"value"`
	Limit    float64 `json:"limit"` // of the absolute value
	Unit     string  `json:"unit"`  // ms or share
	Holds    bool    `json:"holds"`
}

// The limits of the probes: beyond them more than 2 % of the truth is lost, or 1 %
// of what must be equal by arithmetic.
const (
	truth       = 50 * time.Millisecond
	anyBias     = 1.0 // ms
	littleLimit = 0.01
	flightLimit = 0.02
)

// A station is one load at which the harness is tried: so many in flight, in
// trials of so many requests.
type station struct{ slots, requests, rounds int }

// stations are tried from light to heavy, about twenty seconds in all.
func stations() []station {
	return []station{{1, 20, 5}, {10, 100, 20}, {100, 500, 5}, {1000, 2000, 5}}
}

// Selftest measures an upstream that answers after exactly 50 ms and calls yield
// for each probe as it is known: the bias of the mean and of the 99th percentile
// of request latencies against the upstream's own clock (how late that one is, is
// a probe of its own), what was in flight against what the upstream counted and
// against Little's law, and a contender against itself. The command starts the
// upstream, as Upstream.Command does. It sends about 18,000 requests to loopback.
func Selftest(ctx context.Context, command []string, yield func(Probe)) error {
	for _, s := range stations() {
		trials, err := s.measure(ctx, command)
		if err != nil {
			return fmt.Errorf("%d in flight: %w", s.slots, err)
		}
		for _, p := range s.probes(trials) {
			yield(p)
		}
	}
	return selftestAA(ctx, command, yield)
}

// plan is the plan of a station: one contender over warm connections, so that
// latencies hold nothing but the upstream's delay and our own error.
func (s station) plan(command []string) (Plan, error) {
	p, err := Defaults("constant")
	p.Contenders = []string{fmt.Sprintf("pool:%d", s.slots)}
	p.Requests, p.Rounds, p.Warmup = s.requests, s.rounds, 1
	p.Connections = Warm
	p.Upstream.Command = command
	return p, err
}

// measure returns the measured trials of a station.
func (s station) measure(ctx context.Context, command []string) ([]results.Trial, error) {
	p, err := s.plan(command)
	if err != nil {
		return nil, err
	}
	return s.collect(ctx, p)
}

// collect runs the plan of a station. What is no measurement of the truth is an
// error.
func (s station) collect(ctx context.Context, p Plan) ([]results.Trial, error) {
	var trials []results.Trial
	for t, err := range Run(ctx, p) {
		switch {
		case err != nil:
			return nil, err
		case t.Outcome != results.OK:
			return nil, fmt.Errorf("a trial is %s: %+v", t.Outcome, t.Tally.Failures)
		case t.Seen == nil:
			return nil, errors.New("nobody counts")
		case len(t.Seen.Differs) > 0:
			return nil, fmt.Errorf("the upstream disagrees: %v", t.Seen.Differs)
		case t.Round >= 0:
			trials = append(trials, t)
		}
	}
	return trials, nil
}

// probes are what the trials of a station show.
func (s station) probes(trials []results.Trial) []Probe {
	var mean, p99, late []float64
	var little, flight float64
	for i := range trials {
		t := &trials[i]
		var latencies []float64
		for _, r := range t.Requests {
			latencies = append(latencies, float64(r.ServiceNS)/1e6)
		}
		n := float64(len(latencies))
		there := float64(t.Seen.BusyNS) / n / 1e6
		mean = append(mean, float64(t.Tally.Flight.LatencyNS)/n/1e6-there)
		q, _ := stats.NearestRank(latencies, .99) // there are latencies: the trial was ok
		p99 = append(p99, q-float64(t.Seen.P99NS)/1e6)
		late = append(late, there-float64(truth)/1e6)
		little = furthest(little, integral(t.Requests)/(t.Tally.Flight.Mean*float64(t.ElapsedNS))-1)
		flight = furthest(flight, t.Tally.Flight.Mean/t.Seen.Flight-1)
	}
	return []Probe{
		s.probe("mean latency minus the upstream's own", middle(mean), anyBias, "ms"),
		s.probe("p99 latency minus the upstream's own", middle(p99), anyBias, "ms"),
		s.probe("upstream's mean minus 50 ms", middle(late), anyBias, "ms"),
		s.probe("in flight against the upstream's count", flight, flightLimit, "share"),
		s.probe("in flight against Little's law", little, littleLimit, "share"),
	}
}

// probe holds a value against its limit.
func (s station) probe(name string, value, limit float64, unit string) Probe {
	return Probe{name, s.slots, value, limit, unit, math.Abs(value) <= limit}
}

// middle is the median of what the trials show. There is one at least.
func middle(values []float64) float64 {
	m, _ := stats.Median(values)
	return m
}

// furthest returns whichever is further from 0.
func furthest(a, b float64) float64 {
	if math.Abs(b) > math.Abs(a) {
		return b
	}
	return a
}

// integral is the number of requests in flight, summed over time: what Little's
// law says is the sum of the latencies, found here by counting from instant to
// instant instead.
func integral(requests []results.Request) float64 {
	type edge struct{ at, by int64 }
	edges := make([]edge, 0, 2*len(requests))
	for _, r := range requests {
		edges = append(edges, edge{r.StartNS, 1}, edge{r.StartNS + r.ServiceNS, -1})
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	var sum, now, last int64
	for _, e := range edges {
		sum += now * (e.at - last)
		now, last = now+e.by, e.at
	}
	return float64(sum)
}

// selftestAA measures a contender against itself: a verdict that calls the two
// different is our error, and the width of the interval is what this machine can
// see at best.
func selftestAA(ctx context.Context, command []string, yield func(Probe)) error {
	s := station{10, 10, 20}
	p, err := s.plan(command)
	if err != nil {
		return err
	}
	p.AA, p.Connections = true, Fresh
	run := results.Run{Complete: true}
	e, err := Open(ctx, p, Tool{})
	if err != nil {
		return err
	}
	run.Header = e.Header()
	for t, err := range e.Trials(ctx) {
		if err != nil {
			_ = e.Close() // what ended the trials is the error to tell
			return err
		}
		run.Trials = append(run.Trials, t)
	}
	if err := e.Close(); err != nil {
		return err
	}
	c := results.Compare(&run, run.Design.Baseline)[0]
	if c.SpeedUp == nil || c.SpeedUp.Lo == nil || c.SpeedUp.Hi == nil {
		return fmt.Errorf("no interval for a contender against itself: %s", c.Verdict)
	}
	visible := math.Sqrt(*c.SpeedUp.Hi / *c.SpeedUp.Lo) - 1
	different := c.Verdict == string(stats.Faster) || c.Verdict == string(stats.Slower)
	wrong := s.probe("a contender against itself", c.SpeedUp.Estimate-1, visible, "share")
	wrong.Holds = !different
	yield(wrong)
	return nil
}
