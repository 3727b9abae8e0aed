package bench_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/upstream/hostile"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// sights are the paths of the hostile upstream that a tour visits, with parameters
// that keep each within the time that a test has.
func sights() []string {
	return append(strings.Fields(`
/ok?size=100000 /delay?ms=20&dist=lognormal&sigma=0.5 /capacity?c=2&ms=10 /ratelimit?rps=50&burst=5&retry_after=1
/freeze?every=200&for=50&ms=5 /echo
/hang /hang-after-headers /drip?bytes=100&every=100 /stall-at?bytes=100&of=1000 /raw/drip-headers?every=50 /raw/endless-1xx?every=20
/infinite /huge-length?declare=1000000000000&send=1000 /gzip-bomb?mb=2048 /deflate-bomb?mb=2048 /slow-read /big-header?bytes=1000000 /many-headers?n=10000
/cookies?n=50&size=100 /raw/endless-headers /raw/long-status /raw/endless-100 /raw/chunk-ext /raw/endless-trailers
/truncate?declare=1000&send=100 /chunk-truncated /gzip-bad /gzip-truncated /reset?after=100 /raw/bad-chunk /raw/huge-chunk
/status/204 /status/304 /status/404 /status/429 /status/503 /status/599 /flaky?rate=0.5&status=503 /fail-first?n=2&key=a
/retry-after?v=-1 /retry-after?v=99999999999 /retry-after?v=banana
/close /die-after /raw/unsolicited /raw/no-length /raw/upgrade /early-response
/redirect?n=2 /redirect-loop /redirect-to?url=javascript:alert(1) /redirect-to?url=file:///etc/passwd
/redirect-other-host /redirect-other-port /redirect-no-location`),
		strings.Fields(strings.ReplaceAll(`
RAW/empty RAW/garbage RAW/http09 RAW/half-status RAW/half-headers RAW/bad-status RAW/status-000 RAW/status-99999 RAW/bad-version
RAW/negative-length RAW/two-lengths RAW/length-and-chunked RAW/lf-only RAW/nul-header RAW/space-header RAW/folded RAW/body-on-204
RAW/dup-headers RAW/ansi-reason RAW/html-reason RAW/ansi-location /evil/%1b%5b2J /evil?kind=html /evil?kind=ansi /evil?kind=nul
tcp-hang tcp-close tcp-rst tcp-noaccept tcp-banner`, "RAW", "/raw"))...)
}

// How much a request of the tour may take, and by how much it may be late: a promise of
// 250 ms on a machine that has nothing else to do.
const (
	tourTimeout = 250 * time.Millisecond
	tourGuard   = 5 * time.Second
)

// tourists are all strategies, and under one of them the transports of HTTP/1.1 and the
// policies that send again, or not at all.
func tourists() []string {
	list := append(everyStrategy(2), "pool:2+retry:2+hedge:50ms", "pool:2+retry:2+breaker+timeout:100ms", "pool:2+dedup")
	for _, transport := range []string{"h1-default", "h1-nokeepalive", "fasthttp"} {
		list = append(list, "goroutines@"+transport)
	}
	return list
}

// TestR1EveryRequestIsAccountedForAnywhere takes every strategy to every path of the
// hostile upstream. Whatever happens there, what was planned adds up, the attempts are
// those that the upstream saw, and no request outlives its deadline. That nothing is
// left running is for the end of all tests to see.
func TestR1EveryRequestIsAccountedForAnywhere(t *testing.T) {
	long(t)
	var guides sync.WaitGroup
	var l lateness
	defer func() { t.Logf("the latest request was %v after its deadline", l.worst) }()
	next := make(chan string)
	for range 16 {
		guides.Go(func() {
			for sight := range next {
				visit(t, sight, &l)
			}
		})
	}
	for _, sight := range sights() {
		next <- sight
	}
	close(next)
	guides.Wait()
}

// A lateness is that of the latest request of all.
type lateness struct {
	mu    sync.Mutex
	worst time.Duration
}

// add notes how late another one was.
func (l *lateness) add(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.worst = max(l.worst, d)
}

// visit has every contender fetch one address, of an upstream that nobody else asks:
// what was cancelled may be read much later, and is not to be counted elsewhere.
func visit(t *testing.T, sight string, l *lateness) {
	server, err := hostile.Start(hostile.Options{Life: time.Hour, Seed: 1})
	if err != nil {
		t.Error(err)
		return
	}
	defer func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}()
	url := server.URL("http") + sight
	if !strings.HasPrefix(sight, "/") {
		url = server.URL(sight)
	}
	p, err := bench.Defaults("")
	if err != nil {
		t.Error(err)
		return
	}
	p.URLs, p.Requests, p.Contenders = []bench.Request{{URL: url}}, 4, tourists()
	p.Rounds, p.Warmup, p.Pause = 1, 0, 0
	p.Limits = bench.Limits{Timeout: bench.Duration(tourTimeout), Wire: 1 << 20, Decoded: 4 << 20}
	list, err := trials(t.Context(), t, p)
	if err != nil || len(list) != len(p.Contenders) {
		t.Errorf("%s: %d trials of %d contenders and error %v", sight, len(list), len(p.Contenders), err)
	}
	attempts, sure := 0, 0
	for _, trial := range list {
		l.add(checkTourist(t, sight, &trial))
		attempts += trial.Tally.Attempts
		sure += arrived(&trial) - trial.Tally.Wasted // what was cancelled for another may not have
	}
	if sight == "/raw/unsolicited" { // after which the upstream reads no further
		sure = 0
	}
	if strings.HasPrefix(sight, "/") {
		checkSeen(t, server, sight, sure, attempts)
	}
}

// checkTourist checks that a trial adds up and was in time, and returns how late its
// latest request was.
func checkTourist(t *testing.T, sight string, trial *results.Trial) (latest time.Duration) {
	c := trial.Tally.Count
	if c.Planned != 4 || c.Planned != c.OK+c.Failed+c.Cancelled+c.NotStarted || c.NotStarted+c.Cancelled > 0 {
		t.Errorf("%s, %s: %+v does not add up", sight, trial.Contender, c)
	}
	attempts := 0
	for i := range trial.Requests {
		r := &trial.Requests[i]
		attempts += r.Attempts
		if r.Status == http.StatusNotFound && sight != "/status/404" {
			t.Errorf("%s is not on the map of the hostile upstream", sight)
		}
		late := time.Duration(r.ServiceNS) - tourTimeout
		if latest = max(latest, late); late > tourGuard {
			t.Errorf("%s, %s: request %d is %s %s %v after its deadline", sight, trial.Contender, i, r.Class, r.Phase, late)
		}
	}
	if attempts != trial.Tally.Attempts {
		t.Errorf("%s, %s: attempts add up to %d, %d are told", sight, trial.Contender, attempts, trial.Tally.Attempts)
	}
	return latest
}

// arrived counts the attempts that the upstream must have seen: all but those over a
// connection that it closed as they were sent. Whether one of those arrived, nobody can
// know who only sees that end of it.
func arrived(trial *results.Trial) (sure int) {
	for i := range trial.Requests {
		r := &trial.Requests[i]
		sure += r.Attempts
		if r.Attempts > 0 && r.Status == 0 && (r.Class == string(client.ClassEOF) || r.Class == string(client.ClassReset)) {
			sure--
		}
	}
	return sure
}

// checkSeen gives the upstream a moment to see what has been sent, and no more.
func checkSeen(t *testing.T, server *hostile.Server, sight string, sure, attempts int) {
	seen := server.Stats().Started()
	for end := time.Now().Add(tourGuard); seen < sure && time.Now().Before(end); seen = server.Stats().Started() {
		<-time.After(time.Millisecond)
	}
	if seen < sure || seen > attempts {
		t.Errorf("%s: the upstream saw %d requests, the records have %d attempts, of which %d must have arrived", sight, seen, attempts, sure)
	}
}
