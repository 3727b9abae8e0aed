package clienttest_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/client/clienttest"
	"github.com/fetchbench/fetchbench/fetchers/client/fast"
	"github.com/fetchbench/fetchbench/fetchers/client/h3"
)

const inFlight = 50

// A side is one of what is compared.
type side struct {
	name string
	get  func() bool
	took []float64
}

// sides sets up a client and a server for every transport, and fasthttp by hand.
func sides(b *testing.B) []*side {
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") })
	h1 := clienttest.Serve(false, func(p *http.Protocols) { p.SetHTTP1(true) })
	h1s := clienttest.Serve(true, func(p *http.Protocols) { p.SetHTTP1(true) })
	h2 := clienttest.Serve(true, func(p *http.Protocols) { p.SetHTTP2(true) })
	h2c := clienttest.Serve(false, func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) })
	var out []*side
	add := func(name string, serve clienttest.Server, open func(client.Config) *client.Client, transport client.Transport) {
		url, roots := serve(b, h)
		c := open(client.Config{InFlight: inFlight, Roots: roots, Transport: transport})
		b.Cleanup(c.Close)
		out = append(out, &side{name: name, get: func() bool {
			return c.Fetch(context.Background(), client.Request{ID: "1", URL: url}).Class == client.ClassOK
		}})
	}
	add("h1", h1, client.New, client.H1)
	add("h1-default", h1, client.New, client.H1Default)
	add("h1-nokeepalive", h1, client.New, client.H1NoKeepAlive)
	add("h1-tls", h1s, client.New, client.H1)
	add("h2", h2, client.New, client.H2)
	add("h2c", h2c, client.New, client.H2C)
	add("h3", clienttest.ServeH3, h3.New, client.H1)
	add("fasthttp", h1, fast.New, client.H1)
	url, _ := h1(b, h)
	return append(out, &side{name: "fasthttp-by-hand", get: doDeadline(url)})
}

// doDeadline is what people write with fasthttp.
func doDeadline(url string) func() bool {
	c := &fasthttp.Client{MaxConnsPerHost: inFlight}
	return func() bool {
		req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		defer fasthttp.ReleaseRequest(req)
		defer fasthttp.ReleaseResponse(resp)
		req.SetRequestURI(url)
		return c.DoDeadline(req, resp, time.Now().Add(10*time.Second)) == nil && len(resp.Body()) == 5
	}
}

// BenchmarkTransports fetches a few bytes over every transport from a server of
// net/http or quic-go in the same process, 50 in flight. All take turns, so that a
// machine that slows down slows all. The metrics are microseconds a fetch, client and
// server together, and medians over the turns.
func BenchmarkTransports(b *testing.B) {
	const batch = 1000
	all := sides(b)
	for _, s := range all {
		together(b, inFlight, s.get) // connections are opened before the clock runs
	}
	for turn := 0; b.Loop(); turn++ {
		for i := range all {
			s := all[(turn+i)%len(all)]
			start := time.Now()
			together(b, batch, s.get)
			s.took = append(s.took, float64(time.Since(start).Microseconds())/batch)
		}
	}
	for _, s := range all {
		slices.Sort(s.took)
		b.ReportMetric(s.took[len(s.took)/2], s.name+"-µs")
	}
}

// together makes n calls from a pool of goroutines.
func together(b *testing.B, n int, get func() bool) {
	var (
		workers sync.WaitGroup
		next    atomic.Int64
	)
	for range inFlight {
		workers.Go(func() {
			for next.Add(1) <= int64(n) {
				if !get() {
					b.Error("a fetch failed")
				}
			}
		})
	}
	workers.Wait()
}
