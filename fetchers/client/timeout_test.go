package client

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// dialFunc is the form of Config.Dial.
type dialFunc = func(context.Context, string, string) (net.Conn, error)

// stuck is a dial that ends only with its context.
func stuck(ctx context.Context, _, _ string) (net.Conn, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// stuckLookup is a dial that waits for a name for ever.
func stuckLookup(ctx context.Context, network, addr string) (net.Conn, error) {
	httptrace.ContextClientTrace(ctx).DNSStart(httptrace.DNSStartInfo{Host: addr})
	return stuck(ctx, network, addr)
}

// deaf is a dial to an upstream that never reads.
func deaf(context.Context, string, string) (net.Conn, error) {
	near, _ := net.Pipe()
	return near, nil
}

// says is an upstream that reads the request, says something and falls silent.
func says(text string) dialFunc {
	return pipes(func(c net.Conn, _ int) {
		readRequest(bufio.NewReader(c))
		io.WriteString(c, text)
		io.Copy(io.Discard, c)
	})
}

// drips is an upstream that reads the request and never stops to say a little more.
func drips(first, more string) dialFunc {
	return pipes(func(c net.Conn, _ int) {
		readRequest(bufio.NewReader(c))
		io.WriteString(c, first)
		gone := make(chan struct{})
		go func() {
			io.Copy(io.Discard, c)
			close(gone)
		}()
		for {
			select {
			case <-gone:
				return
			case <-time.After(300 * time.Millisecond):
				io.WriteString(c, more)
			}
		}
	})
}

// TestR10DeadlineEndsEveryPhase makes an upstream hang in each phase. The deadline
// strikes to the nanosecond, the outcome says where, and nothing is left behind.
func TestR10DeadlineEndsEveryPhase(t *testing.T) {
	silent := func() dialFunc { return deaf }
	for _, tt := range []struct {
		name, phase string
		scheme      string
		dial        func() dialFunc
		class       Class
		attempts    int
	}{
		{"lookup", "dns", "http", func() dialFunc { return stuckLookup }, ClassDNSTimeout, 0},
		{"dial", "connect", "http", func() dialFunc { return stuck }, ClassTimeout, 0},
		{"handshake", "tls", "https", silent, ClassTimeout, 0},
		{"request not read", "write", "http", silent, ClassTimeout, 0},
		{"no answer", "wait", "http", func() dialFunc { return says("") }, ClassTimeout, 1},
		{"half the headers", "headers", "http", func() dialFunc { return says(head) }, ClassTimeout, 1},
		{"dripped headers", "headers", "http", func() dialFunc { return drips(head, "X: y\r\n") }, ClassTimeout, 1},
		{"endless hints", "headers", "http", func() dialFunc { return drips("", "HTTP/1.1 103 Early\r\n\r\n") }, ClassTimeout, 1},
		{"no body", "body", "http", func() dialFunc { return says(head + "Content-Length: 9\r\n\r\n") }, ClassTimeout, 1},
		{"dripped body", "body", "http", func() dialFunc { return drips(head+"\r\n", "x") }, ClassTimeout, 1},
		{"dripped error page", "body", "http", func() dialFunc { return drips("HTTP/1.1 500 No\r\n\r\n", "x") }, ClassTimeout, 1},
		{"huge length", "body", "http", func() dialFunc { return drips(head+"Content-Length: 1000000000000\r\n\r\n", "x") }, ClassTimeout, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(t, Config{Timeout: time.Second, Dial: tt.dial()})
				start := time.Now()
				o := c.Fetch(context.Background(), Request{URL: tt.scheme + "://upstream/"})
				if took := time.Since(start); took != time.Second {
					t.Errorf("took %v, want the deadline of 1s", took)
				}
				if o.Class != tt.class || o.Phase != tt.phase || o.Attempts != tt.attempts {
					t.Errorf("got %+v, want %s in phase %s after %d attempts", o, tt.class, tt.phase, tt.attempts)
				}
				if !errors.Is(o.Err, ErrTimeout) {
					t.Errorf("got error %v, want ErrTimeout", o.Err)
				}
			})
		})
	}
}

func TestR12DefaultDeadlineIsTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Config{Dial: says("")})
		defer c.Close()
		start := time.Now()
		if o := fetch(t, c, "upstream", "/"); o.Class != ClassTimeout || time.Since(start) != 10*time.Second {
			t.Errorf("got %s after %v, want timeout after 10s", o.Class, time.Since(start))
		}
	})
}

// TestEndOfTheCallersContext tells who gave up: a caller that cancels or whose own
// deadline passes, or one that names its deadline a timeout.
func TestEndOfTheCallersContext(t *testing.T) {
	for _, tt := range []struct {
		name  string
		ctx   func(context.Context) (context.Context, context.CancelFunc)
		class Class
		phase string
	}{
		{"cancel", func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(time.Second, cancel)
			return ctx, cancel
		}, ClassCancelled, ""},
		{"deadline", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second)
		}, ClassCancelled, ""},
		{"timeout", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeoutCause(ctx, time.Second, ErrTimeout)
		}, ClassTimeout, "wait"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(t, Config{Dial: says("")})
				ctx, cancel := tt.ctx(context.Background())
				defer cancel()
				start := time.Now()
				o := c.Fetch(ctx, Request{URL: "http://upstream/"})
				if o.Class != tt.class || o.Phase != tt.phase || o.Attempts != 1 || time.Since(start) != time.Second {
					t.Errorf("got %+v after %v, want %s after 1s", o, time.Since(start), tt.class)
				}
				if o = c.Fetch(ctx, Request{URL: "http://upstream/"}); o.Class != tt.class || o.Attempts != 0 {
					t.Errorf("got %+v with a context that is done, want no attempt", o)
				}
			})
		})
	}
}

// TestR21NothingIsLeft cancels many requests in every phase. The bubble panics if a
// goroutine outlives the closed client.
func TestR21NothingIsLeft(t *testing.T) {
	for name, dial := range map[string]func() dialFunc{
		"dial":  func() dialFunc { return stuck },
		"write": func() dialFunc { return deaf },
		"wait":  func() dialFunc { return says("") },
		"body":  func() dialFunc { return drips(head+"\r\n", strings.Repeat("x", 5000)) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := New(Config{Dial: dial(), InFlight: 200})
				ctx, cancel := context.WithCancel(context.Background())
				outcomes := make(chan Outcome, 200)
				for range cap(outcomes) {
					go func() { outcomes <- c.Fetch(ctx, Request{URL: "http://upstream/"}) }()
				}
				time.Sleep(time.Second)
				cancel()
				for range cap(outcomes) {
					if o := <-outcomes; o.Class != ClassCancelled {
						t.Errorf("got %+v, want cancelled", o)
					}
				}
				c.Close()
			})
		})
	}
}

// TestDialsEndByThemselves leaves dials and handshakes behind that nobody waits for.
// They end without Close, at times of their own.
func TestDialsEndByThemselves(t *testing.T) {
	for scheme, want := range map[string]time.Duration{"http": 4 * time.Second, "https": 8 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			ended := make(chan time.Time, 1)
			c := New(Config{Timeout: 4 * time.Second, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
				if scheme == "https" {
					near, far := net.Pipe()
					go func() {
						io.Copy(io.Discard, far)
						ended <- time.Now()
					}()
					return near, nil
				}
				c, err := stuck(ctx, network, addr)
				ended <- time.Now()
				return c, err
			}})
			start := time.Now()
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			if o := c.Fetch(ctx, Request{URL: scheme + "://upstream/"}); o.Class != ClassCancelled {
				t.Errorf("got %+v, want cancelled", o)
			}
			if took := (<-ended).Sub(start); took != want {
				t.Errorf("%s: the dial ended after %v, want %v", scheme, took, want)
			}
		})
	}
}
