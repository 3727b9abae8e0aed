package bench_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/upstream/hostile"
)

// nasty are the endpoints of the hostile upstream that a soak meets: what hangs, what
// does not end, what breaks off and what is no HTTP at all.
func nasty() []string {
	return []string{
		"/ok", "/delay?ms=1", "/flaky?rate=0.5", "/status/500", "/status/429", "/retry-after?v=1", "/retry-after?v=banana",
		"/hang", "/hang-after-headers", "/drip?bytes=100&every=1", "/stall-at?bytes=10&of=100", "/raw/drip-headers", "/raw/endless-1xx",
		"/infinite", "/huge-length", "/gzip-bomb?mb=64", "/big-header?bytes=1000000", "/many-headers", "/cookies", "/raw/endless-headers",
		"/raw/long-status", "/raw/endless-100", "/raw/chunk-ext", "/raw/endless-trailers",
		"/truncate", "/chunk-truncated", "/gzip-bad", "/gzip-truncated", "/reset", "/raw/bad-chunk", "/raw/huge-chunk",
		"/close", "/die-after", "/raw/unsolicited", "/raw/no-length", "/raw/upgrade", "/early-response",
		"/redirect", "/redirect-loop", "/redirect-other-host", "/redirect-other-port", "/redirect-no-location",
		"/deflate-bomb", "/evil?kind=ansi", "/evil?kind=nul", "/raw/ansi-reason", "/raw/html-reason", "/raw/ansi-location",
		"/raw/empty", "/raw/garbage", "/raw/http09", "/raw/half-status", "/raw/half-headers", "/raw/bad-status", "/raw/status-000",
		"/raw/two-lengths", "/raw/length-and-chunked", "/raw/lf-only", "/raw/nul-header", "/raw/folded", "/raw/body-on-204",
	}
}

// nastyPlan draws a stop at the hostile upstream: eight of its endpoints at once, for
// contenders over whatever speaks HTTP/1.1, with little time for each request.
func nastyPlan(t *testing.T, draw *rand.Rand, server *hostile.Server) bench.Plan {
	t.Helper()
	specs := map[string]bool{}
	for range 3 {
		spec, _, _ := strings.Cut(anyContender(draw), "@")
		specs[spec+one(draw, []string{"", "@h1", "@h1-default", "@h1-nokeepalive", "@fasthttp"})] = true
	}
	p, err := bench.Defaults("")
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		p.URLs = append(p.URLs, bench.Request{URL: server.URL("http") + one(draw, nasty())})
	}
	p.Contenders, p.Connections = slices.Sorted(maps.Keys(specs)), one(draw, []string{bench.Fresh, bench.Warm})
	p.Rounds, p.Warmup, p.Pause, p.Seed = 1, 0, 0, draw.Uint64()
	p.Limits.Timeout = bench.Duration(40 * time.Millisecond)
	return p
}
