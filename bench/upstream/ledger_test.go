package upstream

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Two requests: A from 0 to 3 s, B from 1 to 2 s, and the counts are asked for at
// 2.5 s and at 10 s. Busy is 2.5 + 1 s and then 3 + 1 s; the span ends with the
// last request, not with the question.
func TestLedgerMeasuresBusyAndSpan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l Ledger
		time.Sleep(5 * time.Second) // before the first request nothing counts
		a := l.begin(&ID{Index: 1})
		time.Sleep(time.Second)
		b := l.begin(&ID{Index: 2})
		time.Sleep(time.Second)
		l.end(b, finished, 200, 10)
		time.Sleep(500 * time.Millisecond)
		if c := l.Snapshot(); c.Busy != 3500*time.Millisecond || c.Span != 2500*time.Millisecond || c.InFlight.Now != 1 {
			t.Errorf("with one in flight: %+v", c)
		}
		time.Sleep(500 * time.Millisecond)
		l.end(a, finished, 200, 10)
		time.Sleep(7 * time.Second)
		want := Counts{
			Requests: Requests{Started: 2, Finished: 2},
			InFlight: InFlight{Max: 2},
			Busy:     4 * time.Second,
			P99:      3 * time.Second,
			Span:     3 * time.Second,
			Bytes:    20,
			Statuses: map[int]int{200: 2},
			IDs:      map[ID]int{{Index: 1}: 1, {Index: 2}: 1},
		}
		got := l.Snapshot()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if mean := got.InFlightMean(); mean != 4.0/3 {
			t.Errorf("in flight mean %v, want 4/3", mean)
		}
	})
}

// One request of each kind. Refused and unknown ones were answered, so they are
// among the finished; of the states of a connection only the first one counts.
func TestLedgerCountsWhatBecameOfRequests(t *testing.T) {
	var l Ledger
	for how, status := range map[ending]int{finished: 200, refused: 503, unknown: 404, gone: 0, closed: 0} {
		l.end(l.begin(nil), how, status, 0)
	}
	l.connected(http.StateNew)
	l.connected(http.StateActive)
	l.connected(http.StateClosed)
	c := l.Snapshot()
	want := Requests{Started: 5, Finished: 3, Gone: 1, Closed: 1, Refused: 1, Unknown: 1, Unnamed: 5}
	if diff := cmp.Diff(want, c.Requests); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[int]int{200: 1, 404: 1, 503: 1}, c.Statuses); diff != "" {
		t.Error(diff)
	}
	if c.Connections.Opened != 1 || len(c.IDs) != 0 {
		t.Errorf("counts %+v", c)
	}
}

// Ids 2 and 3 came more than once: two ids, however often.
func TestLedgerSeesRepeatedIDs(t *testing.T) {
	var l Ledger
	for _, index := range []int{1, 2, 2, 3, 3, 3} {
		l.end(l.begin(&ID{Index: index}), finished, 200, 0)
	}
	c := l.Snapshot()
	if c.Repeated() != 2 || c.IDs[ID{Index: 3}] != 3 {
		t.Errorf("%d repeated, ids %v", c.Repeated(), c.IDs)
	}
}

// A request of one trial that ends in the next must not be counted there.
func TestLedgerForgetsAtReset(t *testing.T) {
	var l Ledger
	before := l.begin(&ID{})
	l.connected(http.StateNew)
	l.Reset()
	l.end(before, finished, 200, 1)
	empty := Counts{Statuses: map[int]int{}, IDs: map[ID]int{}}
	if diff := cmp.Diff(empty, l.Snapshot()); diff != "" {
		t.Error(diff)
	}
	if mean := l.Snapshot().InFlightMean(); mean != 0 {
		t.Errorf("in flight mean of nothing is %v", mean)
	}
}

// A snapshot is the caller's: later requests do not change it.
func TestLedgerSnapshotStandsStill(t *testing.T) {
	var l Ledger
	l.end(l.begin(&ID{}), finished, 200, 0)
	c := l.Snapshot()
	l.end(l.begin(&ID{}), finished, 200, 0)
	if c.IDs[ID{}] != 1 || c.Statuses[200] != 1 {
		t.Errorf("snapshot moved: %+v", c)
	}
}

// At every moment started = finished + gone + closed + in flight.
func TestLedgerAddsUpUnderLoad(t *testing.T) {
	var l Ledger
	var requests sync.WaitGroup
	for worker := range 8 {
		requests.Go(func() {
			for i := range 1000 {
				epoch := l.begin(&ID{Contender: worker, Index: i})
				l.end(epoch, ending(i%5), 200, 1)
			}
		})
	}
	for range 100 {
		c := l.Snapshot()
		r := c.Requests
		if r.Started != r.Finished+r.Gone+r.Closed+c.InFlight.Now || c.InFlight.Now > 8 || c.Busy < 0 {
			t.Fatalf("counts do not add up: %+v", c.Requests)
		}
	}
	requests.Wait()
	c := l.Snapshot()
	if c.Requests.Started != 8000 || len(c.IDs) != 8000 || c.Repeated() != 0 || c.InFlight.Now != 0 || c.Bytes != 8000 {
		t.Errorf("counts %+v", c.Requests)
	}
}

// The text is spelt out because programs in other languages read it: units in the
// names, no name that depends on Go, ids as on the wire.
func TestCountsSurviveJSON(t *testing.T) {
	var l Ledger
	l.end(l.begin(&ID{Round: -1, Contender: 2, Index: 3}), finished, 503, 7)
	want := l.Snapshot()
	want.Busy, want.P99, want.Span, want.Answered = 1500, 1500, 2500, 2000
	want.Endpoints = map[int]int{3: 1}
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	const text = `{"requests":{"started":1,"finished":1,"gone":0,"closed":0,"refused":0,"unknown":0,"unnamed":0},` +
		`"in_flight":{"now":0,"max":1},"connections":{"opened":0,"kept":0},"busy_ns":1500,"p99_ns":1500,"span_ns":2500,"bytes":7,` +
		`"statuses":{"503":1},"ids":{"-1.2.3":1},"answered_ns":2000,"endpoints":{"3":1}}`
	if diff := cmp.Diff(text, string(data)); diff != "" {
		t.Error(diff)
	}
	var got Counts
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Of a hundred requests of 1 to 100 ms the 99th percentile is 99 ms, of one it is
// that one; those that were not answered are in none.
func TestLedgerKeepsThe99thPercentile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l Ledger
		for i := 1; i <= 100; i++ {
			v := l.begin(nil)
			time.Sleep(time.Duration(i) * time.Millisecond)
			l.end(v, finished, 200, 0)
			if got := l.Snapshot().P99; i == 1 && got != time.Millisecond {
				t.Errorf("of one: %v", got)
			}
		}
		late := l.begin(nil)
		time.Sleep(time.Second)
		l.end(late, gone, 0, 0)
		if got := l.Snapshot().P99; got != 99*time.Millisecond {
			t.Errorf("of a hundred: %v", got)
		}
		l.Reset()
		if got := l.Snapshot().P99; got != 0 {
			t.Errorf("after a reset: %v", got)
		}
	})
}
