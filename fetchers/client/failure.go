package client

import (
	"fmt"
	"net/http"
	"time"
)

// Failed is nil for an outcome that is ok, and a [Failure] for any other.
func (o *Outcome) Failed() error {
	if o.Class == ClassOK {
		return nil
	}
	return Failure{o}
}

// A Failure is an outcome other than ok as an error: what a strategy sees of a request
// that failed. Only strategies that adapt look into it, and only at whether the
// upstream asked for less.
type Failure struct{ Outcome *Outcome }

// Error is the class, and the reason or the status where there is one.
func (f Failure) Error() string {
	switch o := f.Outcome; {
	case o.Err != nil:
		return fmt.Sprintf("%s: %v", o.Class, o.Err)
	case o.Status != 0:
		return fmt.Sprintf("%s: status %d", o.Class, o.Status)
	}
	return string(f.Outcome.Class)
}

// Overloaded reports whether the upstream answered that it has too much to do.
func (f Failure) Overloaded() bool {
	return f.Outcome.Status == http.StatusTooManyRequests || f.Outcome.Status == http.StatusServiceUnavailable
}

// RetryAfter is the wait that the answer asked for, 0 if it did not.
func (f Failure) RetryAfter() time.Duration { return f.Outcome.RetryAfter }
