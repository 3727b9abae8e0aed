package upstream

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// descriptors counts the timer descriptors that this process has open.
func descriptors(t *testing.T) int {
	t.Helper()
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil || len(links) == 0 {
		t.Fatalf("/proc/self/fd: %v", err)
	}
	timers := 0
	for _, link := range links {
		// A link may be gone again: the glob itself had a descriptor.
		if to, err := os.Readlink(link); err == nil && to == "anon_inode:[timerfd]" {
			timers++
		}
	}
	return timers
}

// soon is an instant that has to be waited for.
func soon() time.Time { return time.Now().Add(time.Millisecond) }

// One request after the other needs one descriptor, ten at once no more than ten,
// whose number falls to nothing when the clock is closed.
func TestAlarmsAreUsedAgain(t *testing.T) {
	c := &alarms{limit: 100}
	check := func(most int) {
		t.Helper()
		if n := descriptors(t); n < 1 || n > most || n != c.made || n != len(c.idle) {
			t.Errorf("%d descriptors, %d made, %d idle, want 1 to %d of each", n, c.made, len(c.idle), most)
		}
	}
	for range 10 {
		c.until(t.Context(), soon())
	}
	check(1)
	var waits sync.WaitGroup
	for range 10 {
		waits.Go(func() { c.until(t.Context(), soon()) })
	}
	waits.Wait()
	check(10)
	c.close()
	if n := descriptors(t); n != 0 || c.made != 0 {
		t.Errorf("%d descriptors, %d made after close", n, c.made)
	}
}

// The descriptor that was used last is the next to be used; the other stays idle.
func TestAlarmsLeaveTheOthersIdle(t *testing.T) {
	c := &alarms{limit: 2}
	first, last := c.take(), c.take()
	c.give(first)
	c.give(last)
	if taken := c.take(); taken != last || len(c.idle) != 1 || c.idle[0] != first {
		t.Errorf("took the last: %v, idle %d", taken == last, len(c.idle))
	}
	c.give(last)
	c.close()
}

// A wait that was given up closes its descriptor, and leaves room for another.
func TestAlarmsOfClientsThatLeftAreClosed(t *testing.T) {
	c := &alarms{limit: 1}
	for range 10 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		if c.until(ctx, time.Now().Add(time.Hour)) {
			t.Error("an hour has passed")
		}
		cancel()
		if n := descriptors(t); n != 0 || c.made != 0 {
			t.Fatalf("%d descriptors, %d made", n, c.made)
		}
	}
	if c.until(t.Context(), soon()); len(c.idle) != 1 {
		t.Error("no descriptor after all left")
	}
	c.close()
}

// With every descriptor in use, or none allowed, requests wait by timers.
func TestAlarmsBeyondTheLimitWaitByTimers(t *testing.T) {
	for limit := range 2 {
		c := &alarms{limit: limit}
		held := c.take()
		if (held != nil) != (limit == 1) {
			t.Fatalf("limit %d: took %v", limit, held)
		}
		if at := soon(); !c.until(t.Context(), at) || time.Now().Before(at) {
			t.Errorf("limit %d: no wait", limit)
		}
		if n := descriptors(t); n != limit || len(c.idle) != 0 {
			t.Errorf("limit %d: %d descriptors, %d idle", limit, n, len(c.idle))
		}
		if held != nil {
			c.give(held)
		}
		c.close()
	}
}

// A descriptor that no longer works costs punctuality and nothing else.
func TestAlarmsThatFailAreReplaced(t *testing.T) {
	c := &alarms{limit: 1}
	broken := c.take()
	if err := broken.file.Close(); err != nil {
		t.Fatal(err)
	}
	c.give(broken)
	if at := soon(); !c.until(t.Context(), at) || time.Now().Before(at) {
		t.Error("no wait")
	}
	if c.made != 0 || len(c.idle) != 0 {
		t.Errorf("%d made, %d idle", c.made, len(c.idle))
	}
	c.close()
}

// The poller may report an expiry that belongs to an earlier wait: what counts is
// the clock.
func TestAlarmsAskTheClock(t *testing.T) {
	a, err := newAlarm()
	if err != nil {
		t.Fatal(err)
	}
	fd := a.file.Fd()
	for instant, rings := range map[time.Time]bool{
		time.Now().Add(-time.Second): true, time.Now(): true, time.Now().Add(time.Hour): false,
	} {
		a.at = instant
		if a.rings(fd) != rings || a.err != nil {
			t.Errorf("rings is %v, %v in %v", !rings, a.err, time.Until(instant))
		}
	}
	if a.at = time.Now().Add(time.Hour); !a.rings(^uintptr(0)) || a.err == nil {
		t.Error("a timer that cannot be set is waited for")
	}
	_ = a.file.Close()
}

// A closed server holds no descriptor, whether its requests ended or were ended.
func TestServerLeavesNoAlarm(t *testing.T) {
	for _, delay := range []time.Duration{time.Millisecond, time.Hour} {
		s, err := Serve("", constant(8, delay), Options{})
		if err != nil {
			t.Fatal(err)
		}
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		var calls sync.WaitGroup
		for _, url := range s.URLs() {
			calls.Go(func() {
				if status, _, err := fetch(t.Context(), &client, url, ""); err == nil && status != http.StatusOK {
					t.Errorf("status %d", status)
				}
			})
		}
		if delay < time.Hour {
			calls.Wait()
			if descriptors(t) == 0 {
				t.Error("the server does not wait by alarms")
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		calls.Wait()
		if n := descriptors(t); n != 0 {
			t.Errorf("latency %v: %d descriptors are left", delay, n)
		}
	}
}
