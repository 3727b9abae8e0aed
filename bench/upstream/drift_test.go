package upstream

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"
)

// drifting is what a latency of 50 ms has become some time after the upstream
// began to serve: 50 ms x (1 + drift x seconds), and never below a twentieth of
// it, 2.5 ms.
type drifting struct {
	drift float64
	after time.Duration
	want  time.Duration
}

// drifts are the cases for both forms in virtual time.
func drifts() []drifting {
	return []drifting{
		{0, time.Hour, 50 * time.Millisecond},
		{0.05, 0, 50 * time.Millisecond},
		{0.05, 10 * time.Second, 75 * time.Millisecond},
		{0.05, 20 * time.Second, 100 * time.Millisecond},
		{0.5, time.Minute, 1550 * time.Millisecond},
		{-0.05, 5 * time.Second, 37500 * time.Microsecond},
		{-0.05, 10 * time.Second, 25 * time.Millisecond},
		{-0.05, 19 * time.Second, 2500 * time.Microsecond},
		{-0.05, time.Hour, 2500 * time.Microsecond},
		{10, 10 * 24 * time.Hour, MaxDelay}, // 120 hours
	}
}

// profile is 50 ms with the drift of the case.
func (d drifting) profile() Profile {
	p := constant(2, 50*time.Millisecond)
	p.Latency.Drift = d.drift
	return p
}

// fetchesAfter sleeps, which in virtual time is exact, and times one request.
func (d drifting) fetchesAfter(t *testing.T, client *http.Client, urls []string) {
	t.Helper()
	time.Sleep(d.after)
	begin := time.Now()
	mustFetch(t, client, urls[0], "")
	if took := time.Since(begin); took != d.want {
		t.Errorf("drift %v after %v: %v, want %v", d.drift, d.after, took, d.want)
	}
}

// The drift counts from the beginning of the upstream, not from the first request,
// and it is as exact in virtual time as the latency is.
func TestDriftChangesLatencyWithTime(t *testing.T) {
	for _, d := range drifts() {
		inMemory(t, d.profile(), func(t *testing.T, m *Memory, client *http.Client) {
			d.fetchesAfter(t, client, m.URLs())
		})
		onMock(t, d.profile(), func(t *testing.T, m *MockUpstream, client *http.Client) {
			d.fetchesAfter(t, client, m.URLs())
		})
	}
}

// A Reset separates trials of one run, in which the drift goes on.
func TestResetDoesNotEndTheDrift(t *testing.T) {
	d := drifting{0.05, 10 * time.Second, 75 * time.Millisecond}
	onMock(t, d.profile(), func(t *testing.T, m *MockUpstream, client *http.Client) {
		time.Sleep(d.after)
		if err := m.Begin(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		drifting{0.05, 0, d.want}.fetchesAfter(t, client, m.URLs())
	})
}

// Requests that begin at once drift alike; the drift of a later one includes the
// wait of an earlier one. 50 ms at 0 s, then 50 ms x (1 + 0.05 x 0.05) = 50.125 ms.
func TestDriftIsThatOfTheArrival(t *testing.T) {
	inMemory(t, named(t, "drift"), func(t *testing.T, m *Memory, client *http.Client) {
		if took := concurrently(t, client, m.URLs()); took != 50*time.Millisecond {
			t.Errorf("ten at once took %v, want 50ms", took)
		}
		if took := sequentially(t, client, m.URLs()[:1]); took != 50125*time.Microsecond {
			t.Errorf("the next took %v, want 50.125ms", took)
		}
	})
}

// Delay stays a function of index and round: the golden tables hold for it.
func TestDelayLeavesTheDriftOut(t *testing.T) {
	p := named(t, "drift")
	if p.Latency.Drift != 0.05 || p.URLs != 10 {
		t.Errorf("drift is %+v", p)
	}
	for index := range p.URLs {
		if d := p.Delay(index, 7); d != 50*time.Millisecond {
			t.Errorf("delay %v of URL %d, want 50ms", d, index)
		}
	}
}

// A profile without drift is written as it was before there was any: what other
// versions wrote and hashed stays the same.
func TestProfilesWithoutDriftAreWrittenAsBefore(t *testing.T) {
	const before = `{"name":"constant","urls":10,"size_bytes":1024,"seed":1,"scale":1,` +
		`"latency":{"kind":"constant","base_ms":50,"high_ms":0,"sigma":0,"slow_rate":0,"cold":0},` +
		`"faults":{"status":0,"status_rate":0,"fail_rate":0},"slots":{"capacity":0,"queue":0},"rounds":20,"warmup":1}`
	if data, err := json.Marshal(named(t, "constant")); err != nil || string(data) != before {
		t.Errorf("%s, %v\n want %s", data, err, before)
	}
}
