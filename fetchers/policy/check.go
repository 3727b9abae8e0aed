package policy

import (
	"fmt"
	"math"
	"reflect"
	"strings"
)

// Check says what is wrong with a composition before anything is sent: a policy given
// twice, a number that no policy can work with, a hedge that can never be sent. It
// knows nothing of requests; see [Idempotent] for those.
func Check(policies []Policy) error {
	var hedge Hedge
	var timeout Timeout
	limited := false
	kinds := map[reflect.Type]bool{}
	for _, p := range policies {
		p, err := value(p)
		if err != nil {
			return err
		}
		kind := reflect.TypeOf(p)
		if depth(p) > 0 && kinds[kind] {
			return fmt.Errorf("policy %s is given twice", strings.ToLower(kind.Name()))
		}
		kinds[kind] = true
		if c, ok := p.(checker); ok {
			if err := c.check(); err != nil {
				return err
			}
		}
		switch p := p.(type) {
		case Hedge:
			hedge = p
		case Timeout:
			timeout = p
		case Limit:
			limited = true
		}
	}
	// Before its turn an attempt has no timeout yet, and may be hedged.
	if !limited && hedge.never(timeout) {
		return fmt.Errorf("a hedge after %v is never sent: the timeout ends each attempt after %v", hedge.Delay, timeout.After)
	}
	return nil
}

// value is a policy of this package as it is where a pointer to it was given, as may be
// for [Chain].
func value(p Policy) (Policy, error) {
	at := reflect.ValueOf(p)
	if depth(p) == 0 || at.Kind() != reflect.Pointer {
		return p, nil
	}
	if at.IsNil() {
		return nil, fmt.Errorf("policy %s is a pointer to nothing", strings.ToLower(at.Type().Elem().Name()))
	}
	if pointed, is := at.Elem().Interface().(Policy); is {
		return pointed, nil
	}
	return p, nil
}

// never reports whether the timeout ends each attempt before its hedge is due.
func (p Hedge) never(t Timeout) bool {
	return t.After > 0 && p.Quantile == 0 && p.Delay >= t.After
}

// checker is a policy that knows which of its numbers could only be a mistake. Wrap
// itself takes any number for something.
type checker interface{ check() error }

func (p Retry) check() error {
	if p.Base < 0 || p.Most < 0 || math.IsNaN(p.Budget.Share) {
		return fmt.Errorf("retry waits between %v and %v with a budget of %v a request", p.Base, p.Most, p.Budget.Share)
	}
	return nil
}

func (p Hedge) check() error {
	if p.Delay < 0 || !(p.Quantile >= 0 && p.Quantile < 1) {
		return fmt.Errorf("hedge after %v or quantile %v: want a time, or a quantile between 0 and 1", p.Delay, p.Quantile)
	}
	return nil
}

func (p Limit) check() error {
	if !(p.PerSecond >= 0) || math.IsInf(p.PerSecond, 1) {
		return fmt.Errorf("limit of %v attempts a second", p.PerSecond)
	}
	return nil
}

func (p Timeout) check() error {
	if p.After < 0 {
		return fmt.Errorf("timeout after %v", p.After)
	}
	return nil
}
