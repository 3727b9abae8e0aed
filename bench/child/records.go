package child

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// allowance is what a child's clock may be ahead of the harness's in a plan, and what
// a request may take beyond its time limit.
const (
	allowance    = 5 * time.Millisecond
	timeoutSlack = 100 * time.Millisecond
)

// ns is a time in nanoseconds.
func (m micros) ns() int64 { return int64(m) * int64(time.Microsecond) }

// held is the most memory that a child says it held, in bytes.
func (d done) held() int64 {
	const kib = 1 << 10
	return max(0, min(d.MaxRSSKiB, 1<<40)) * kib
}

// plausible refutes a child that says it was at work for longer than there was time.
func plausible(wall micros, elapsed time.Duration) error {
	if own := time.Duration(wall.ns()); own > elapsed+allowance {
		return &bench.Broken{Class: results.ClassLying, Err: fmt.Errorf("it says that it took %v, of %v that there were", own, elapsed)}
	}
	return nil
}

// A hearing collects the records of a plan.
type hearing struct {
	order    order
	wall     micros
	requests []request
	claims   []bench.Claim
	heard    []bool
	n, ok    int
}

// records reads the records of a plan that took wall by the child's clock: one for each
// request, in any order, then that it is done.
func (d *dialogue) records(ctx context.Context, o order, wall micros, requests []request) ([]bench.Claim, done, error) {
	h := hearing{order: o, wall: wall, requests: requests, claims: make([]bench.Claim, o.N), heard: make([]bool, o.N)}
	limit := deadline(d.process.limits.records)
	for {
		m, err := d.next(ctx, limit, "did not hand in its records")
		if err != nil {
			return nil, done{}, err
		}
		if m.Type == "done" {
			said, err := h.end(d, m)
			return h.claims, said, err
		}
		if err := d.expect(m, "rec"); err != nil {
			return nil, done{}, err
		}
		if err := h.add(m); err != nil {
			return nil, done{}, err
		}
	}
}

// end reads the last line, which must agree with those before it.
func (h *hearing) end(d *dialogue, m message) (done, error) {
	var said done
	if err := d.expect(m, "done"); err != nil {
		return said, err
	}
	if err := m.into(&said); err != nil {
		return said, err
	}
	switch {
	case h.n < h.order.N:
		return said, &bench.Broken{Class: ClassIncomplete, Err: fmt.Errorf("it handed in %d records for %d requests", h.n, h.order.N)}
	case said.N != h.n || said.OK != h.ok || said.WallUS != h.wall:
		return said, &bench.Broken{Class: ClassBadCount, Err: fmt.Errorf(
			"it says in the end %d records, %d of them ok, in %d us; it handed in %d, %d and %d us", said.N, said.OK, said.WallUS, h.n, h.ok, h.wall)}
	}
	return said, nil
}

// add checks one record and takes it.
func (h *hearing) add(m message) error {
	var r record
	if err := m.into(&r); err != nil {
		return err
	}
	bad := func(class, format string, args ...any) error {
		return quoting(class, m.line, fmt.Errorf(format, args...))
	}
	switch {
	case m.ID == nil || r.I == nil || *r.I < 0 || *r.I >= h.order.N:
		return bad(ClassUnknownID, "it was given the requests 0 to %d of plan %d", h.order.N-1, h.order.ID)
	case h.heard[*r.I]:
		return bad(ClassDuplicate, "request %d has a record already", *r.I)
	case !r.timely(h.wall):
		return bad(ClassBadTime, "its times do not follow each other within %d us", h.wall)
	case !r.possible():
		return bad(ClassBadCount, "no answer has status %d and %d bytes", r.Status, r.Bytes)
	}
	h.heard[*r.I] = true
	h.n++
	if r.Err == nil {
		h.ok++
	}
	h.claims[*r.I] = h.claim(r)
	return nil
}

// timely reports whether the times of a record follow each other within the plan.
func (r record) timely(wall micros) bool {
	first := r.StartUS
	if r.TTFBUS != nil {
		first = *r.TTFBUS
	}
	return r.StartUS <= first && first <= r.EndUS && r.EndUS <= wall
}

// possible reports whether there are answers of such a status and size. A request that
// failed may have neither.
func (r record) possible() bool {
	const least, most = 100, 999
	status := r.Status >= least && r.Status <= most || r.Err != nil && r.Status == 0
	return status && r.Bytes >= 0
}

// claim is a record in the terms of the harness.
func (h *hearing) claim(r record) bench.Claim {
	o := client.Outcome{Class: classOf(r), Status: r.Status, Received: client.Received{Bytes: r.Bytes, WireBytes: r.Bytes}, Attempts: 1}
	took := time.Duration((r.EndUS - r.StartUS).ns())
	limit := time.Duration(h.order.TimeoutMS) * time.Millisecond
	switch {
	case r.Err != nil:
		o.Err = errors.New(r.Err.words())
	case took > limit+timeoutSlack:
		o.Class, o.Err = client.ClassTimeout, fmt.Errorf("it took %v, and the limit is %v: the child does not keep to it", took, limit)
	case o.Class != client.ClassOK:
		o.Err = fmt.Errorf("status %d %s", r.Status, http.StatusText(r.Status))
	}
	if r.TTFBUS != nil {
		o.Phases = client.Phases{
			Wait: time.Duration((*r.TTFBUS - r.StartUS).ns()), Body: time.Duration((r.EndUS - *r.TTFBUS).ns()), Measured: true,
		}
	}
	return bench.Claim{Start: time.Duration(r.StartUS.ns()), End: time.Duration(r.EndUS.ns()), Outcome: o}
}

// classOf is the class of a request by its record. The child says what went wrong on
// the way; what a status means is for the harness to say.
func classOf(r record) client.Class {
	if r.Err == nil {
		return client.StatusClass(r.Status)
	}
	class, _ := r.Err.class()
	return class
}

// class is that of a failure by its kind, and whether the protocol has that kind. One
// that it does not have is no fault: what failed has failed, whatever it is called.
func (r reason) class() (class client.Class, known bool) {
	classes := map[string]client.Class{
		"timeout": client.ClassTimeout, "dns": client.ClassDNSError, "connect": client.ClassRefused, "tls": client.ClassTLS,
		"reset": client.ClassReset, "body": client.ClassTruncated, "protocol": client.ClassMalformed,
		"redirect": client.ClassRedirectRefused, "canceled": client.ClassCancelled, "other": client.ClassOther,
	}
	if class, known = classes[r.Kind]; !known {
		class = client.ClassOther
	}
	return class, known
}

// words are what a failure has of a kind that has no class here, a class and a message.
func (r reason) words() string {
	var parts []string
	if _, known := r.class(); !known && r.Kind != "" {
		parts = append(parts, fmt.Sprintf("%.40s", r.Kind))
	}
	for _, part := range []string{r.Class, r.Msg} {
		if part != "" {
			parts = append(parts, fmt.Sprintf("%.300s", part))
		}
	}
	if len(parts) == 0 {
		return "it gave no reason"
	}
	return strings.Join(parts, ": ")
}

// harmless lists the requests of the beginning of a batch that may be sent once more.
func harmless(b *bench.Batch) (list []request) {
	const most = 10
	for _, r := range b.Requests[:min(most, len(b.Requests))] {
		if r.Method == "" || r.Method == http.MethodGet || r.Method == http.MethodHead {
			list = append(list, r)
		}
	}
	return list
}
