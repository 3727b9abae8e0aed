package bench

import (
	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/adapters"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/client/fast"
	"github.com/fetchbench/fetchbench/fetchers/client/h3"
	"github.com/fetchbench/fetchbench/fetchers/policy"
)

// Specs lists the strategies that a plan can name, in the order in which people
// meet them. A strategy of one's own needs no entry to be measured: it is passed
// to Run as a value. An entry is what gives it a name in plans and flags.
func Specs() []Spec[fetchers.Strategy] {
	return []Spec[fetchers.Strategy]{
		{"sequential", Argument{}, "one call after the other: the baseline", "3 ns a call", func(Value) fetchers.Strategy { return fetchers.Sequential{} }},
		{"goroutines", Argument{}, "all at once: the ceiling", "33 kB a call", func(Value) fetchers.Strategy { return fetchers.Goroutines{} }},
		{"pool", number("workers"), "fixed workers on one counter", "13 ns a call", func(v Value) fetchers.Strategy { return fetchers.Pool{Workers: v.Whole} }},
		{"errgroup", number("calls at once"), "x/sync/errgroup with SetLimit", "320 ns a call", func(v Value) fetchers.Strategy { return fetchers.ErrGroup{Slots: v.Whole} }},
		{"semaphore", number("slots"), "x/sync/semaphore around goroutines", "470 ns a call", func(v Value) fetchers.Strategy { return fetchers.Semaphore{Slots: v.Whole} }},
		{"channel", number("workers"), "workers that read from a channel", "160 ns a call", func(v Value) fetchers.Strategy { return fetchers.Channel{Workers: v.Whole} }},
		{"waves", number("calls a wave"), "chunks that wait for their slowest call", "up to twice the time", func(v Value) fetchers.Strategy { return fetchers.Waves{Size: v.Whole} }},
		{"perhost", number("calls a host"), "at most so many to each host", "40 ns a call", func(v Value) fetchers.Strategy { return fetchers.PerHost{Calls: v.Whole} }},
		{"conc", number("goroutines"), "the pool of sourcegraph/conc", "250 ns a call", func(v Value) fetchers.Strategy { return adapters.Conc{Workers: v.Whole} }},
		{"pond", number("workers"), "the pool of alitto/pond", "270 ns a call", func(v Value) fetchers.Strategy { return adapters.Pond{Workers: v.Whole} }},
		{"ants", number("workers"), "the pool of panjf2000/ants", "560 ns a call", func(v Value) fetchers.Strategy { return adapters.Ants{Workers: v.Whole} }},
		{"adaptive", Argument{}, "finds its limit by latency and refusals", "600 ns a call", func(Value) fetchers.Strategy { return fetchers.Adaptive{} }},
		{"paced", rate("starts"), "starts at a fixed rate, done or not", "290 ns a call", func(v Value) fetchers.Strategy { return adapters.Paced{PerSecond: v.Rate} }},
	}
}

// Policies lists those that a spec can name after a +. Whatever their order there,
// they are put around each other as policy.Chain says.
func Policies() []Spec[policy.Policy] {
	return []Spec[policy.Policy]{
		{"retry", few("retries"), "tries again after a failure", "20 ns a call", func(v Value) policy.Policy { return policy.Retry{Retries: v.Whole} }},
		{"hedge", delay("a delay"), "a second attempt after a delay", "0.5 to 0.8 µs a call", func(v Value) policy.Policy { return policy.Hedge{Delay: v.Wait, Quantile: v.Quantile} }},
		{"limit", rate("attempts"), "at most so many attempts a second", "90 ns a call", func(v Value) policy.Policy { return policy.Limit{PerSecond: v.Rate} }},
		{"dedup", Argument{}, "one fetch for equal requests under way", "1.3 µs a call", func(Value) policy.Policy { return policy.Dedup{} }},
		{"timeout", wait("a time"), "a deadline for each attempt", "0.4 µs a call", func(v Value) policy.Policy { return policy.Timeout{After: v.Wait} }},
		{"breaker", Argument{}, "sends nothing to a host that fails", "0.2 µs a call", func(Value) policy.Policy { return policy.Breaker{} }},
	}
}

// Transports lists those that a spec can name after an @.
func Transports() []Spec[Transport] {
	over := func(t client.Transport, scheme string) func(Value) Transport {
		return func(Value) Transport {
			return Transport{Scheme: scheme, open: func(c client.Config) fetcher {
				c.Transport = t
				return client.New(c)
			}}
		}
	}
	return []Spec[Transport]{
		{"h1", Argument{}, "HTTP/1.1, tuned: the usual one", "a connection a slot", over(client.H1, "")},
		{"h1-default", Argument{}, "HTTP/1.1 as Go comes: keeps two a host", "dials between uses", over(client.H1Default, "")},
		{"h1-nokeepalive", Argument{}, "HTTP/1.1 without reuse", "dials each time", over(client.H1NoKeepAlive, "")},
		{"h2", Argument{}, "HTTP/2 over TLS", "few connections", over(client.H2, "https")},
		{"h2c", Argument{}, "HTTP/2 without TLS", "few connections", over(client.H2C, "http")},
		{"h3", Argument{}, "HTTP/3 by quic-go", "1.2 to 1.6x h1's CPU", func(Value) Transport {
			return Transport{Scheme: "https", Shared: true, Uncounted: true, open: func(c client.Config) fetcher { return h3.New(c) }}
		}},
		{"fasthttp", Argument{}, "HTTP/1.1 by valyala/fasthttp", "0.7 to 1x h1's CPU", func(Value) Transport {
			return Transport{open: func(c client.Config) fetcher { return fast.New(c) }}
		}},
		{"mock", Argument{}, "answered within this process", "scheduling only", func(Value) Transport { return Transport{Mock: true} }},
	}
}
