package policy

import (
	"cmp"
	"context"
	"encoding/binary"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
)

// Retry makes a request again that failed in a way that may pass. "retry:3" means
// three retries after the first try, so four tries at most.
//
// Only idempotent requests are retried ([Idempotent]), and only after these classes:
//
//	timeout                      if the context of the request still stands: what
//	                             passed was the time of one attempt
//	refused, reset, eof,         the connection failed; the next one may not
//	truncated, h2
//	http_429                     asked to come back later
//	http_5xx                     500, 502, 503 and 504; the others, such as 501 and
//	                             505, say that asking again is of no use
//	dns_timeout, dns_error       the resolver failed; a name that does not exist
//	                             (dns_notfound) will not exist a second later
//
// Everything else stays: answers (3xx, 4xx), what is wrong with the content or with
// the configuration (malformed, decode, tls, tls_certificate, too_large, redirects),
// what this machine ran out of (local_fds, local_ports: more attempts make it worse) or will not do (local_refused),
// and what is not to be sent at all (cancelled, bad_url, breaker).
//
// Before retry n the request waits between nothing and Base·2ⁿ⁻¹, at most Most, drawn
// uniformly ("full jitter": M. Brooker, Exponential Backoff And Jitter, AWS
// Architecture Blog, 2015). The draw depends on nothing but the seed, the request's
// ID (its URL if it has none) and n, so that a run can be repeated. An upstream that
// says how long to wait (Retry-After) gets that long, and the drawn wait on top, so
// that those it sent away do not come back at the same moment; Most does not bound
// that. If the context will have ended before a wait has, the request gives up at once
// with the outcome it has. Waits give back the slots that strategies lend.
//
// A success costs about 25 ns more and allocates nothing.
type Retry struct {
	// Retries is how many follow the first try; 0 means DefaultRetries, below 0 none.
	Retries int
	// Base and Most bound the waits; 0 means 100 ms and 5 s.
	Base, Most time.Duration
	// Seed is where the waits are drawn from.
	Seed uint64
	// Budget bounds the retries of all requests together.
	Budget Budget
}

// DefaultRetries is how many retries there are where none are given.
const DefaultRetries = 3

// Wrap returns a Fetch that retries from a budget of its own.
func (p Retry) Wrap(next client.Fetch) client.Fetch {
	p.Retries = cmp.Or(p.Retries, DefaultRetries)
	p.Base = cmp.Or(p.Base, 100*time.Millisecond)
	p.Most = cmp.Or(p.Most, 5*time.Second)
	account := p.Budget.open()
	return func(ctx context.Context, r client.Request) client.Outcome {
		if !Idempotent(r) {
			return next(ctx, r)
		}
		account.deposit()
		o := next(ctx, r)
		if !retryable(o) {
			return o
		}
		return p.again(ctx, r, next, o, account)
	}
}

// again makes the retries of a request whose first try came to o.
func (p Retry) again(ctx context.Context, r client.Request, next client.Fetch, o client.Outcome, budget *account) client.Outcome {
	intervals := p.intervals()
	for retry := 1; retry <= p.Retries && retryable(o); retry++ {
		wait := after(o.RetryAfter, p.jitter(r, retry, intervals.NextBackOff()))
		if ctx.Err() != nil || !inTime(ctx, wait) || !budget.withdraw() {
			return o
		}
		fetchers.Heed(ctx, client.Failure{Outcome: &o})
		if !pause(ctx, wait) {
			return instead(ended(ctx), o)
		}
		o = instead(next(ctx, r), o)
	}
	return o
}

// intervals yields the bounds of the waits: Base, twice that, and so on up to Most.
// The jitter of the library cannot be seeded, so it is off.
func (p Retry) intervals() *backoff.ExponentialBackOff {
	return &backoff.ExponentialBackOff{
		InitialInterval: min(p.Base, p.Most), // the library bounds only those after it
		Multiplier:      2,
		MaxInterval:     p.Most,
	}
}

// jitter draws the wait before a retry.
func (p Retry) jitter(r client.Request, retry int, most time.Duration) time.Duration {
	if most <= 0 {
		return 0
	}
	h := fnv.New64a()
	h.Write([]byte(cmp.Or(r.ID, r.URL)))
	h.Write(binary.LittleEndian.AppendUint64(nil, r.Draw))
	h.Write(binary.LittleEndian.AppendUint64(nil, uint64(retry)))
	draw := rand.New(rand.NewPCG(p.Seed, h.Sum64()))
	return time.Duration(draw.Int64N(int64(most) + 1))
}

// after adds what was drawn to what the upstream asked for. It may ask for anything,
// in seconds: what does not fit a Duration is as good as for ever.
func after(asked, drawn time.Duration) time.Duration {
	asked = max(0, asked)
	if asked > math.MaxInt64-drawn {
		return math.MaxInt64
	}
	return asked + drawn
}

// retryable reports whether another try may fare better.
func retryable(o client.Outcome) bool {
	switch o.Class {
	case client.ClassTimeout, client.ClassRefused, client.ClassReset, client.ClassEOF,
		client.ClassTruncated, client.ClassH2, client.ClassHTTP429,
		client.ClassDNSTimeout, client.ClassDNSError:
		return true
	case client.ClassHTTP5xx:
		switch o.Status {
		case http.StatusInternalServerError, http.StatusBadGateway,
			http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
	}
	return false
}
