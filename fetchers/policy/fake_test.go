package policy

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// An answer is what an attempt comes to, and how long that takes.
type answer struct {
	after   time.Duration
	outcome client.Outcome
}

// ok and status are answers; both took one attempt.
func ok(after time.Duration) answer {
	return answer{after, client.Outcome{Class: client.ClassOK, Status: 200, Received: client.Received{Bytes: 7}, Attempts: 1}}
}

func status(after time.Duration, class client.Class, code int) answer {
	return answer{after, client.Outcome{Class: class, Status: code, Attempts: 1}}
}

// unavailable is the failure that most tests use.
func unavailable(after time.Duration) answer { return status(after, client.ClassHTTP5xx, 503) }

// A fake is an upstream in virtual time. Attempt n gets answer n, and the last answer
// for ever after. A context that ends first makes the attempt what the client would.
type fake struct {
	answers []answer

	mu       sync.Mutex
	requests []client.Request
	starts   []time.Duration // since the fake was made
	made     time.Time
	causes   []error // of the attempts that were cut off
	now, max int     // in flight
}

func newFake(answers ...answer) *fake { return &fake{answers: answers, made: time.Now()} }

func (f *fake) fetch(ctx context.Context, r client.Request) client.Outcome {
	f.mu.Lock()
	a := f.answers[min(len(f.starts), len(f.answers)-1)]
	f.starts = append(f.starts, time.Since(f.made))
	f.requests = append(f.requests, r)
	f.now++
	f.max = max(f.max, f.now)
	f.mu.Unlock()
	timer := time.NewTimer(a.after)
	defer timer.Stop()
	defer func() {
		f.mu.Lock()
		f.now--
		f.mu.Unlock()
	}()
	select {
	case <-timer.C:
		return a.outcome
	case <-ctx.Done():
		return f.cutOff(context.Cause(ctx))
	}
}

// cutOff is the outcome of an attempt whose context ended while it was under way.
func (f *fake) cutOff(cause error) client.Outcome {
	f.mu.Lock()
	f.causes = append(f.causes, cause)
	f.mu.Unlock()
	if errors.Is(cause, client.ErrTimeout) {
		return client.Outcome{Class: client.ClassTimeout, Phase: "wait", Err: cause, Attempts: 1}
	}
	return client.Outcome{Class: client.ClassCancelled, Err: cause, Attempts: 1}
}

// seen returns when attempts started, since the fake was made.
func (f *fake) seen() []time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]time.Duration(nil), f.starts...)
}

// virtual runs a test in virtual time, in which every wait is exact. It fails if a
// goroutine is left.
func virtual(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}

// get is a request for a path of the fake.
func get(path string) client.Request {
	return client.Request{ID: path, URL: "http://upstream.test/" + path}
}

// want compares the parts of an outcome that policies write.
func want(t *testing.T, o client.Outcome, class client.Class, attempts, wasted int) {
	t.Helper()
	if o.Class != class || o.Attempts != attempts || o.Wasted != wasted {
		t.Errorf("outcome is %s with %d attempts, %d wasted; want %s with %d, %d (error: %v)",
			o.Class, o.Attempts, o.Wasted, class, attempts, wasted, o.Err)
	}
	if o.Class != client.ClassOK && o.Status == 0 && o.Err == nil {
		t.Errorf("outcome of class %s has no error that explains it", o.Class)
	}
}

// took checks how much virtual time has passed since start.
func took(t *testing.T, start time.Time, want time.Duration) {
	t.Helper()
	if got := time.Since(start); got != want {
		t.Errorf("took %v, want %v", got, want)
	}
}
