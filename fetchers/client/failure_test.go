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
		{Outcome{Class: ClassHTTP429, Status: 429, Effort: Effort{RetryAfter: time.Second}}, "http_429: status 429", true},
		{Outcome{Class: ClassHTTP5xx, Status: 503}, "http_5xx: status 503", true},
		{Outcome{Class: ClassHTTP5xx, Status: 500}, "http_5xx: status 500", false},
		{Outcome{Class: ClassReset, Err: errors.New("torn down")}, "reset: torn down", false},
	} {
		var f Failure
		if !errors.As(c.outcome.Failed(), &f) {
			t.Fatalf("%+v did not fail", c.outcome)
		}
		if f.Error() != c.text || f.Overloaded() != c.overloaded || f.RetryAfter() != c.outcome.RetryAfter {
			t.Errorf("%+v is %q, overloaded %v, after %v", c.outcome, f, f.Overloaded(), f.RetryAfter())
		}
	}
	if err := (&Outcome{Class: ClassOK, Status: 200}).Failed(); err != nil {
		t.Errorf("an outcome that is ok failed: %v", err)
	}
}
