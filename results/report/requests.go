package report

import (
	"io"
	"iter"

	"github.com/fetchbench/fetchbench/results"
)

// requestHeader names the columns of CSVRequests with their units.
const requestHeader = "round,contender,request,url,class,phase,status,bytes,attempts,start_s,service_s,response_s," +
	"wire_bytes,dns_s,connect_s,tls_s,wait_s,body_s,late_s"

// CSVRequests writes one row for each request of a measured trial, a trial at a
// time as they come, so that a run of any size takes the memory of one trial.
// Aborted trials are left out. It stops at the first error of trials.
//
// service_s is how long the request took by itself, response_s counts from the
// start of the trial and so has the wait for a turn in it. late_s is how long after
// its intended start it began, for strategies that intend one: its latency is the
// sum of that and service_s. All are there for
// failed requests too: look at class before you look at a time. A request that
// was never started has none.
func CSVRequests(w io.Writer, h results.Header, trials iter.Seq2[*results.Trial, error]) error {
	s, err := newSheet(w, requestHeader)
	if err != nil {
		return err
	}
	// The addresses are few and the rows are many: each is made harmless once.
	urls := make([]string, len(h.Target.URLs))
	for i, url := range h.Target.URLs {
		urls[i] = harmless(url)
	}
	for t, err := range trials {
		if err != nil {
			return err
		}
		if t.Round < 0 || t.Outcome == results.Aborted {
			continue
		}
		if err := s.requests(t, addresses(&h, t, urls), h.Target.Requests); err != nil {
			return err
		}
	}
	return s.close()
}

// addresses are those of the requests of a trial: of the batch, or of a whole route.
func addresses(h *results.Header, t *results.Trial, urls []string) []string {
	for i := range h.Contenders {
		if c := &h.Contenders[i]; c.Name == t.Contender && c.Route != "" {
			return []string{harmless(c.Route)}
		}
	}
	return urls
}

// requests writes the rows of one trial.
func (s *sheet) requests(t *results.Trial, urls []string, perFanOut int) error {
	contender := harmless(t.Contender)
	for i := range t.Requests {
		r := &t.Requests[i]
		s.int(int64(t.Round))
		s.cell(contender)
		s.int(int64(r.Index))
		if len(urls) > 0 && r.Index >= 0 {
			s.cell(urls[place(r.Index, perFanOut)%len(urls)])
		} else {
			s.empty()
		}
		s.request(r)
		s.phases(r)
		s.late(r)
		if err := s.row(); err != nil {
			return err
		}
	}
	return nil
}

// request appends what became of a request and when. The class of one that was
// never started is empty, like all that it has not got.
func (s *sheet) request(r *results.Request) {
	s.cell(harmless(r.Class))
	s.cell(harmless(r.Phase))
	if r.Status == 0 { // no response, no status
		s.empty()
	} else {
		s.int(int64(r.Status))
	}
	s.int(r.Bytes)
	s.int(int64(r.Attempts))
	if r.Class == "" {
		s.empty()
		s.empty()
		s.empty()
		return
	}
	s.seconds(r.StartNS)
	s.seconds(r.ServiceNS)
	s.seconds(r.StartNS + r.ServiceNS)
}

// phases appends the parts of the latency. Where none was measured, on an
// in-process mock, zeros would be a claim.
func (s *sheet) phases(r *results.Request) {
	s.int(r.WireBytes)
	p := r.Phases
	for _, ns := range [...]int64{p.DNSNS, p.ConnectNS, p.TLSNS, p.WaitNS, p.BodyNS} {
		if p.Measured() {
			s.seconds(ns)
		} else {
			s.empty()
		}
	}
}

// late appends how late the request began, nothing for one that never did.
func (s *sheet) late(r *results.Request) {
	if r.Class == "" {
		s.empty()
		return
	}
	s.seconds(r.Phases.LateNS)
}

// place is the place of a request in its fan-out; they are numbered on.
func place(i, perFanOut int) int {
	if perFanOut > 0 {
		return i % perFanOut
	}
	return i
}
