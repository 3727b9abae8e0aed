package policy

import (
	"context"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// BenchmarkFetch is what a policy adds to a call that succeeds, around a fetch that
// does nothing, with a context that can end. The doc comments of the policies quote it.
func BenchmarkFetch(b *testing.B) {
	for _, c := range []struct {
		name     string
		policies []Policy
	}{
		{"none", nil},
		{"retry", []Policy{Retry{}}},
		{"hedge:1s", []Policy{Hedge{Delay: time.Second}}},
		{"hedge:p95", []Policy{Hedge{Delay: time.Second, Quantile: 0.95}}},
		{"limit", []Policy{Limit{PerSecond: 1e12}}},
		{"dedup", []Policy{Dedup{}}},
		{"timeout", []Policy{Timeout{After: time.Second}}},
		{"breaker", []Policy{Breaker{}}},
		{"all", []Policy{
			Retry{}, Hedge{Delay: time.Second}, Limit{PerSecond: 1e12}, Dedup{}, Timeout{After: time.Second}, Breaker{},
		}},
	} {
		b.Run("policy="+c.name, func(b *testing.B) {
			ctx, cancel := context.WithCancel(b.Context())
			defer cancel()
			done := client.Outcome{Class: client.ClassOK, Status: 200, Attempts: 1}
			fetch := Chain(c.policies, func(context.Context, client.Request) client.Outcome { return done })
			r := client.Request{ID: "1", URL: "http://127.0.0.1:8080/articles/1"}
			b.ReportAllocs()
			for b.Loop() {
				fetch(ctx, r)
			}
		})
	}
}
