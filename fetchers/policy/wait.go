package policy

import (
	"context"
	"errors"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
)

// pause waits and reports whether the context still stands. A strategy that lends its
// slots gives the one of this call to another meanwhile.
func pause(ctx context.Context, wait time.Duration) bool {
	if wait > 0 {
		fetchers.Park(ctx, func() {
			timer := time.NewTimer(wait)
			defer timer.Stop()
			select {
			case <-timer.C:
			case <-ctx.Done():
			}
		})
	}
	// Getting the slot back may have taken until after the end.
	return ctx.Err() == nil
}

// inTime reports whether something can still be done after a wait.
func inTime(ctx context.Context, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || wait < time.Until(deadline)
}

// ended is the outcome of a request whose context ended while nothing of it was on
// the wire. No phase of an exchange was struck, so there is none.
func ended(ctx context.Context) client.Outcome {
	o := client.Outcome{Class: client.ClassCancelled, Err: context.Cause(ctx)}
	if errors.Is(o.Err, client.ErrTimeout) {
		o.Class = client.ClassTimeout
	}
	return o
}

// instead is the outcome o that takes the place of an earlier one, whose attempts
// were for nothing.
func instead(o, earlier client.Outcome) client.Outcome {
	o.Attempts += earlier.Attempts
	o.Wasted += earlier.Attempts
	return o
}
