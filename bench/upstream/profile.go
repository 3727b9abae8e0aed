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
// state: Delay, Status and Fails depend on nothing but the profile, the index of
// the URL and the round. It travels as one line of JSON to the process that
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

// Slots bounds how many requests are served at once. The next ones wait in order
// of arrival, at most Queue of them; any further one is answered 503 at once with
// a Retry-After. A Capacity of 0 serves every request as it comes.
type Slots struct {
	Capacity int `json:"capacity"`
	Queue    int `json:"queue"`
}

// The draws of one (seed, index, round). A normal variate takes the first two,
// so that the faults of a request are independent of its latency.
const (
	drawLatency = iota
	drawAngle
	drawStatus
	drawFail
)

// Delay is the time from a request's slot to its answer, in whole microseconds:
// exp and cos are not bit-equal on all machines, microseconds are. Warm-up rounds
// (negative) meet the latencies of round 0.
func (p Profile) Delay(index, round int) time.Duration {
	round = max(round, 0)
	scale := p.Scale
	if scale == 0 {
		scale = 1
	}
	micros := math.Round(p.Latency.millis(p.Seed, index, round) * scale * 1000)
	if !(micros < float64(MaxDelay.Microseconds())) { // also true for NaN
		return MaxDelay
	}
	return time.Duration(micros) * time.Microsecond
}

// Status is the status of the answer: 200, or Faults.Status for its share of the
// requests.
func (p Profile) Status(index, round int) int {
	if uniform(p.Seed, index, max(round, 0), drawStatus) < p.Faults.StatusRate {
		return p.Faults.Status
	}
	return http.StatusOK
}

// Fails reports whether the connection is closed without an answer. It comes
// before Status: a request that fails has no status.
func (p Profile) Fails(index, round int) bool {
	return uniform(p.Seed, index, max(round, 0), drawFail) < p.Faults.FailRate
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

// DecodeProfile reads a profile from JSON and validates it. Unknown keys and
// anything after the profile are refused.
func DecodeProfile(data []byte) (Profile, error) {
	var p Profile
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return Profile{}, fmt.Errorf("profile: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Profile{}, errors.New("profile: data after the end of the profile")
	}
	if err := p.Validate(); err != nil {
		return Profile{}, err
	}
	return p, nil
}
