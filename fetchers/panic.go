package fetchers

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"
)

// Panic is what a concurrent strategy panics with on the goroutine that called
// Run when a call panicked on another one. Stack is that other goroutine's.
type Panic struct {
	Value any
	Stack []byte
}

// Error shows the value and where it was raised.
func (p *Panic) Error() string {
	return fmt.Sprintf("panic in a call: %v\n\n%s", p.Value, p.Stack)
}

// Unwrap returns the value if it was an error, so that errors.Is sees through.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// panics keeps the first panic of a run's goroutines for the goroutine that
// owns them. Without it the runtime would end the program, and nothing that the
// caller wrote could save its results.
type panics struct {
	first atomic.Pointer[Panic]
}

// A goexit stands in for the value of a panic where a call ended its goroutine.
type goexit struct{}

// keep is deferred by each goroutine, with whether it came to its end: it ends the
// panic there and remembers it. What ends a goroutine without a panic is runtime.Goexit.
func (p *panics) keep(returned *bool) {
	value := recover()
	if value == nil && !*returned {
		value = goexit{}
	}
	if value != nil {
		p.first.CompareAndSwap(nil, &Panic{Value: value, Stack: debug.Stack()})
	}
}

// any tells whether some call has panicked, so that no further one is started.
func (p *panics) any() bool { return p.first.Load() != nil }

// raise does to its goroutine what a call did to the one that it was made on: it
// panics with what was kept, if anything was, or ends it.
func (p *panics) raise() {
	switch first := p.first.Load(); {
	case first == nil:
	case first.Value == any(goexit{}):
		runtime.Goexit()
	default:
		panic(first)
	}
}
