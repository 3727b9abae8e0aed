package bench

import (
	"fmt"
	"math"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/adapters"
	"github.com/fetchbench/fetchbench/fetchers/policy"
)

// rate is how many requests a second a contender begins at most, 0 if nothing holds
// it back.
func (c *scheduled) rate() float64 {
	lowest := 0.0
	note := func(r float64) {
		if r > 0 && (lowest == 0 || r < lowest) {
			lowest = r
		}
	}
	if p, is := c.strategy.(adapters.Paced); is {
		note(p.PerSecond)
	}
	for _, p := range c.policies {
		if l, is := p.(policy.Limit); is {
			note(l.PerSecond)
		}
	}
	return lowest
}

// pace is the least time that n requests take at the contender's rate.
func (c *scheduled) pace(n int) time.Duration {
	r := c.rate()
	if r == 0 {
		return 0
	}
	return time.Duration(min(float64(n)/r*float64(time.Second), math.MaxInt64/2))
}

// onTime refuses a contender whose rate cannot be kept within the limits of a trial
// or of the run.
func (p Plan) onTime(c *scheduled) error {
	n := p.Batch() * max(1, p.Repeat)
	takes := c.pace(n)
	for _, limit := range []struct {
		name  string
		value time.Duration
	}{{"trial", p.Limits.Trial.or(longestTrial)}, {"run", p.Limits.Run.or(defaultRun)}} {
		if takes > limit.value {
			return &SpecError{Spec: c.name, Reason: fmt.Sprintf(
				"%d requests at %g/s take %v, and the limit of a %s is %v", n, c.rate(), takes.Round(time.Second), limit.name, limit.value)}
		}
	}
	return nil
}

// keyed gives a strategy that asks for a key the host of each request: how many it may
// have in flight depends on how many hosts there are.
func (p Plan) keyed(s fetchers.Strategy) fetchers.Strategy {
	k, ok := s.(fetchers.Keyed)
	if !ok || len(p.URLs) == 0 {
		return s
	}
	hosts := make([]string, len(p.URLs))
	for i, r := range p.URLs {
		hosts[i] = origin(r.URL)
	}
	return k.ByKey(func(i int) string { return hosts[i%len(hosts)] })
}
