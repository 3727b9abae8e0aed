package bench

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/results"
)

// A FieldError says what is wrong with one field of a plan, by the name that it
// has in a plan file.
type FieldError struct {
	Field string
	Err   error
}

// Error is what is wrong; it names the field where the text would not.
func (e *FieldError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *FieldError) Unwrap() error { return e.Err }

// A check collects what is wrong with a plan.
type check struct{ wrong []error }

// say notes that a field is wrong if bad is true.
func (c *check) say(bad bool, field, format string, args ...any) {
	if bad {
		c.wrong = append(c.wrong, &FieldError{field, fmt.Errorf(format, args...)})
	}
}

// Validate returns everything that is wrong with the plan, joined, each a
// *FieldError. It asks neither the network nor the disk.
func (p Plan) Validate() error {
	var c check
	c.say(p.Upstream.Profile == "" && len(p.URLs) == 0 && !p.alone(), "urls", "%w and no profile: there is nothing to fetch", ErrNoURLs)
	c.say(p.Upstream.Profile != "" && len(p.URLs) > 0, "urls", "both URLs and the profile %q: choose one of them", p.Upstream.Profile)
	c.say(p.Requests < 0 || p.Requests > mostRequests, "requests", "requests must be from 1 to %d, got %d", mostRequests, p.Requests)
	c.repeat(p)
	c.say(p.Rounds < 1, "rounds", "rounds must be at least 1, got %d", p.Rounds)
	c.say(p.Rounds > mostRounds, "rounds", "rounds must be at most %d, got %d", mostRounds, p.Rounds)
	c.say(p.Warmup < 0, "warmup", "warmup must be at least 0, got %d", p.Warmup)
	c.say(p.Warmup > mostRounds, "warmup", "warmup must be at most %d, got %d", mostRounds, p.Warmup)
	c.duration("pause", "pause", p.Pause)
	c.say(p.Connections != Fresh && p.Connections != Warm, "connections", "connections must be fresh or warm, got %q", p.Connections)
	c.say(p.Baseline != "" && !slices.Contains(p.Contenders, p.Baseline), "baseline",
		"baseline %q is none of the contenders (%s)", p.Baseline, strings.Join(p.Contenders, ", "))
	c.say(p.Order != "" && !slices.Contains(Orders(), p.Order), "order", "order must be one of %s, got %q", strings.Join(Orders(), ", "), p.Order)
	c.say(p.Precision < 0 || p.Precision >= 1, "precision", "precision must be above 0%% and below 100%%, got %v", p.Precision)
	c.say(p.AA && p.Sweep, "aa", "aa and sweep exclude each other: one contender against itself, or several sizes of it")
	c.contenders(p.Contenders)
	c.upstream(p.Upstream)
	c.limits(p.Limits)
	c.routes(p)
	for i, r := range p.URLs {
		err := r.Check()
		c.say(err != nil, fmt.Sprintf("urls[%d]", i), "%w", err)
	}
	return errors.Join(c.wrong...)
}

// repeat refuses more requests in a trial than are kept in memory.
func (c *check) repeat(p Plan) {
	c.say(p.Repeat < 0 || p.Repeat > mostRepeat, "repeat", "repeat must be from 1 to %d, got %d", mostRepeat, p.Repeat)
	if batch := max(1, p.Batch()); batch <= mostRequests {
		c.say(p.Repeat > mostRequests/batch, "repeat", "a trial may have %d requests at most, got %d fan-outs of %d", mostRequests, p.Repeat, batch)
	}
}

// contenders refuses an empty list, and one with a name twice: the trials of the
// two could not be told apart.
func (c *check) contenders(names []string) {
	c.say(len(names) == 0, "contenders", "no contenders: name at least one")
	if n := len(names); n > results.MaxContenders {
		c.say(true, "contenders", "a run may have %d contenders at most, got %d", results.MaxContenders, n)
		return
	}
	for i, name := range names {
		c.say(slices.Contains(names[:i], name), fmt.Sprintf("contenders[%d]", i), "contender %q is named twice", name)
	}
}

func (c *check) upstream(u Upstream) {
	forms := []string{"", FormProcess, FormServer, FormMock, FormMemory}
	c.say(!slices.Contains(forms, u.Form), "upstream.form", "form must be process, server, mock or memory, got %q", u.Form)
	if u.Profile == "" {
		c.say(u.Scale != 0 || u.Form != "" || u.TLS || u.Slots != 0, "upstream", "scale, form, tls and slots are those of an embedded upstream, which needs a profile")
		return
	}
	if _, err := upstream.Lookup(u.Profile); err != nil {
		c.say(true, "upstream.profile", "%w", err)
		return
	}
	_, err := u.profile()
	c.say(err != nil, "upstream.scale", "%w", err)
	served := u.Form != FormMock && u.Form != FormMemory
	c.say(u.TLS && !served, "upstream.tls", "form %s has no connections for tls", u.Form)
	c.say(u.Slots < 0, "upstream.slots", "slots must be at least 1, got %d", u.Slots)
}

func (c *check) limits(l Limits) {
	for _, d := range []struct {
		name  string
		value Duration
	}{{"timeout", l.Timeout}, {"trial", l.Trial}, {"run", l.Run}} {
		c.duration("limits."+d.name, d.name, d.value)
	}
	for _, b := range []struct {
		name  string
		value int64
	}{{"wire_bytes", l.Wire}, {"decoded_bytes", l.Decoded}, {"header_bytes", l.Header}} {
		c.say(b.value < 0, "limits."+b.name, "%s must not be negative, got %d", b.name, b.value)
	}
}

// duration refuses a time that is none, and one that sums and products of times could
// not hold.
func (c *check) duration(field, name string, d Duration) {
	c.say(d < 0, field, "%s must not be negative, got %v", name, d)
	c.say(d > mostTime, field, "%s must be at most %gh, got %v", name, time.Duration(mostTime).Hours(), d)
}
