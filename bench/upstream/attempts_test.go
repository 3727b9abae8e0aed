package upstream

import (
	"errors"
	"io"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The golden tables and the article hold for first attempts, so those must be what
// they were: the first four draws of the sequence, of which an attempt takes four.
func TestAttemptsContinueTheSequence(t *testing.T) {
	seen := map[float64]bool{}
	for attempt := range 10 {
		for c := range draws {
			got := source{1, 2, 3, attempt}.uniform(c)
			if want := (source{1, 2, 3, 0}).uniform(attempt*draws + c); got != want || seen[got] {
				t.Errorf("draw %d of attempt %d: %v, want %v and no repetition", c, attempt, got, want)
			}
			seen[got] = true
		}
	}
}

// A tenth of 10,000 requests fails. If a second attempt knew nothing of the first, a
// tenth of those that failed would fail again; five standard errors of that share
// of 1000 are 0.047. The same for slow answers and hedges.
func TestAttemptsAreIndependent(t *testing.T) {
	p := Profile{
		URLs: 100, Seed: 11, Latency: Law{Kind: Bimodal, HighMS: 1, SlowRate: 0.1},
		Faults: Faults{Status: 503, StatusRate: 0.1, FailRate: 0.1},
	}
	for name, bad := range map[string]func(Draw) bool{
		"slow":   func(d Draw) bool { return d.Latency > 0 },
		"503":    func(d Draw) bool { return d.Status == 503 },
		"closed": func(d Draw) bool { return d.Fails },
	} {
		first, again := 0, 0
		for n := range 10000 {
			if !bad(p.Draw(n%100, n/100, 0)) {
				continue
			}
			first++
			if bad(p.Draw(n%100, n/100, 1)) {
				again++
			}
		}
		share := float64(again) / float64(first)
		if first < 850 || first > 1150 || math.Abs(share-0.1) > 0.047 {
			t.Errorf("%s: %d of 10000 the first time, %v of those again", name, first, share)
		}
	}
}

// Each form counts the attempts of an id by itself: whatever else arrives in
// between, the third request of an id is its third attempt, and after a Reset the
// next one is its first. Requests without an id are always first attempts.
func TestEveryFormDrawsEachAttemptAnew(t *testing.T) {
	p := Profile{URLs: 20, Size: 10, Seed: 9, Faults: Faults{Status: 503, StatusRate: 0.4, FailRate: 0.2}}
	eachForm(t, p, func(t *testing.T, f form) {
		if transport, ok := f.client.Transport.(*http.Transport); ok {
			transport.DisableKeepAlives = true // no attempt but ours
		}
		meets := func(index, attempt int, id string) {
			t.Helper()
			want := p.Draw(index, 4, attempt)
			status, _, err := fetch(t.Context(), f.client, f.urls[index]+"?round=4", id)
			if want.Fails != errors.Is(err, io.EOF) || !want.Fails && status != want.Status {
				t.Errorf("URL %d, attempt %d: %d, %v, want %+v", index, attempt, status, err, want)
			}
		}
		for range 2 {
			for attempt := range 3 {
				for index := range p.URLs {
					meets(index, attempt, RequestID(4, 1, index))
					meets(index, 0, "")
				}
			}
			if got := counts(t, f); got.Repeated() != p.URLs || got.IDs[ID{4, 1, 7}] != 3 {
				t.Errorf("%d ids repeated, %d of one", got.Repeated(), got.IDs[ID{4, 1, 7}])
			}
			if err := f.Begin(t.Context(), 0); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// A hedge is a second attempt beside the first, and takes as long as it is drawn to
// take: in virtual time exactly.
func TestAHedgeIsDrawnAnew(t *testing.T) {
	p := named(t, "tail")
	slow := 0
	for index := range p.URLs {
		first, second := p.Draw(index, 1, 0).Latency, p.Draw(index, 1, 1).Latency
		if first == 200*time.Millisecond && second == 20*time.Millisecond {
			slow = index
		}
	}
	inMemory(t, p, func(t *testing.T, m *Memory, client *http.Client) {
		var took []time.Duration
		begin := time.Now()
		ended := make(chan time.Duration)
		for range 2 {
			go func() {
				mustFetch(t, client, m.URLs()[slow], RequestID(1, 0, slow))
				ended <- time.Since(begin)
			}()
			time.Sleep(30 * time.Millisecond)
		}
		for range 2 {
			took = append(took, <-ended)
		}
		// The hedge begins at 30 ms and takes 20 ms.
		if diff := cmp.Diff([]time.Duration{50 * time.Millisecond, 200 * time.Millisecond}, took); diff != "" {
			t.Error(diff)
		}
	})
}
