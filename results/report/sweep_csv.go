package report

import (
	"io"

	"github.com/fetchbench/fetchbench/results"
)

// sweepHeader names the columns of SweepCSV with their units; new ones are added
// at the end.
const sweepHeader = "size,contender,rounds,failed_share,failed_trials_share,failed_class," +
	"median_s,median_lo_s,median_hi_s,fetches_per_s,of_best,p," +
	"latency_mean_s,latency_p50_s,latency_p95_s,latency_p99_s,latency_added_s," +
	"in_flight_mean,connections_per_trial,recommended,attempts_per_request"

// SweepCSV writes one row for each size of a sweep, smallest first. In the row of
// the size to use recommended has the reason; it is empty in the others. A run
// that is no sweep has the header and no rows.
func SweepCSV(w io.Writer, j *results.Judgement) error {
	s, err := newSheet(w, sweepHeader)
	if err != nil {
		return err
	}
	if j.Sweep == nil {
		return s.close()
	}
	for i := range j.Sweep.Points {
		p := &j.Sweep.Points[i]
		s.point(p)
		s.pointLatency(p)
		if p.Contender == j.Sweep.Recommendation.Use {
			s.cell(harmless(string(j.Sweep.Recommendation.Reason)))
		} else {
			s.empty()
		}
		s.float(p.Attempts)
		if err := s.row(); err != nil {
			return err
		}
	}
	return s.close()
}

// point appends what a size is, what it lost and how fast it was. Without an
// interval, or an upper end of it, the cells are empty.
func (s *sheet) point(p *results.Point) {
	s.int(int64(p.Size))
	s.cell(harmless(p.Contender))
	s.int(int64(p.Rounds))
	s.float(p.FailedShare)
	s.float(p.FailedTrials)
	s.cell(harmless(p.Class))
	s.float(p.Median)
	if p.MedianCI == nil {
		s.empty()
		s.empty()
	} else {
		s.float(&p.MedianCI.Lo)
		s.float(p.MedianCI.Hi)
	}
	s.float(p.Throughput)
	s.float(p.Ratio)
	s.float(p.P)
}

// pointLatency appends how long requests took and what was used for them.
func (s *sheet) pointLatency(p *results.Point) {
	s.float(p.Latency.Mean)
	s.float(p.Latency.P50)
	s.float(p.Latency.P95)
	s.float(p.Latency.P99)
	s.float(p.Latency.Added)
	s.float(p.Flight)
	s.float(p.Connections)
}
