package report

import (
	"io"

	"github.com/fetchbench/fetchbench/results"
)

// trialHeader names the columns of CSV with their units. Programs of others
// rely on the names; new ones are added at the end.
const trialHeader = "round,position,contender,outcome,time_s,ok,failed,attempts,bytes," +
	"in_flight_mean,in_flight_max,slowdown,ideal_s,efficiency,packing,cpu_s," +
	"planned,cancelled,not_started,redirects,wire_bytes,connections_opened,connections_reused,protocol," +
	"start_s,latency_sum_s,latency_max_s,allocs,alloc_bytes,gc_pause_s,sched_p99_s," +
	"upstream_requests,upstream_connections,upstream_in_flight_mean,upstream_in_flight_max," +
	"wasted,shared,allocs_per_fetch,peak_goroutines,peak_bytes,limit_found"

// CSV writes one row for each measured trial, in the order in which they were
// made. A trial that failed has no time: it must not pass for a fast one.
func CSV(w io.Writer, j *results.Judgement) error {
	s, err := newSheet(w, trialHeader)
	if err != nil {
		return err
	}
	load := results.PerTrial(j.Run)
	for t := range j.Run.Measured {
		s.trial(t)
		s.load(t, load(t))
		s.counts(t.Tally)
		s.machine(t)
		s.upstream(t.Seen)
		s.cost(t)
		if err := s.row(); err != nil {
			return err
		}
	}
	return s.close()
}

// The methods below append the cells of one row in the order of trialHeader; a
// test reads them back by name. They are cut where the header has its lines.

// trial appends what a trial was and what came of it.
func (s *sheet) trial(t *results.Trial) {
	s.int(int64(t.Round))
	s.int(int64(t.Position))
	s.cell(harmless(t.Contender))
	s.cell(harmless(string(t.Outcome)))
	switch {
	case t.Outcome != results.OK:
		s.empty()
	case t.Exact > 0: // imported: nanoseconds would cut a short time
		s.float(&t.Exact)
	default:
		s.seconds(t.ElapsedNS)
	}
	s.int(int64(t.Tally.OK))
	s.int(int64(t.Tally.Failed))
	s.int(int64(t.Tally.Attempts))
	s.int(t.Tally.Bytes)
}

// load appends how busy the trial was and what it cost this machine. What needs
// the sequential trial of the same round is empty without one.
func (s *sheet) load(t *results.Trial, load results.Load) {
	s.float(&t.Tally.Flight.Mean)
	s.int(int64(t.Tally.Flight.Max))
	s.float(load.Slowdown)
	s.float(load.Ideal)
	s.float(load.Efficiency)
	s.float(load.Packing)
	switch {
	case t.Claimed == nil:
		s.seconds(t.Machine.CPUNS)
	case t.Claimed.CPUNS > 0: // the processor time of who made the requests
		s.seconds(t.Claimed.CPUNS)
	default:
		s.empty()
	}
}

// counts appends where the requests went and over what. Bytes are those of the
// bodies as decoded, wire bytes those that the network carried.
func (s *sheet) counts(c results.Tally) {
	s.int(int64(c.Planned))
	s.int(int64(c.Cancelled))
	s.int(int64(c.NotStarted))
	s.int(int64(c.Redirects))
	s.int(c.WireBytes)
	s.int(int64(c.Opened))
	s.int(int64(c.Reused))
	s.cell(harmless(c.Protocol))
}

// machine appends when the trial began, how long its requests took, and what this
// process did during it.
func (s *sheet) machine(t *results.Trial) {
	s.seconds(t.StartNS)
	s.seconds(t.Tally.Flight.LatencyNS)
	s.seconds(t.Tally.Flight.LongestNS)
	if t.Claimed != nil { // this process made none of the requests
		for range 3 {
			s.empty()
		}
	} else {
		s.whole(t.Machine.Allocs)
		s.whole(t.Machine.AllocBytes)
		s.seconds(t.Machine.GCPauseNS)
	}
	s.seconds(t.Machine.SchedP99NS)
}

// upstream appends what the embedded upstream counted, nothing without one.
func (s *sheet) upstream(seen *results.Seen) {
	if seen == nil {
		for range 4 {
			s.empty()
		}
		return
	}
	s.int(int64(seen.Requests))
	s.int(int64(seen.Connections))
	s.float(&seen.Flight)
	s.int(int64(seen.Max))
}

// cost appends what the trial took besides. What nobody looked for is empty: a
// trial without a goroutine, or that found a limit of 0, there is not.
func (s *sheet) cost(t *results.Trial) {
	s.int(int64(t.Tally.Wasted))
	s.int(int64(t.Tally.Shared))
	s.float(t.AllocsPerFetch())
	goroutines, bytes := int64(t.Machine.Goroutines), t.Machine.Bytes
	if t.Claimed != nil {
		goroutines, bytes = 0, t.Claimed.MaxBytes
	}
	for _, n := range [...]int64{goroutines, bytes, int64(t.Found)} {
		if n == 0 {
			s.empty()
		} else {
			s.int(n)
		}
	}
}
