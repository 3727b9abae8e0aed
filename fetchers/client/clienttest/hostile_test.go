package clienttest_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/fetchbench/fetchbench/bench/upstream/hostile"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/client/fast"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A deadline for what it has to end, and one for what ends without it. The guard is
// beyond both by far more than the 250 ms that are promised: only a request that
// nothing ends is as late.
const (
	deadline  = 400 * time.Millisecond
	patience  = 20 * time.Second
	hangGuard = 5 * time.Second
)

// A carrier makes clients over a transport.
type carrier struct {
	name string
	new  func(client.Config) *client.Client
}

// net1 are the transports that speak HTTP/1.1.
func net1() []carrier {
	list := []carrier{{"fasthttp", fast.New}}
	for _, transport := range []client.Transport{client.H1, client.H1Default, client.H1NoKeepAlive} {
		list = append(list, carrier{transport.String(), over(transport)})
	}
	return list
}

// over makes clients over a transport of package client.
func over(transport client.Transport) func(client.Config) *client.Client {
	return func(c client.Config) *client.Client {
		c.Transport = transport
		return client.New(c)
	}
}

// open starts a hostile upstream for one test.
func open(t *testing.T) *hostile.Server {
	t.Helper()
	server, err := hostile.Start(hostile.Options{Life: time.Minute, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// A trap is an address, and what it may come to.
type trap struct{ url, classes string }

// spring fetches every address over every carrier, all at once, and complains of what
// is not expected or was not ended.
func spring(t *testing.T, config client.Config, server *hostile.Server, carriers []carrier, traps []trap, also func(*testing.T, string, client.Outcome)) {
	t.Helper()
	var all sync.WaitGroup
	for _, carrier := range carriers {
		for _, trap := range traps {
			all.Go(func() {
				c := carrier.new(config)
				defer c.Close()
				start := time.Now()
				o := c.Fetch(t.Context(), client.Request{URL: at(server, trap.url)})
				what := carrier.name + " to " + trap.url
				if !slices.Contains(strings.Fields(trap.classes), string(o.Class)) {
					t.Errorf("%s: got %+v, want %s", what, o, trap.classes)
				}
				if took := time.Since(start); took > config.Timeout+hangGuard {
					t.Errorf("%s: took %v", what, took)
				}
				also(t, what, o)
			})
		}
	}
	all.Wait()
}

// config has low limits, so that whatever is endless ends soon.
func config(server *hostile.Server, timeout time.Duration) client.Config {
	return client.Config{
		Timeout: timeout, Roots: server.Roots(), InFlight: 1,
		Limits: client.Limits{WireLimit: 1 << 20, DecodedLimit: 4 << 20, HeaderLimit: 64 << 10},
	}
}

// at is the address of a path, or of a listener with one.
func at(server *hostile.Server, where string) string {
	if strings.HasPrefix(where, "/") {
		return server.URL("http") + where
	}
	listener, path, _ := strings.Cut(where, "/")
	return server.URL(listener) + "/" + path
}

// none asks for nothing else.
func none(*testing.T, string, client.Outcome) {}

// until waits for something that takes milliseconds.
func until(t *testing.T, ready func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * hangGuard); !ready(); <-time.After(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not come")
		}
	}
}

// checkClasses complains of classes that were not expected.
func checkClasses(t *testing.T, got map[client.Class]int, classes string) {
	t.Helper()
	for class, n := range got {
		if !slices.Contains(strings.Fields(classes), string(class)) {
			t.Errorf("got %d times %s, want %s", n, class, classes)
		}
	}
}
