package upstream

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
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

// sequentially fetches every URL, one after the other, and returns the time.
func sequentially(t *testing.T, client *http.Client, urls []string) time.Duration {
	t.Helper()
	begin := time.Now()
	for i, url := range urls {
		mustFetch(t, client, url, RequestID(1, 0, i))
	}
	return time.Since(begin)
}

// concurrently is the same with all requests at once, as another contender.
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

// Ten URLs of 50 ms: 500 ms over one connection, then 50 ms at once, for which that
// connection is used again and nine more are opened. The mean in flight is exact,
// since nothing but the latency takes any time.
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
		if err := m.Begin(t.Context(), 0); err != nil {
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

// Ten URLs of 100 ms: 1 s, then 100 ms. Both together are 2 s of latency.
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

// One slot and no queue: while the first request has it, the second is turned away
// in no time, with a second to wait before the next attempt.
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

// The client gives up after 1 s of 10. Over a connection the server learns that
// the client is gone; the mock has counted it when the call returns, because it
// answers in the caller's own goroutine.
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
		if _, mock := u.(*MockUpstream); !mock {
			synctest.Wait() // a server needs a moment to see that a client has left
		}
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

// httpmock would start two goroutines for each request that can be cancelled. Ten
// calls under way are the ten goroutines that the test started, or fewer, should
// one of an earlier test end meanwhile.
func TestMockStartsNoGoroutine(t *testing.T) {
	onMock(t, constant(10, time.Second), func(t *testing.T, m *MockUpstream, client *http.Client) {
		before := runtime.NumGoroutine()
		var calls sync.WaitGroup
		for _, url := range m.URLs() {
			calls.Go(func() { mustFetch(t, client, url, "") })
		}
		synctest.Wait()
		if grew := runtime.NumGoroutine() - before; grew > 10 {
			t.Errorf("%d goroutines for 10 calls", grew)
		}
		calls.Wait()
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

// A client that begins its next request before the first is answered keeps
// net/http from watching the connection, so closing that does not end the first
// request: without a context of its own, Close would wait for an hour.
func TestMemoryClosesOnAClientThatPipelines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory(constant(1, time.Hour))
		conn, err := m.Dial(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		// A pipe takes nothing in advance: the G has been read once it is written.
		for _, part := range []string{"GET /item/0 HTTP/1.1\r\nHost: x\r\n\r\n", "G"} {
			if _, err := io.WriteString(conn, part); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		begin := time.Now()
		if err := m.Close(); err != nil || time.Since(begin) != 0 {
			t.Errorf("closed after %v, %v", time.Since(begin), err)
		}
		_ = conn.Close()
	})
}
