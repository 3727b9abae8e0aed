package upstream

import (
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// multiplexing runs the test in virtual time with a client that speaks HTTP/2 and
// nothing else.
func multiplexing(t *testing.T, p Profile, test func(t *testing.T, m *Memory, client *http.Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory(p)
		var protocols http.Protocols
		protocols.SetUnencryptedHTTP2(true)
		transport := &http.Transport{DialContext: m.Dial, Protocols: &protocols}
		test(t, m, &http.Client{Transport: transport})
		transport.CloseIdleConnections()
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
}

// Ten URLs of 50 ms at once over the one connection that a first request opened
// take 50 ms, in virtual time exactly. The connection rests for nine minutes, as
// one may while other contenders have their turn, and serves again; after eleven
// it is closed, and the next request opens another.
func TestMemoryMultiplexes(t *testing.T) {
	multiplexing(t, constant(10, 50*time.Millisecond), func(t *testing.T, m *Memory, client *http.Client) {
		for _, c := range []struct {
			rest   time.Duration
			opened int
		}{{0, 1}, {9 * time.Minute, 1}, {11 * time.Minute, 2}} {
			time.Sleep(c.rest)
			mustFetch(t, client, m.URLs()[0], "")
			if took := concurrently(t, client, m.URLs()); took != 50*time.Millisecond {
				t.Errorf("at once took %v, want 50ms", took)
			}
			if got := counts(t, m); got.InFlight.Max != 10 || got.Connections.Opened != c.opened {
				t.Errorf("after %v: %d in flight, %d connections, want 10 and %d",
					c.rest, got.InFlight.Max, got.Connections.Opened, c.opened)
			}
		}
	})
}

// Close waits for the requests of HTTP/2, which are not those of the goroutine of
// their connection: the bubble would not end otherwise, and what they hold would
// be taken from them.
func TestMemoryClosesWithStreamsUnderWay(t *testing.T) {
	multiplexing(t, constant(10, time.Hour), func(t *testing.T, m *Memory, client *http.Client) {
		failed := make(chan error)
		for _, url := range m.URLs() {
			go func() {
				_, _, err := fetch(t.Context(), client, url, "")
				failed <- err
			}()
		}
		synctest.Wait()
		begin := time.Now()
		if err := m.Close(); err != nil || time.Since(begin) != 0 {
			t.Errorf("closed after %v, %v", time.Since(begin), err)
		}
		if c := counts(t, m); c.Requests.Gone != 10 || c.InFlight.Now != 0 {
			t.Errorf("counts %+v", c.Requests)
		}
		for range m.URLs() {
			if err := <-failed; err == nil {
				t.Error("a request outlived its server")
			}
		}
	})
}

// A request of HTTP/2 that does not listen to its context is waited for as well: it
// takes a second more, and so does the stop.
func TestHostWaitsForStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := Memory{listener: &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}}
		handled := false
		h := startHost(m.listener, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			time.Sleep(time.Second)
			handled = true
		}), &Ledger{}, nil)
		var protocols http.Protocols
		protocols.SetUnencryptedHTTP2(true)
		client := http.Client{Transport: &http.Transport{DialContext: m.Dial, Protocols: &protocols}}
		var calls sync.WaitGroup
		calls.Go(func() {
			if _, _, err := fetch(t.Context(), &client, memoryBase, ""); err == nil {
				t.Error("a request outlived its server")
			}
		})
		synctest.Wait()
		begin := time.Now()
		if err := h.Stop(); err != nil || time.Since(begin) != time.Second || !handled {
			t.Errorf("stopped after %v, %v, handled: %v", time.Since(begin), err, handled)
		}
		calls.Wait()
	})
}

// A gate that is closed lets nobody in, and closing waits for those inside.
func TestGateWaitsForThoseInside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gate
		handled := 0
		handler := g.guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			time.Sleep(time.Second)
			handled++
		}))
		go handler.ServeHTTP(nil, nil)
		synctest.Wait()
		begin := time.Now()
		g.close()
		if time.Since(begin) != time.Second || handled != 1 {
			t.Errorf("closed after %v with %d handled, want 1s and 1", time.Since(begin), handled)
		}
		defer func() {
			if got, ok := recover().(error); !ok || !errors.Is(got, http.ErrAbortHandler) || handled != 1 {
				t.Errorf("panic %v, %d handled", got, handled)
			}
		}()
		handler.ServeHTTP(nil, nil)
	})
}
