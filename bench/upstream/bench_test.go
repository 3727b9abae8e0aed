package upstream

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkLedger is what the counting adds to a request.
func BenchmarkLedger(b *testing.B) {
	var l Ledger
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%1000 == 0 {
			l.Reset()
		}
		l.end(l.begin(&ID{Index: i % 1000}), finished, 200, 1)
	}
}

// BenchmarkDelay is what the draw of a latency adds.
func BenchmarkDelay(b *testing.B) {
	p := named(b, "article")
	for i := 0; b.Loop(); i++ {
		p.Delay(i%10, i)
	}
}

// BenchmarkServe compares the profile that answers at once with a bare handler
// that sends the same body, over 64 connections.
func BenchmarkServe(b *testing.B) {
	p := named(b, "fast")
	b.Run("handler=bare", func(b *testing.B) {
		body := p.Body()
		bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(body)
		}))
		defer bare.Close()
		load(b, &http.Transport{MaxIdleConnsPerHost: 64}, bare.URL+"/item/1")
	})
	b.Run("handler=profile", func(b *testing.B) {
		s, err := Serve("", p, Options{})
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		load(b, &http.Transport{MaxIdleConnsPerHost: 64}, s.URLs()[1])
	})
}

// BenchmarkMock is a whole request on the mock, with a context that can end.
func BenchmarkMock(b *testing.B) {
	m := Mock(named(b, "fast"))
	transport := m.Transport()
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, m.URLs()[1], nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set(IDHeader, "1.1.1")
	b.ReportAllocs()
	for b.Loop() {
		response, err := transport.RoundTrip(r)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
}

// load sends b.N requests from 64 goroutines.
func load(b *testing.B, transport *http.Transport, url string) {
	b.Helper()
	defer transport.CloseIdleConnections()
	b.SetParallelism(32) // for each of two processors
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, err := http.NewRequest(http.MethodGet, url, nil)
			if err != nil {
				b.Error(err)
				return
			}
			r.Header.Set(IDHeader, "1.1.1")
			response, err := transport.RoundTrip(r)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
		}
	})
}
