package client

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// instant answers in memory, at the least cost that an answer can have.
func instant(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: 200, Proto: "HTTP/1.1", Header: http.Header{},
		Body: io.NopCloser(bytes.NewReader([]byte("hello"))), Request: r,
	}, nil
}

// traced does the same and calls the hooks that the wire calls on a reused connection.
func traced(r *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil {
		trace.GotConn(httptrace.GotConnInfo{Reused: true})
		trace.WroteRequest(httptrace.WroteRequestInfo{})
		trace.GotFirstResponseByte()
	}
	return instant(r)
}

// byHand is what people write: a request, an answer read to its end and closed.
func byHand(b testing.TB, do func(*http.Request) (*http.Response, error), url string) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	resp, err := do(req)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		b.Fatal(err)
	}
	resp.Body.Close()
}

// BenchmarkInMemory shows what Fetch adds to a bare round trip, without phases and
// with them. The difference of the last two is the price of the phases.
func BenchmarkInMemory(b *testing.B) {
	const url = "http://127.0.0.1:8080/"
	b.Run("by=hand", func(b *testing.B) {
		for b.ReportAllocs(); b.Loop(); {
			byHand(b, instant, url)
		}
	})
	plain := New(Config{RoundTripper: roundTripper(instant)})
	measured := New(Config{})
	measured.config.RoundTripper = roundTripper(traced)
	for name, c := range map[string]*Client{"by=fetch": plain, "by=fetch-with-phases": measured} {
		b.Run(name, func(b *testing.B) {
			for b.ReportAllocs(); b.Loop(); {
				if o := c.Fetch(context.Background(), Request{ID: "1", URL: url}); o.Class != ClassOK {
					b.Fatal(o)
				}
			}
		})
	}
}

// BenchmarkLoopback compares Fetch with a loop written by hand on http.Client, with
// 64 in flight. Both run in turn within one benchmark, in alternating order, so that
// a machine that slows down slows both. The metrics are medians over the turns, and
// of-hand is the median of the ratios within a turn.
func BenchmarkLoopback(b *testing.B) {
	const inFlight, batch = 64, 4000
	url := "http://" + listen(b, serveBytes) + "/"
	transport := &http.Transport{MaxIdleConns: inFlight, MaxIdleConnsPerHost: inFlight}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: 10 * time.Second}
	c := newClient(b, Config{InFlight: inFlight})
	sides := []func(){
		func() { byHand(b, client.Do, url) },
		func() {
			if o := c.Fetch(context.Background(), Request{ID: "1", URL: url}); o.Class != ClassOK {
				b.Error(o)
			}
		},
	}
	took := [2][]float64{}
	for turn := 0; b.Loop(); turn++ {
		for k := range sides {
			side := (turn + k) % 2
			took[side] = append(took[side], together(inFlight, batch, sides[side]).Seconds())
		}
	}
	ratios := make([]float64, len(took[0]))
	for turn := range ratios {
		ratios[turn] = took[0][turn] / took[1][turn]
	}
	b.ReportMetric(batch/median(took[0]), "hand-fetches/s")
	b.ReportMetric(batch/median(took[1]), "fetches/s")
	b.ReportMetric(median(ratios), "of-hand")
}

// together calls f n times from a pool of goroutines and returns how long it took.
func together(inFlight, n int, f func()) time.Duration {
	var (
		workers sync.WaitGroup
		next    atomic.Int64
	)
	start := time.Now()
	for range inFlight {
		workers.Go(func() {
			for next.Add(1) <= int64(n) {
				f()
			}
		})
	}
	workers.Wait()
	return time.Since(start)
}

// serveBytes answers as fast as bytes can be moved: it looks for the end of each
// request and no further, so that the client is what is measured.
func serveBytes(c net.Conn, _ int) {
	buf, reply := make([]byte, 4096), []byte(head+"Content-Length: 5\r\n\r\nhello")
	for n := 0; ; {
		k, err := c.Read(buf[n:])
		if err != nil {
			return
		}
		if n += k; bytes.HasSuffix(buf[:n], []byte("\r\n\r\n")) {
			n = 0
			c.Write(reply)
		}
	}
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}
