package results

import (
	"fmt"
	"io"
	"os"
	"time"
)

// Latencies say how long the requests of a contender took, over those of the
// complete measured rounds that were answered. They exist only where a journal
// was read with its requests.
//
// Both clocks are there because each hides what the other shows. Service time
// counts from the moment a request was dispatched, or was to be where its strategy
// intends a start, so that a generator that falls behind does not hide it (the
// "coordinated omission" of Tene 2013, "How NOT to Measure Latency"). For a pool it
// leaves out the wait for a slot, however long that was. Response time counts from
// the start of the trial, when the caller wanted all of them.
type Latencies struct {
	Service  *LatencySummary `json:"service"`
	Response *LatencySummary `json:"response"`
	// Failed is the number of requests that failed. Their times are in nothing:
	// a refusal within a millisecond would make a broken upstream look quick.
	Failed int `json:"failed"`
	// FirstByte is the median wait for the first byte of an answer, nil where
	// the transport reported no phases.
	FirstByte *float64 `json:"first_byte_s"`
	// LastByte is the median time from there to the last byte, nil likewise.
	LastByte *float64 `json:"last_byte_s"`
}

// A LatencySummary describes one time of N requests. Mean, Min and Max are
// exact. Requests of a trial share its fate and are no independent values, so
// that there are no intervals: those are the trials' to have.
type LatencySummary struct {
	N    int     `json:"n"`
	Mean float64 `json:"mean_s"`
	Min  float64 `json:"min_s"`
	Percentiles
	Max float64 `json:"max_s"`
	// Exact says that the percentiles come from every value. Beyond a million
	// values they come from a histogram and are up to 2^-10 too long.
	Exact bool `json:"exact"`
	// Overflow is the number of requests of more than an hour, of which the
	// percentiles of a histogram do not know.
	Overflow int64 `json:"overflow"`
}

// Percentiles are there from the number of values on that bounds each of them
// on both sides at 95 %: 6, 36, 72, 368 and 3688.
type Percentiles struct {
	P50  *float64 `json:"p50_s"`
	P90  *float64 `json:"p90_s"`
	P95  *float64 `json:"p95_s"`
	P99  *float64 `json:"p99_s"`
	P999 *float64 `json:"p999_s"`
}

// OpenLatencies is Open with the latencies of the requests. It reads the file
// twice: which rounds are complete, and so count, is known only at its end. A
// pipe can be read but once; its run has no latencies. It takes up to 32 MB for
// each contender, and less than a second for a million requests.
func OpenLatencies(path string) (*Run, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	run, err := ReadLatencies(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return run, nil
}

// ReadLatencies is OpenLatencies of a journal that is open already.
func ReadLatencies(journal io.ReadSeeker) (*Run, error) {
	run, err := Read(journal)
	if err == nil {
		err = run.readLatencies(journal)
	}
	if err != nil {
		return nil, err
	}
	return run, nil
}

// readLatencies reads the journal of the run once more, with its requests.
func (r *Run) readLatencies(journal io.ReadSeeker) error {
	if _, err := journal.Seek(0, io.SeekStart); err != nil {
		return nil // a pipe
	}
	counts := map[*Trial]bool{}
	for _, round := range r.Rounds() {
		for _, t := range round {
			counts[t] = true
		}
	}
	blame := NewBlame(r.Target)
	kept := r.clocks(blame)
	k := 0
	for t, err := range Trials(journal) {
		if err != nil {
			return err
		}
		if k == len(r.Trials) {
			break // a run that goes on has written it since
		}
		if c := kept[t.Contender]; c != nil && counts[&r.Trials[k]] {
			if err := c.take(t); err != nil {
				return err
			}
		}
		k++
	}
	r.Latencies, r.Culprits = map[string]*Latencies{}, blame.Culprits()
	for name, c := range kept {
		r.Latencies[name] = c.latencies()
	}
	return nil
}

// clocks collect the times of one contender's requests.
type clocks struct {
	service, response, wait, body *sample
	failed                        int
	blame                         *Blame // of all contenders; nil for a whole route
}

// clocks are those of all contenders.
func (r *Run) clocks(blame *Blame) map[string]*clocks {
	kept := map[string]*clocks{}
	for _, c := range r.Contenders {
		kept[c.Name] = newClocks()
		if c.Route == "" { // whose requests are for itself
			kept[c.Name].blame = blame
		}
	}
	return kept
}

// newClocks have no times yet.
func newClocks() *clocks {
	return &clocks{service: &sample{}, response: &sample{}, wait: &sample{}, body: &sample{}}
}

// take adds the requests of a trial.
func (c *clocks) take(t *Trial) error {
	if c.blame != nil {
		c.blame.Add(t)
	}
	for i := range t.Requests {
		r := &t.Requests[i]
		switch r.Class {
		case "", ClassCancelled:
			continue
		case ClassOK:
		default:
			c.failed++
			continue
		}
		latency, end := r.Latency(), r.StartNS+r.ServiceNS
		if min(r.StartNS, r.ServiceNS, r.Phases.LateNS, latency, end, r.Phases.WaitNS, r.Phases.BodyNS) < 0 {
			return fmt.Errorf("request %d of %s in round %d has a time below 0", r.Index, t.Contender, t.Round)
		}
		c.service.add(latency)
		c.response.add(end)
		if r.Phases.Measured() {
			c.wait.add(r.Phases.WaitNS)
			c.body.add(r.Phases.BodyNS)
		}
	}
	return nil
}

// latencies describe what was collected.
func (c *clocks) latencies() *Latencies {
	l := &Latencies{Service: c.service.summary(), Response: c.response.summary(), Failed: c.failed}
	if wait := c.wait.summary(); wait != nil {
		l.FirstByte, l.LastByte = wait.P50, c.body.summary().P50
	}
	return l
}

// inSeconds is a number of nanoseconds in the unit of summaries.
func inSeconds(ns int64) float64 { return float64(ns) / float64(time.Second) }
