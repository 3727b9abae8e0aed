package upstream

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// inMemory runs the test in a bubble of virtual time, with the real client over
// in-memory connections, and checks that everything has ended after it.
func inMemory(t *testing.T, p Profile, test func(t *testing.T, m *Memory, client *http.Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory(p)
		transport := &http.Transport{DialContext: m.Dial, MaxIdleConnsPerHost: 1000}
		test(t, m, &http.Client{Transport: transport})
		transport.CloseIdleConnections()
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
}

// onMock does the same with a mock.
func onMock(t *testing.T, p Profile, test func(t *testing.T, m *MockUpstream, client *http.Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		m := Mock(p)
		test(t, m, &http.Client{Transport: m.Transport()})
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
}

// sequentially and concurrently fetch every URL and return the time it took.
func sequentially(t *testing.T, client *http.Client, urls []string) time.Duration {
	t.Helper()
	begin := time.Now()
	for i, url := range urls {
		mustFetch(t, client, url, RequestID(1, 0, i))
	}
	return time.Since(begin)
}

func concurrently(t *testing.T, client *http.Client, urls []string) time.Duration {
	t.Helper()
	begin := time.Now()
	var calls sync.WaitGroup
	for i, url := range urls {
		calls.Go(func() { mustFetch(t, client, url, RequestID(1, 1, i)) })
	}
	calls.Wait()
	return time.Since(begin)
}

// mustFetch fails the test unless the answer is 200. It is called from other
// goroutines, so it does not end the test.
func mustFetch(t *testing.T, client *http.Client, url, id string) {
	t.Helper()
	status, _, err := fetch(t.Context(), client, url, id)
	if status != http.StatusOK || err != nil {
		t.Errorf("%s: %d, %v", url, status, err)
	}
}

func TestMemoryTakesExactlyItsLatency(t *testing.T) {
	p := constant(10, 50*time.Millisecond)
	inMemory(t, p, func(t *testing.T, m *Memory, client *http.Client) {
		if took := sequentially(t, client, m.URLs()); took != 500*time.Millisecond {
			t.Errorf("one after the other took %v, want 500ms", took)
		}
		c := counts(t, m)
		if c.InFlight.Max != 1 || c.InFlightMean() != 1 || c.Connections.Opened != 1 || c.Bytes != 1000 {
			t.Errorf("one after the other: %+v", c)
		}
		if err := m.Reset(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := concurrently(t, client, m.URLs()); took != 50*time.Millisecond {
			t.Errorf("at once took %v, want 50ms", took)
		}
		c = counts(t, m)
		if c.InFlight.Max != 10 || c.InFlightMean() != 10 || c.Connections.Opened != 9 || len(c.IDs) != 10 {
			t.Errorf("at once (one connection is warm): %+v", c)
		}
	})
}

func TestMockTakesExactlyItsLatency(t *testing.T) {
	p := constant(10, 100*time.Millisecond)
	onMock(t, p, func(t *testing.T, m *MockUpstream, client *http.Client) {
		if took := sequentially(t, client, m.URLs()); took != time.Second {
			t.Errorf("one after the other took %v, want 1s", took)
		}
		if took := concurrently(t, client, m.URLs()); took != 100*time.Millisecond {
			t.Errorf("at once took %v, want 100ms", took)
		}
		c := counts(t, m)
		if c.Requests.Finished != 20 || c.InFlight.Max != 10 || c.Busy != 2*time.Second {
			t.Errorf("counts %+v", c)
		}
	})
}

// 40 calls of 50 ms on 8 slots are five turns: 250 ms and no less, whatever is in
// flight.
func TestCapacityBoundsWhatConcurrencyBuys(t *testing.T) {
	inMemory(t, named(t, "capacity"), func(t *testing.T, m *Memory, client *http.Client) {
		if took := concurrently(t, client, m.URLs()); took != 250*time.Millisecond {
			t.Errorf("took %v, want 250ms", took)
		}
		if c := counts(t, m); c.InFlight.Max != 40 || c.Requests.Refused != 0 {
			t.Errorf("counts %+v", c)
		}
	})
}

func TestFullQueueIsAnsweredAtOnce(t *testing.T) {
	p := constant(1, time.Second)
	p.Slots = Slots{Capacity: 1}
	inMemory(t, p, func(t *testing.T, m *Memory, client *http.Client) {
		var first sync.WaitGroup
		first.Go(func() { mustFetch(t, client, m.URLs()[0], "") })
		synctest.Wait()
		begin := time.Now()
		response, err := client.Get(m.URLs()[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			t.Error(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != 503 || response.Header.Get("Retry-After") != "1" || time.Since(begin) != 0 {
			t.Errorf("%s, Retry-After %q after %v", response.Status, response.Header.Get("Retry-After"), time.Since(begin))
		}
		first.Wait()
		if c := counts(t, m); c.Requests.Refused != 1 || c.Statuses[503] != 1 || c.Statuses[200] != 1 {
			t.Errorf("counts %+v", c)
		}
	})
}

// The client gives up after 1 s of 10. On the mock the call ends then; so does it
// over a connection, and the server learns that the client is gone.
func TestClientsThatLeaveAreCountedAsGone(t *testing.T) {
	p := constant(1, 10*time.Second)
	leave := func(t *testing.T, client *http.Client, u Upstream, url string) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		_, _, err := fetch(ctx, client, url, "")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != time.Second {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
		synctest.Wait()
		c := counts(t, u)
		if c.Requests.Gone != 1 || c.InFlight.Now != 0 || c.Busy != time.Second || len(c.Statuses) != 0 {
			t.Errorf("counts %+v", c)
		}
	}
	inMemory(t, p, func(t *testing.T, m *Memory, client *http.Client) { leave(t, client, m, m.URLs()[0]) })
	onMock(t, p, func(t *testing.T, m *MockUpstream, client *http.Client) { leave(t, client, m, m.URLs()[0]) })
	onMock(t, p, func(t *testing.T, m *MockUpstream, client *http.Client) {
		client.Timeout = time.Second // the deprecated Cancel channel inside http.Client
		leave(t, client, m, m.URLs()[0])
	})
}

// Close ends what is under way: the bubble would not end otherwise.
func TestMemoryClosesWithRequestsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory(constant(1, time.Hour))
		client := http.Client{Transport: &http.Transport{DialContext: m.Dial}}
		failed := make(chan error)
		go func() {
			_, _, err := fetch(t.Context(), &client, m.URLs()[0], "")
			failed <- err
		}()
		synctest.Wait()
		if err := m.Close(); err != nil {
			t.Error(err)
		}
		if err := <-failed; err == nil {
			t.Error("a request outlived its server")
		}
		if _, err := m.Dial(t.Context(), "", ""); err == nil {
			t.Error("a closed upstream can be dialled")
		}
	})
}
