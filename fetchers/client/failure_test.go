package client

import (
	"errors"
	"testing"
	"time"
)

// A failure says its class and its reason, and tells apart what asks for less.
func TestFailure(t *testing.T) {
	for _, c := range []struct {
		outcome    Outcome
		text       string
		overloaded bool
	}{
		{Outcome{Class: ClassHTTP429, Status: 429, Effort: Effort{RetryAfter: time.Second}}, "http_429", true},
		{Outcome{Class: ClassHTTP5xx, Status: 503}, "http_5xx", true},
		{Outcome{Class: ClassHTTP5xx, Status: 500}, "http_5xx", false},
		{Outcome{Class: ClassReset, Err: errors.New("torn down")}, "reset: torn down", false},
	} {
		f := Failure{&c.outcome}
		if f.Error() != c.text || f.Overloaded() != c.overloaded || f.RetryAfter() != c.outcome.RetryAfter {
			t.Errorf("%+v is %q, overloaded %v, after %v", c.outcome, f, f.Overloaded(), f.RetryAfter())
		}
	}
}
