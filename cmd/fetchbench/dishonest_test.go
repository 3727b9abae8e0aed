package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// A dishonest contender wraps what an honest one does in something that makes it
// look better than it is.
type dishonest struct {
	name string
	run  func(ctx context.Context, n int, call fetchers.Call) error
	// fetch replaces the client, given an honest one.
	fetch func(honest client.Fetch, dial dialer) client.Fetch
}

// A dialer opens connections that the harness counts.
type dialer func(ctx context.Context, network, addr string) (net.Conn, error)

func (d dishonest) String() string  { return d.name }
func (d dishonest) Limit(n int) int { return n }

// Run is the strategy: all at once, unless it cheats.
func (d dishonest) Run(ctx context.Context, n int, call fetchers.Call) error {
	if d.run == nil {
		return fetchers.Goroutines{}.Run(ctx, n, call)
	}
	return d.run(ctx, n, call)
}

func (d dishonest) Fetch(ctx context.Context, b *bench.Batch) error {
	config := b.Config
	config.InFlight = len(b.Requests)
	c := client.New(config)
	defer c.Close()
	fetch := c.Fetch
	if d.fetch != nil {
		fetch = d.fetch(fetch, config.Dial)
	}
	return b.Measure(ctx, d, fetch)
}

// oncePer calls cheat for one call of the batch, by index.
func oncePer(cheat func(ctx context.Context, i int, call fetchers.Call) error) func(context.Context, int, fetchers.Call) error {
	return func(ctx context.Context, n int, call fetchers.Call) error {
		return fetchers.Goroutines{}.Run(ctx, n, func(ctx context.Context, i int) error {
			if i == 42 {
				return cheat(ctx, i, call)
			}
			return call(ctx, i)
		})
	}
}

// early reports success at once and makes the request behind the harness's back.
func early(honest client.Fetch, _ dialer) client.Fetch {
	return func(_ context.Context, r client.Request) client.Outcome {
		go honest(context.WithoutCancel(context.Background()), r)
		return client.Outcome{Class: client.ClassOK, Status: 200, Attempts: 1, Received: client.Received{Bytes: 1024, WireBytes: 1024}}
	}
}

// unread returns after the headers: the body is somebody else's to wait for.
func unread(_ client.Fetch, dial dialer) client.Fetch {
	transport := &http.Transport{DialContext: dial, DisableKeepAlives: true}
	return func(ctx context.Context, r client.Request) client.Outcome {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL, nil)
		if err != nil {
			return client.Outcome{Class: client.ClassBadURL, Err: err}
		}
		request.Header.Set("X-Request-Id", r.ID)
		answer, err := transport.RoundTrip(request)
		if err != nil {
			return client.Outcome{Class: client.ClassOther, Err: err}
		}
		_ = answer.Body.Close()
		return client.Outcome{Class: client.ClassOK, Status: 200, Attempts: 1}
	}
}

// fewer asks for half of the body.
func fewer(honest client.Fetch, _ dialer) client.Fetch {
	return func(ctx context.Context, r client.Request) client.Outcome {
		o := honest(ctx, r)
		o.Bytes, o.WireBytes = o.Bytes/2, o.WireBytes/2
		return o
	}
}

// invents reports what it never sent.
func invents(client.Fetch, dialer) client.Fetch {
	return func(context.Context, client.Request) client.Outcome {
		return client.Outcome{Class: client.ClassOK, Status: 200, Attempts: 1, Received: client.Received{Bytes: 1024, WireBytes: 1024}}
	}
}

func TestDishonestContendersAreCaught(t *testing.T) {
	for _, c := range []struct {
		dishonest
		says string // words of the error or warning
		code int
	}{
		{
			dishonest{name: "drops", run: oncePer(func(context.Context, int, fetchers.Call) error { return nil })},
			"left requests out or made them twice", exitInvalid,
		},
		{dishonest{name: "doubles", run: oncePer(func(ctx context.Context, i int, call fetchers.Call) error {
			_ = call(ctx, i)
			return call(ctx, i)
		})}, "left requests out or made them twice", exitInvalid},
		{dishonest{name: "early", fetch: early}, "disagrees", exitInvalid},
		{dishonest{name: "unread", fetch: unread}, "bytes", exitInvalid},
		{dishonest{name: "fewer", fetch: fewer}, "bytes", exitInvalid},
		{dishonest{name: "invents", fetch: invents}, "never arrived", exitInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, stderr, verdict := tried(t, c.dishonest)
			if code != c.code || !strings.Contains(stderr, c.says) {
				t.Errorf("exit code %d, want %d with %q:\n%s", code, c.code, c.says, stderr)
			}
			if verdict == "candidate faster" {
				t.Errorf("the verdict is %q", verdict)
			}
		})
	}
	t.Run("honest", func(t *testing.T) {
		if code, stderr, verdict := tried(t, dishonest{name: "honest"}); code != exitOK || verdict != "candidate faster" {
			t.Errorf("exit code %d and verdict %q for an honest contender:\n%s", code, verdict, stderr)
		}
	})
}

// tried runs an honest sequential contender and the given one, and returns the
// exit code, what was said and the verdict.
func tried(t *testing.T, d dishonest) (code int, stderr, verdict string) {
	t.Helper()
	plan, err := bench.Defaults("constant")
	if err != nil {
		t.Fatal(err)
	}
	plan.Upstream.Scale, plan.Requests, plan.Rounds, plan.Warmup = 0.04, 50, 6, 0
	plan.Pause = bench.Duration(time.Millisecond)
	var said, out bytes.Buffer
	var judged *results.Judgement
	keep := output{"-", func(_ io.Writer, j *results.Judgement, _ string) error { judged = j; return nil }}
	s := &streams{in: strings.NewReader(""), out: &out, err: &said}
	failed := measure(t.Context(), s, plan, products{files: []output{keep}}, t.TempDir(), bench.New("sequential", fetchers.Sequential{}), d)
	code = tell(&said, nothing(failed))
	if judged == nil || len(judged.Comparisons) != 1 {
		t.Fatalf("nothing was judged:\n%s", said.String())
	}
	return code, said.String(), judged.Comparisons[0].Verdict
}
