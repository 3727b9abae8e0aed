package client

import (
	"fmt"
	"net/http"
	"time"
)

// A Failure is an outcome other than ok as an error: what a strategy sees of a request
// that failed. Only strategies that adapt look into it, and only at whether the
// upstream asked for less.
type Failure struct{ Outcome *Outcome }

// Error is the class, and the reason where there is one.
func (f Failure) Error() string {
	if f.Outcome.Err != nil {
		return fmt.Sprintf("%s: %v", f.Outcome.Class, f.Outcome.Err)
	}
	return string(f.Outcome.Class)
}

// Overloaded reports whether the upstream answered that it has too much to do.
func (f Failure) Overloaded() bool {
	return f.Outcome.Status == http.StatusTooManyRequests || f.Outcome.Status == http.StatusServiceUnavailable
}

// RetryAfter is the wait that the answer asked for, 0 if it did not.
func (f Failure) RetryAfter() time.Duration { return f.Outcome.RetryAfter }
