// Package contender is the child's side of the child protocol, so that a contender in
// Go has only to say how it fetches a batch. docs/children.md is the protocol.
//
// It makes no request and keeps no time but that of a plan. All times of the protocol
// are microseconds since the plan began.
package contender

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"
)

// A Plan is how a batch is to be fetched, with its requests.
type Plan struct {
	ID          int    `json:"id"`
	N           int    `json:"n"`
	Mode        string `json:"mode"`
	Concurrency int    `json:"concurrency"` // 0: all at once
	TimeoutMS   int64  `json:"timeout_ms"`
	Redirects   int    `json:"redirects"`
	Pooling

	Requests []Request `json:"-"`
}

// Pooling is what becomes of connections and bodies.
type Pooling struct {
	KeepAlive   bool `json:"keepalive"`
	MaxConns    int  `json:"max_conns"` // 0: as many as there are requests
	ReuseClient bool `json:"reuse_client"`
	ReadBody    bool `json:"read_body"`
	Hash        bool `json:"hash"`
}

// A Request is one of a batch.
type Request struct {
	I       int               `json:"i"`
	URL     string            `json:"url"`
	Method  string            `json:"method"`
	Headers map[string]string `json:"headers"`
}

// A Record is what became of a request; First is when its answer began, zero where nobody
// knows. With an error nothing of it counts but its start and its end.
type Record struct {
	Start, First, End time.Time
	Status            int
	Bytes             int64
	Err               error
}

// A Fetch fetches a plan: record i is that of request i.
type Fetch func(ctx context.Context, p Plan) []Record

// A session is a child that has said hello.
type session struct {
	out   *json.Encoder
	plan  Plan
	fetch Fetch
}

// A line is whatever the harness says.
type line struct {
	Type     string `json:"type"`
	Versions []int  `json:"versions"`
}

// object is a line to the harness.
type object map[string]any

// Serve speaks the protocol until the input ends or the harness says bye.
func Serve(in io.Reader, out io.Writer, name string, fetch Fetch) error {
	s := &session{out: json.NewEncoder(out), fetch: fetch}
	s.out.SetEscapeHTML(false)
	for lines := bufio.NewReader(in); ; {
		text, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		var l line
		if err = errors.Join(err, json.Unmarshal(text, &l)); err != nil {
			return err
		}
		if l.Type == "bye" {
			return nil
		}
		if err := s.hear(l, text, name); err != nil {
			return err
		}
	}
}

// hear does what a line says.
func (s *session) hear(l line, text []byte, name string) error {
	switch l.Type {
	case "hello":
		if !slices.Contains(l.Versions, 1) {
			err := fmt.Errorf("no version in common: have 1, got %d", l.Versions)
			return errors.Join(err, s.out.Encode(object{"type": "error", "fatal": true, "msg": err.Error()}))
		}
		return s.out.Encode(object{
			"type": "ready", "version": 1, "name": name, "lang": runtime.Version(), "lib": "net/http",
			"modes": []string{"sequential", "concurrent"}, "caps": []string{"ttfb", "read_body"},
		})
	case "plan":
		s.plan = Plan{Pooling: Pooling{KeepAlive: true, ReadBody: true}}
		return json.Unmarshal(text, &s.plan)
	case "req":
		var r Request
		err := json.Unmarshal(text, &r)
		s.plan.Requests = append(s.plan.Requests, r)
		return err
	case "arm":
		return s.arm()
	case "go":
		return s.run()
	case "cancel":
		return nil // it came after the plan had ended
	}
	return fmt.Errorf("there is no type %q", l.Type)
}

// arm takes the plan, or says what of it cannot be honoured.
func (s *session) arm() error {
	p := s.plan
	if len(p.Requests) != p.N {
		return fmt.Errorf("%d requests of %d", len(p.Requests), p.N)
	}
	if p.Hash {
		return s.out.Encode(object{"type": "unsupported", "id": p.ID, "fields": []string{"hash"}, "msg": "bodies are not hashed"})
	}
	return s.out.Encode(object{"type": "armed", "id": p.ID, "n": p.N})
}

// run fetches the plan, says at once that it has ended, and then tells of the requests.
func (s *session) run() error {
	before, begun := used(), time.Now()
	records := s.fetch(context.Background(), s.plan)
	wall := time.Since(begun).Microseconds()
	err := s.out.Encode(object{"type": "finished", "id": s.plan.ID, "wall_us": wall})
	after, ok := used(), 0
	for i, r := range records {
		o := object{
			"type": "rec", "id": s.plan.ID, "i": i, "status": r.Status, "bytes": r.Bytes,
			"start_us": r.Start.Sub(begun).Microseconds(), "ttfb_us": nil, "end_us": r.End.Sub(begun).Microseconds(), "err": nil,
		}
		if r.Err != nil {
			o["status"], o["bytes"] = 0, 0
			o["err"] = object{"kind": kind(r.Err), "class": fmt.Sprintf("%T", r.Err), "msg": r.Err.Error()}
		} else {
			ok++
			o["ttfb_us"] = r.first(begun)
		}
		err = errors.Join(err, s.out.Encode(o))
	}
	return errors.Join(err, s.out.Encode(object{
		"type": "done", "id": s.plan.ID, "n": len(records), "ok": ok, "wall_us": wall,
		"user_us": after.user - before.user, "sys_us": after.system - before.system, "maxrss_kib": after.largestKiB,
	}))
}

// first is when the answer began, in microseconds since the plan did, nil where nobody knows.
func (r Record) first(begun time.Time) any {
	if r.First.IsZero() {
		return nil
	}
	return r.First.Sub(begun).Microseconds()
}

// usage is what this process has used so far, of the processor in microseconds.
// All of it is 0 where the system does not tell.
type usage struct{ user, system, largestKiB int64 }
