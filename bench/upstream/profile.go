package upstream

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// MaxDelay bounds every latency: whatever a law draws, no request waits longer
// before it is answered.
const MaxDelay = time.Hour

// A Profile says how an embedded upstream behaves. It is a value without hidden
// state: what it draws depends on nothing but the profile, the index of the URL,
// the round and the attempt. It travels as one line of JSON to the process that
// serves it.
type Profile struct {
	Name string `json:"name"`
	// URLs is the number of endpoints, /item/0 to /item/URLs-1.
	URLs int `json:"urls"`
	// Size is the length of each body in bytes.
	Size int `json:"size_bytes"`
	// Seed selects the draws; the same seed gives the same latencies everywhere.
	Seed uint64 `json:"seed"`
	// Scale multiplies every latency; 0 means 1.
	Scale   float64 `json:"scale"`
	Latency Law     `json:"latency"`
	Faults  Faults  `json:"faults"`
	Slots   Slots   `json:"slots"`
	// Rounds and Warmup are what the profile suggests to a plan that names none.
	Rounds int `json:"rounds"`
	Warmup int `json:"warmup"`
}

// Faults says how often a request is answered badly or not at all.
type Faults struct {
	// Status is the answer (400 to 599) to a share StatusRate of the requests.
	Status     int     `json:"status"`
	StatusRate float64 `json:"status_rate"`
	// FailRate is the share of requests whose connection is closed unanswered.
	FailRate float64 `json:"fail_rate"`
}

// Slots bounds how much is served: how many requests at once, and how many a
// second. What it does to a request depends on those that came before it.
type Slots struct {
	// Capacity is how many requests are served at once. The next ones wait in order
	// of arrival, at most Queue of them; any further one is answered 503 at once
	// with a Retry-After. A Capacity of 0 serves every request as it comes.
	Capacity int `json:"capacity"`
	Queue    int `json:"queue"`
	// Overload makes those beyond the capacity disturb the others instead of
	// waiting. A request that comes when it makes b at work takes
	// 1 + Overload*(b-Capacity) times its latency, so that above 1/Capacity more at
	// work means less done a second.
	Overload float64 `json:"overload,omitempty"`
	// PerSecond is a rate limit, 0 for none: a bucket of Burst tokens that refills
	// at this rate and gives one to each request. Without one the answer is 429 at
	// once, with a Retry-After. A reset fills the bucket.
	PerSecond float64 `json:"rate_per_s,omitempty"`
	Burst     int     `json:"burst,omitempty"`
}

// A Draw is what a profile has in store for one request.
type Draw struct {
	// Latency is the time from a request's slot to its answer.
	Latency time.Duration
	// Status is the status of the answer: 200, or Faults.Status.
	Status int
	// Fails says that the connection is closed unanswered, or over HTTP/2 and
	// HTTP/3 the stream. It comes before Status: what fails has no status.
	Fails bool
}

// Draw is what the given attempt (0 for the first) of a request meets. Each attempt
// draws anew: a request that is sent again need not fail again, and a hedge is not
// as slow as what it hedges. Warm-up rounds (negative) meet what round 0 does.
func (p Profile) Draw(index, round, attempt int) Draw {
	s := source{p.Seed, index, max(round, 0), attempt}
	d := Draw{Latency: p.latency(s), Status: http.StatusOK}
	if p.Faults.StatusRate > 0 && s.uniform(drawStatus) < p.Faults.StatusRate {
		d.Status = p.Faults.Status
	}
	d.Fails = p.Faults.FailRate > 0 && s.uniform(drawFail) < p.Faults.FailRate
	return d
}

// bodyTime is how long a body takes after its first byte.
func (p Profile) bodyTime() time.Duration {
	return p.scaled(p.Latency.BodyMS)
}

// Delay is the latency of the first attempt.
func (p Profile) Delay(index, round int) time.Duration { return p.Draw(index, round, 0).Latency }

// Status is the status of the first attempt.
func (p Profile) Status(index, round int) int { return p.Draw(index, round, 0).Status }

// Fails reports whether the first attempt is closed without an answer.
func (p Profile) Fails(index, round int) bool { return p.Draw(index, round, 0).Fails }

// latency draws a latency in whole microseconds: exp and cos are not bit-equal on
// all machines, microseconds are.
func (p Profile) latency(s source) time.Duration { return p.scaled(p.Latency.millis(s)) }

// scaled is a number of milliseconds times the scale.
func (p Profile) scaled(millis float64) time.Duration {
	scale := p.Scale
	if scale == 0 {
		scale = 1
	}
	micros := math.Round(millis * scale * 1000)
	if !(micros < float64(MaxDelay.Microseconds())) { // also true for NaN
		return MaxDelay
	}
	return time.Duration(micros) * time.Microsecond
}

// Body is what every successful answer carries: Size bytes of text that depend on
// nothing else, so that a client which loses or repeats a byte can be caught.
func (p Profile) Body() []byte {
	const line = "fetchbench upstream: the quick brown fox jumps over the lazy dog\n"
	return []byte(strings.Repeat(line, p.Size/len(line)+1)[:p.Size])
}

// urls lists the addresses of the profile's endpoints below base.
func (p Profile) urls(base string) []string {
	list := make([]string, p.URLs)
	for i := range list {
		list[i] = base + itemPath + strconv.Itoa(i)
	}
	return list
}

// secureURLs is urls for a base that may be missing.
func (p Profile) secureURLs(base string) []string {
	if base == "" {
		return nil
	}
	return p.urls(base)
}

// decode reads a profile and what else into has fields for.
func decode(data []byte, into any) error {
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("profile: data after the end of the profile")
	}
	return nil
}
