package child

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers/client"
)

// request is one of a batch.
type request = client.Request

// A dialogue is what is said to a child and by it, in the order of the protocol.
type dialogue struct {
	process *running
	plan    int   // the id of the plan under way
	wanted  order // what it is to do
}

// greet says hello and waits for the child to be ready.
func (d *dialogue) greet(ctx context.Context, c command) (ready, error) {
	limit := deadline(d.process.limits.start)
	if err := d.process.send(line(hello{"hello", []int{version}, "fetchbench"}), limit); err != nil {
		return ready{}, err
	}
	m, err := d.next(ctx, limit, "did not say that it is ready")
	if err != nil {
		return ready{}, err
	}
	var was ready
	if err := d.expect(m, "ready"); err != nil {
		return was, err
	}
	if err := m.into(&was); err != nil {
		return was, err
	}
	switch {
	case was.Version != version:
		return was, &bench.Broken{Class: ClassVersion, Err: fmt.Errorf("it speaks v%d, need v%d", was.Version, version)}
	case !slices.Contains(was.Modes, c.mode):
		return was, &bench.Broken{Class: ClassRefused, Err: fmt.Errorf("it has no mode %s (have %s)%s", c.mode, strings.Join(was.Modes, ", "), instead(was.Modes))}
	}
	return was, nil
}

// instead is the spec of a child that has one of the modes, as far as a spec can say that.
func instead(modes []string) string {
	switch {
	case slices.Contains(modes, modeSequential):
		return ": write exec/sequential:..."
	case slices.Contains(modes, modeConcurrent):
		return ": write exec:..."
	}
	return ""
}

// arm gives the child a plan with its requests and waits until it has taken them.
func (d *dialogue) arm(ctx context.Context, o order, request func(i int) request) error {
	limit := deadline(d.process.limits.arm + time.Duration(o.N)*armEach)
	d.plan, d.wanted = o.ID, o
	const chunk = 64 << 10
	text := bytes.NewBuffer(line(o))
	for i := range o.N {
		text.Write(line(wished(i, request(i))))
		if text.Len() < chunk {
			continue
		}
		if err := d.process.send(text.Bytes(), limit); err != nil {
			return err
		}
		text.Reset()
	}
	text.Write(line(signal{"arm", o.ID}))
	if err := d.process.send(text.Bytes(), limit); err != nil {
		return err
	}
	m, err := d.next(ctx, limit, "did not take its plan")
	if err != nil {
		return err
	}
	if err := d.expect(m, "armed"); err != nil {
		return err
	}
	var took armed
	if err := m.into(&took); err != nil {
		return err
	}
	if took.N != o.N {
		return &bench.Broken{Class: ClassBadCount, Err: fmt.Errorf("it took %d requests of %d", took.N, o.N)}
	}
	return nil
}

// run lets the child go and waits until it has finished. This is the timed span: one
// line out and one line in.
func (d *dialogue) run(ctx context.Context, o order) (micros, error) {
	limit := deadline(o.longest() + d.process.limits.finish)
	if err := d.process.send(line(signal{"go", o.ID}), limit); err != nil {
		return 0, err
	}
	m, err := d.next(ctx, limit, "did not finish its plan")
	if err != nil {
		return 0, err
	}
	if err := d.expect(m, "finished"); err != nil {
		return 0, err
	}
	var end finished
	err = m.into(&end)
	return end.WallUS, err
}

// longest is what the requests of a plan may take together, or as much of it as a
// Duration holds with something added.
func (o order) longest() time.Duration {
	waves := 1
	if o.Concurrency > 0 {
		waves = (o.N + o.Concurrency - 1) / o.Concurrency
	}
	each := time.Duration(o.TimeoutMS) * time.Millisecond
	return time.Duration(min(float64(waves)*float64(each), math.MaxInt64/2))
}

// next is the next line of the child, before the limit and while the context lives.
func (d *dialogue) next(ctx context.Context, limit time.Time, lack string) (message, error) {
	timer := time.NewTimer(time.Until(limit))
	defer timer.Stop()
	late := func() error {
		return &bench.Broken{Class: ClassSilent, Err: fmt.Errorf("it %s in time", lack)}
	}
	return d.process.next(timer.C, late, ctx.Done(), func() error { return context.Cause(ctx) })
}

// expect refuses a line that is none of its turn. What a child may always say instead
// is that it cannot, or that something went wrong.
func (d *dialogue) expect(m message, want string) error {
	var no refusal
	var wrong complaint
	switch m.Type {
	case "unsupported":
		if err := m.into(&no); err != nil {
			return err
		}
		return &bench.Broken{Class: ClassRefused, Err: fmt.Errorf("it does not support %s: %s", strings.Join(d.wanted.typed(no.Fields), ", "), no.Msg)}
	case "error":
		if err := m.into(&wrong); err != nil {
			return err
		}
		return &complained{bench.Broken{Class: ClassError, Err: errors.New("it says: " + wrong.Msg)}, wrong.Fatal}
	case "ready", "armed", "finished", "rec", "done":
	default:
		return garbage(m.line, fmt.Errorf("there is no type %q", m.Type))
	}
	if m.ID != nil && *m.ID != d.plan && want != "ready" {
		return &bench.Broken{Class: ClassUnknownID, Err: fmt.Errorf("it answers plan %d, and %d is under way", *m.ID, d.plan)}
	}
	if m.Type != want {
		return &bench.Broken{Class: ClassUnexpected, Err: fmt.Errorf("it says %s where %s was due", m.Type, want)}
	}
	return nil
}

// typed names fields of a plan with what somebody typed for them, who does not know the
// protocol.
func (o order) typed(fields []string) (names []string) {
	typed := map[string]string{
		"concurrency": fmt.Sprintf("%d in flight", o.Concurrency), "mode": o.Mode,
		"timeout_ms": fmt.Sprintf("--timeout %v", time.Duration(o.TimeoutMS)*time.Millisecond),
	}
	if o.Concurrency == 0 {
		typed["concurrency"] = "all in flight at once"
	}
	if !o.ReadBody {
		typed["read_body"] = "--body headers"
	}
	if o.ReuseClient {
		typed["reuse_client"] = "--connections warm"
	}
	for _, field := range fields {
		if words := typed[field]; words != "" {
			field = fmt.Sprintf("%s (%s)", words, field)
		}
		names = append(names, field)
	}
	return names
}

// wished is a request as a child is told it.
func wished(i int, r request) wish {
	w := wish{Type: "req", I: i, URL: r.URL, Method: r.Method, Headers: map[string]string{
		"accept": "*/*", "accept-encoding": "identity",
	}}
	if w.Method == "" {
		w.Method = http.MethodGet
	}
	if r.ID != "" {
		w.Headers["x-request-id"] = r.ID
	}
	for name, values := range r.Header {
		w.Headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	return w
}

// line is a line of the protocol.
func line(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // of texts and numbers there is always JSON
	}
	return append(text, '\n')
}

// last is the next line of a child whose plan does not matter any more.
func (d *dialogue) last(limit time.Time) (message, error) {
	return d.next(context.Background(), limit, "did not give up its plan")
}

// deadline is the time in so long.
func deadline(in time.Duration) time.Time { return time.Now().Add(in) }
