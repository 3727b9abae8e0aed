// Package policy changes how one call is made.
//
// A [Policy] wraps a [client.Fetch] in another: [Retry] tries again, [Hedge] sends a
// second attempt to a slow first, [Limit] holds attempts back, [Timeout] cuts them
// off, [Dedup] shares the answers of equal requests and [Breaker] stops asking an
// upstream that fails. [Chain] puts several into the one order that makes sense.
//
// When calls are made is the business of a strategy, over what they are made that of
// the client. A policy keeps nothing beyond one Wrap, leaves no goroutine behind, and
// lets nothing it started outlive the call it was started for. What it costs upstream
// is in the outcome: every request that went out is in Attempts, and those whose
// answers were not used are in Wasted. Status, bytes, redirects, phases and connection
// are those of the answer that was used, so of the attempts of an answered request
// one was the answer, Redirects led to it and Wasted did not.
//
// All times are durations on the monotonic clock. Costs in doc comments are per call
// on two shared cores around a fetch that does nothing.
//
//	fetch := policy.Chain([]policy.Policy{policy.Retry{Retries: 3}}, c.Fetch)
//	o := fetch(ctx, client.Request{URL: "http://127.0.0.1:8080/"})
package policy

import (
	"cmp"
	"slices"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// A Policy makes one call differently.
//
// Wrap is called once a trial, and what a policy keeps (budgets, quantiles, the state
// of a breaker) lives as long as the Fetch that it returns, which is safe for use by
// many goroutines at once if next is. That Fetch returns soon after its context has
// ended, if next does, and a panic in next reaches its caller. A Policy itself is a
// value without state.
type Policy interface {
	Wrap(next client.Fetch) client.Fetch
}

// Chain wraps next in the policies, in one order whatever order they are given in.
// From the outside in:
//
//   - Dedup, because what is shared is the final answer: outside of everything that
//     spends attempts, equal requests spend them once.
//   - Retry, outside of the breaker, so that each try asks the breaker anew and a
//     breaker that opens between two tries ends the request. The other way round a
//     breaker would learn of a failing upstream only once all tries were spent.
//   - Breaker, outside of the hedge: a hedge is no further failure of the upstream,
//     and an open breaker saves both attempts.
//   - Hedge, inside of the retry, so that each try may be hedged; inside out, a slow
//     first try would be raced by a whole second set of tries.
//   - Limit, for each attempt, hedges and retries included: the quota of an upstream
//     counts them all.
//   - Timeout, for each attempt and innermost, so that waiting for a limit or before
//     a retry does not use it up.
//
// A policy that is not of this package goes outside of all these: it sees requests as
// their caller does. Policies of one kind keep the order in which they are given.
func Chain(policies []Policy, next client.Fetch) client.Fetch {
	inward := slices.Clone(policies)
	slices.SortStableFunc(inward, func(a, b Policy) int { return cmp.Compare(depth(a), depth(b)) })
	for _, p := range slices.Backward(inward) {
		next = p.Wrap(next)
	}
	return next
}

// depth is how far inside a policy belongs.
func depth(p Policy) int {
	switch p.(type) {
	case Dedup, *Dedup:
		return 1
	case Retry, *Retry:
		return 2
	case Breaker, *Breaker:
		return 3
	case Hedge, *Hedge:
		return 4
	case Limit, *Limit:
		return 5
	case Timeout, *Timeout:
		return 6
	}
	return 0
}
