package policy

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// pass is a policy from outside of this package. It notes that a request passed it.
type pass struct {
	name string
	log  *[]string
}

func (p pass) Wrap(next client.Fetch) client.Fetch {
	return func(ctx context.Context, r client.Request) client.Outcome {
		*p.log = append(*p.log, p.name)
		return next(ctx, r)
	}
}

// TestChainHasOneOrder composes all policies in many orders. What only that order does
// is told by one request whose first attempt hangs and whose second fails: the timeout
// ends the first after 1 s, the hedge is due after 500 ms, and both wait for the limit.
func TestChainHasOneOrder(t *testing.T) {
	var log []string
	policies := []Policy{
		Dedup{},
		&Retry{Base: 1, Most: 1},
		Breaker{Failures: 2},
		Hedge{Delay: 500 * ms},
		Limit{PerSecond: 10},
		Timeout{After: time.Second},
		pass{"a", &log},
		pass{"b", &log},
	}
	draw := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		draw.Shuffle(len(policies)-2, func(i, j int) { policies[i], policies[j] = policies[j], policies[i] })
		virtual(t, func(t *testing.T) {
			log = nil
			f := newFake(ok(time.Hour), unavailable(0))
			start := time.Now()
			o := Chain(policies, f.fetch)(t.Context(), get("a"))
			// Try 1: attempts at 0 s and 0.5 s; the timeout of the first is the later
			// failure. Try 2 fails at once, which is the second failure and opens the
			// breaker: try 3 is not sent. With the retry inside of the breaker there
			// would be four tries, with the hedge outside of it more attempts.
			want(t, o, client.ClassBreaker, 3, 3)
			if passed := time.Since(start).Truncate(ms); passed != time.Second {
				t.Errorf("%v: took %v, want 1s", policies, passed)
			}
			if got := strings.Join(log, ""); got != "ab" {
				t.Errorf("the other policies were passed as %q, want ab, once", got)
			}
		})
	}
}

// TestChainLeavesTheListAlone, for it is the caller's.
func TestChainLeavesTheListAlone(t *testing.T) {
	policies := []Policy{Timeout{}, Retry{}, Dedup{}}
	Chain(policies, newFake(ok(0)).fetch)
	if policies[0] != (Timeout{}) || policies[2] != (Dedup{}) {
		t.Errorf("the list is now %v", policies)
	}
}

// TestCheck refuses with a message that names what is wrong.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		policies []Policy
		want     string // "" for a good composition
	}{
		{nil, ""},
		{[]Policy{Timeout{}, Retry{}, Dedup{}, Hedge{}, Breaker{}, Limit{}}, ""},
		{[]Policy{Timeout{After: time.Second}, Hedge{Delay: 999 * ms}}, ""},
		{[]Policy{Timeout{After: time.Second}, Hedge{Quantile: 0.5}}, ""},
		{[]Policy{Timeout{After: time.Second}, Limit{PerSecond: 1}, Hedge{Delay: time.Second}}, ""},
		{[]Policy{pass{name: "a"}, pass{name: "b"}}, ""},
		{[]Policy{Retry{}, Timeout{}, Retry{Retries: 1}}, "retry is given twice"},
		{[]Policy{&Retry{}, &pass{name: "a"}, &pass{name: "b"}}, ""},
		{[]Policy{&Retry{}, &Retry{}}, "policy retry is given twice"},
		{[]Policy{Retry{}, &Retry{}}, "policy retry is given twice"},
		{[]Policy{(*Retry)(nil)}, "policy retry is a pointer to nothing"},
		{[]Policy{&Timeout{After: time.Second}, &Hedge{Delay: time.Second}}, "hedge after 1s is never sent"},
		{[]Policy{Timeout{After: time.Second}, Hedge{Delay: time.Second}}, "hedge after 1s is never sent"},
		{[]Policy{Hedge{Quantile: 1}}, "quantile 1"},
		{[]Policy{Hedge{Quantile: -0.1}}, "quantile -0.1"},
		{[]Policy{Hedge{Quantile: math.NaN()}}, "quantile NaN"},
		{[]Policy{Hedge{Delay: -1}}, "hedge after -1ns"},
		{[]Policy{Limit{PerSecond: math.NaN()}}, "limit of NaN"},
		{[]Policy{Limit{PerSecond: math.Inf(1)}}, "limit of +Inf"},
		{[]Policy{Limit{PerSecond: -1}}, "limit of -1"},
		{[]Policy{Timeout{After: -1}}, "timeout after -1ns"},
		{[]Policy{Retry{Base: -1}}, "retry waits between -1ns"},
		{[]Policy{Retry{Budget: Budget{Share: math.NaN()}}}, "budget of NaN"},
	} {
		err := Check(c.policies)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: error is %v, want %q", c.policies, err, c.want)
		}
	}
}
