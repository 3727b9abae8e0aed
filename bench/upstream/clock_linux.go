package upstream

import (
	"context"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A clock may take one file descriptor in fdShare, the others being for
// connections, and no more than alarmLimit. With more requests in flight than
// that, answers stand in line for the processor; an alarm costs four times as much
// of it as one of Go's timers, and would make the line longer.
const (
	fdShare    = 4
	alarmLimit = 128
)

// newClock makes the clock for upstreams on real sockets.
func newClock() clock {
	var files unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &files) != nil {
		return timers{}
	}
	return &alarms{limit: int(min(files.Cur/fdShare, alarmLimit))}
}

// alarms is a clock of timer descriptors (timerfd_create(2)), one for each request
// that waits, used again by the next. The kernel makes a descriptor readable at a
// nanosecond and so wakes the thread that sleeps in epoll_wait, and Go's poller
// runs the request on that very thread. One descriptor for all requests, with a
// heap of instants and a goroutine that reads it, was tried: the second goroutine
// wakes a second thread, which costs 15 us and half as much processor time again,
// and a thread of its own that sleeps in the kernel costs several times as much.
//
// A wait costs one system call and no goroutine. Beyond the limit, and where the
// kernel refuses, it falls back to timers.
type alarms struct {
	limit int
	mu    sync.Mutex
	made  int // in use or idle
	idle  []*alarm
}

// An alarm is one timer descriptor, waited on by one request at a time.
type alarm struct {
	file *os.File
	wire syscall.RawConn
	at   time.Time
	err  error
	// closed receives once cancel has ended. The functions are kept because making
	// one anew for each wait would cost an allocation.
	closed chan struct{}
	ring   func(fd uintptr) bool
	cancel func()
}

// until implements clock.
func (c *alarms) until(ctx context.Context, at time.Time) bool {
	a := c.take()
	if a == nil {
		return timers{}.until(ctx, at)
	}
	stop := context.AfterFunc(ctx, a.cancel)
	err := a.wait(at)
	if !stop() {
		// The context ended, if only at the same moment as the wait. Its function
		// runs in a goroutine; awaiting it here keeps it from outliving the clock.
		<-a.closed
		c.drop()
		return false
	}
	if err != nil {
		_ = a.file.Close() // it failed already
		c.drop()
		return timers{}.until(ctx, at)
	}
	c.give(a)
	return true
}

// take returns an idle alarm or a new one, or nil if there are as many as may be.
// The one used last comes first: few in flight then stay with few descriptors.
func (c *alarms) take() *alarm {
	c.mu.Lock()
	if last := len(c.idle) - 1; last >= 0 {
		a := c.idle[last]
		c.idle = c.idle[:last]
		c.mu.Unlock()
		return a
	}
	full := c.made >= c.limit
	if !full {
		c.made++
	}
	c.mu.Unlock()
	if full {
		return nil
	}
	a, err := newAlarm()
	if err != nil {
		c.drop()
		return nil
	}
	return a
}

// give makes an alarm idle.
func (c *alarms) give(a *alarm) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle = append(c.idle, a)
}

// drop forgets an alarm that was taken and is closed.
func (c *alarms) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made--
}

// close implements clock.
func (c *alarms) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range c.idle {
		_ = a.file.Close() // closing a timer cannot lose anything
	}
	c.made -= len(c.idle)
	c.idle = nil
}

// newAlarm makes a timer descriptor that Go's poller watches.
func newAlarm() (*alarm, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	a := &alarm{file: os.NewFile(uintptr(fd), "timerfd"), closed: make(chan struct{}, 1)}
	if a.wire, err = a.file.SyscallConn(); err != nil {
		_ = a.file.Close()
		return nil, err
	}
	a.ring = a.rings
	a.cancel = func() {
		_ = a.file.Close() // ends the wait
		a.closed <- struct{}{}
	}
	return a, nil
}

// wait returns at the instant, or earlier with an error.
func (a *alarm) wait(at time.Time) error {
	a.at, a.err = at, nil
	if err := a.wire.Read(a.ring); err != nil {
		return err
	}
	return a.err
}

// rings is called before the wait and each time the poller says that the timer has
// expired. It asks the clock instead of reading the descriptor: setting the timer
// forgets earlier expiries, and the poller reports edges, so a read would be a
// system call for nothing. An expiry left over from an earlier wait sets the timer
// once more, for the time that is left.
func (a *alarm) rings(fd uintptr) bool {
	left := time.Until(a.at)
	if left <= 0 {
		return true
	}
	next := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(left))}
	a.err = unix.TimerfdSettime(int(fd), 0, &next, nil)
	return a.err != nil
}
