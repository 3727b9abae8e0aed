package policy

import (
	"context"
	"errors"
	"runtime/debug"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
)

// errGoexit stands in for the value of a panic where a call ended its goroutine, as
// the Fatal of a test does. Whoever waits for the call must not take that for an answer.
var errGoexit = errors.New("the call ended its goroutine")

// apart is a call made on a goroutine that its caller does not own. A panic there
// would end the program, so it is kept for the goroutine that waits.
type apart struct {
	outcome  client.Outcome
	panicked *fetchers.Panic
}

// fetch makes the call. Afterwards either there is an outcome or a panic was kept.
func (a *apart) fetch(ctx context.Context, r client.Request, next client.Fetch) {
	returned := false
	defer func() {
		if returned {
			return
		}
		value := recover()
		if value == nil {
			value = errGoexit
		}
		a.panicked = &fetchers.Panic{Value: value, Stack: debug.Stack()}
	}()
	a.outcome = next(ctx, r)
	returned = true
}

// raise panics on the goroutine of the caller if the call did.
func (a *apart) raise() {
	if a.panicked != nil {
		panic(a.panicked)
	}
}
