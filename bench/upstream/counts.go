package upstream

import (
	"context"
	"time"
)

// An Upstream is an embedded upstream in any of its forms, as the harness sees
// it next to the addresses that it fetches from.
type Upstream interface {
	// Counts says what the upstream saw since it was started or the last Begin.
	Counts(ctx context.Context) (Counts, error)
	// Begin sets the counts to zero and says of which round the next trial is; the
	// harness calls it before each trial.
	Begin(ctx context.Context, round int) error
	// Close ends the upstream and leaves no goroutine and no process.
	Close() error
}

// Counts is what an upstream saw since its last reset, which is Begin or, of one that
// stands alone, POST /reset: the truth that a report is checked against.
type Counts struct {
	Requests    Requests    `json:"requests"`
	InFlight    InFlight    `json:"in_flight"`
	Connections Connections `json:"connections"`
	// Busy is the sum of the times that requests spent in the upstream, their
	// wait for a slot included.
	Busy time.Duration `json:"busy_ns"`
	// P99 is the 99th percentile (nearest rank) of how long answered requests were
	// in the upstream, of the first million since the last reset.
	P99 time.Duration `json:"p99_ns"`
	// Span is the time from the first request to the end of the last one, or to
	// now while one is in flight.
	Span time.Duration `json:"span_ns"`
	// Bytes is the sum of the bodies sent.
	Bytes int64 `json:"bytes"`
	// Statuses counts the answers by status.
	Statuses map[int]int `json:"statuses"`
	// IDs counts the requests by id; a planned id that is absent was lost, one
	// that is counted twice was sent again.
	IDs map[ID]int `json:"ids"`
	Ended
}

// Ended is what is known of the requests that have ended.
type Ended struct {
	// Answered is the time from the first request to the last instant at which the
	// headers of an answer were about to leave.
	Answered time.Duration `json:"answered_ns"`
	// Endpoints counts by the endpoint that was asked for. Those for pages are in no
	// entry.
	Endpoints map[int]int `json:"endpoints,omitempty"`
}

// Requests counts requests by what became of them. At any time Started is
// Finished + Gone + Closed + the requests in flight now.
type Requests struct {
	Started int `json:"started"`
	// Finished requests were answered, whatever the status.
	Finished int `json:"finished"`
	// Gone are those whose client left before the answer was written.
	Gone int `json:"gone"`
	// Closed are those that the profile failed: no answer, and the connection or,
	// over HTTP/2 and HTTP/3, the stream closed.
	Closed int `json:"closed"`
	// Refused are the finished ones that found every slot and the queue taken (503)
	// or the rate limit exceeded (429).
	Refused int `json:"refused"`
	// Unknown are the finished ones that asked for something not served here.
	Unknown int `json:"unknown"`
	// Unnamed requests carried no id in our form; they are in no entry of IDs.
	Unnamed int `json:"unnamed"`
}

// InFlight is the number of requests in the upstream at once.
type InFlight struct {
	Now int `json:"now"`
	Max int `json:"max"`
}

// Connections counts what was accepted since the last reset, a QUIC connection as
// one like one of TCP. Those of an
// in-process mock are always 0: it has none.
type Connections struct {
	Opened int `json:"opened"`
	// Kept is how many requests came over connections that were accepted before
	// the last reset.
	Kept int `json:"kept"`
}

// InFlightMean is the mean number of requests in flight over the span, Busy/Span,
// or 0 when nothing took any time.
func (c Counts) InFlightMean() float64 {
	if c.Span <= 0 {
		return 0
	}
	return float64(c.Busy) / float64(c.Span)
}

// Repeated is the number of ids that were seen more than once.
func (c Counts) Repeated() int {
	repeated := 0
	for _, seen := range c.IDs {
		if seen > 1 {
			repeated++
		}
	}
	return repeated
}
