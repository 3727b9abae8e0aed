package bench_test

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/upstream"
)

// What BenchmarkLoopback64 fetches: so many requests through so many workers.
const (
	loopbackRequests = 2000
	loopbackWorkers  = 64
)

// middle is the median of what was measured, the upper of two.
func middle[T cmp.Ordered](values []T) T {
	return slices.Sorted(slices.Values(values))[len(values)/2]
}

// byHand is what people write: 64 goroutines on one counter, http.Client over a
// transport that keeps enough connections, and a body that is read and dropped.
// Connections are fresh for each batch, as in a run. It returns the makespan.
func byHand(b *testing.B, urls []string, timeout time.Duration) time.Duration {
	b.Helper()
	transport := &http.Transport{MaxIdleConns: loopbackWorkers, MaxIdleConnsPerHost: loopbackWorkers, DisableCompression: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: timeout}
	runtime.GC() // as before every trial of a run
	begun := time.Now()
	var workers sync.WaitGroup
	var next atomic.Int64
	for range loopbackWorkers {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < loopbackRequests; i = int(next.Add(1)) - 1 {
				if err := get(client, urls[i%len(urls)], upstream.RequestID(0, 0, i)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	workers.Wait()
	return time.Since(begun)
}

// get makes one request with the headers that a run sends.
func get(client *http.Client, url, id string) error {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	r.Header.Set(upstream.IDHeader, id)
	r.Header.Set("Accept-Encoding", "gzip")
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

// BenchmarkLoopback64 is how much of the rate of a hand-written fetcher a run
// keeps, with phases and attempts measured: 64 in flight, answers at once, one
// batch of each kind in turn against the same kind of process. The ratios are
// those of the medians: against a fetcher that bounds each request in time, as a
// run does, and against one that waits for ever.
func BenchmarkLoopback64(b *testing.B) {
	profile, err := upstream.Lookup("fast")
	if err != nil {
		b.Fatal(err)
	}
	server, err := upstream.Start(b.Context(), serveCommand(), profile, upstream.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	p := endless(b, bench.FormProcess, "fast", "pool:64")
	p.Requests = loopbackRequests
	next := rounds(b, p)
	kinds := []func() time.Duration{
		func() time.Duration { return time.Duration(next()["pool:64"].ElapsedNS) },
		func() time.Duration { return byHand(b, server.URLs(), 10*time.Second) },
		func() time.Duration { return byHand(b, server.URLs(), 0) },
	}
	elapsed := make([][]time.Duration, len(kinds))
	for i := 0; b.Loop(); i++ {
		for k := range kinds {
			k = (k + i) % len(kinds) // each begins in its turn
			elapsed[k] = append(elapsed[k], kinds[k]())
		}
		if err := server.Begin(b.Context(), 0); err != nil {
			b.Fatal(err)
		}
	}
	run, bounded, unbounded := middle(elapsed[0]), middle(elapsed[1]), middle(elapsed[2])
	b.ReportMetric(float64(run.Nanoseconds()), "ns/op")
	b.ReportMetric(loopbackRequests/run.Seconds(), "fetches/s")
	b.ReportMetric(float64(bounded)/float64(run), "of-by-hand")
	b.ReportMetric(float64(unbounded)/float64(run), "of-unbounded")
}
