package bench

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/results"
)

// A webApp is a web app in memory whose routes fetch the batch of a run.
type webApp struct {
	faraway
	urls  []string
	fetch http.Client
	asked []string       // the queries of its callers, in trials that have one caller
	calls sync.WaitGroup // those that no caller waits for
}

// get fetches one URL, and names no request and no round.
func (a *webApp) get(r *http.Request, url string) {
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, url, nil)
	if err != nil {
		panic(err)
	}
	response, err := a.fetch.Do(request)
	if err != nil {
		return // the caller has left
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
}

// ServeHTTP has a route for each way to fetch the batch, or not to.
func (a *webApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	one := func(list []string) {
		for _, url := range list {
			a.get(r, url)
		}
	}
	switch r.URL.Path {
	case "/sync":
		one(a.urls)
	case "/few":
		one(a.urls[:7])
	case "/twice":
		one(append(a.urls[:len(a.urls):len(a.urls)], a.urls[:4]...))
	case "/async":
		var calls sync.WaitGroup
		for _, url := range a.urls {
			calls.Go(func() { a.get(r, url) })
		}
		calls.Wait()
	case "/boom":
		if r.URL.RawQuery != "" {
			a.asked = append(a.asked, r.URL.RawQuery)
		}
		w.WriteHeader(http.StatusInternalServerError)
	case "/hang":
		<-r.Context().Done()
	case "/page":
		time.Sleep(100 * time.Millisecond)
	default:
		a.seem(r)
	}
	_, _ = w.Write([]byte("<h1>URLs:</h1>" + r.URL.Path))
}

// measure runs a plan whose contenders are routes of the app, in virtual time.
func (a *webApp) measure(t *testing.T, p Plan, paths ...string) (results.Header, []results.Trial) {
	t.Helper()
	a.handler, a.addresses = a.ServeHTTP, []string{"127.0.0.1:80"}
	a.conns, a.closed = make(chan net.Conn), make(chan struct{})
	server := &http.Server{Handler: a.handler}
	var served sync.WaitGroup
	served.Go(func() { _ = server.Serve(a) })
	defer func() {
		close(a.closed)
		_ = server.Close()
		served.Wait()
	}()
	p.Contenders = nil
	for _, path := range paths {
		p.Contenders = append(p.Contenders, "route:http://app.test"+path)
	}
	e, err := Open(t.Context(), p, Tool{Agreed: &Footprint{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range e.contenders {
		c.(*Route).reach.config.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			return a.connect(ctx, network, addr, func(string) error { return nil })
		}
	}
	if m, ok := e.target.plain.embedded.(*upstream.Memory); ok {
		over := &http.Transport{DialContext: m.Dial}
		a.urls, a.fetch = m.URLs(), http.Client{Transport: over}
		defer over.CloseIdleConnections()
	}
	list, err := a.run(t, e)
	if err = errors.Join(err, e.Close()); err != nil {
		t.Fatal(err)
	}
	return e.Header(), list
}

// routePlan is a plan of one round on a profile in memory, or of routes alone.
func routePlan(t *testing.T, profile string) Plan {
	t.Helper()
	p, err := Defaults(profile)
	if err != nil {
		t.Fatal(err)
	}
	if profile != "" {
		p.Upstream.Form = FormMemory
	}
	p.Rounds, p.Warmup, p.Pause, p.Seed = 1, 0, 0, 7
	return p
}

// Ten URLs of 50 ms: a route that fetches them one after the other takes 500 ms, one
// that fetches them at once 50 ms, whoever says so. One that fetches another number of
// them is named, and failed.
func TestRouteIsMeasuredWhole(t *testing.T) {
	for _, c := range []wholeRoute{
		{"/sync", 1, 500 * time.Millisecond, 1, 1, 10, "", ""},
		{"/async", 1, 50 * time.Millisecond, 10, 10, 10, "", ""},
		{"/async", 4, 50 * time.Millisecond, 40, 40, 40, "", ""},
		{"/sync", 4, 500 * time.Millisecond, 4, 4, 40, "", ""},
		{"/few", 1, 350 * time.Millisecond, 1, 1, 7, "not_fetched", "the route made 7 of 10 upstream requests"},
		{"/twice", 1, 700 * time.Millisecond, 1, 1, 0, classUnplanned, "the route made 14 of 10 upstream requests"},
		{"/few", 4, 350 * time.Millisecond, 4, 4, 28, "not_fetched", "the route made 28 of 40 upstream requests"},
		{"/boom", 1, 0, 0, 0, 0, "http_5xx", ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := routePlan(t, "constant")
			p.Clients = c.clients
			header, list := new(webApp).measure(t, p, c.path)
			c.check(t, &list[0])
			if got := header.Contenders[0]; got.Route != "http://app.test"+c.path || header.Target.Planned() != 10*c.clients {
				t.Errorf("%s x %d: %+v, %+v", c.path, c.clients, got, header.Target)
			}
		})
	}
}

// A wholeRoute is one, and what its trial comes to.
type wholeRoute struct {
	path    string
	clients int
	elapsed time.Duration
	mean    float64
	most    int
	ok      int
	class   string
	differs string
}

// check holds a trial against what it is to come to.
func (c wholeRoute) check(t *testing.T, trial *results.Trial) {
	t.Helper()
	tally := trial.Tally
	if time.Duration(trial.ElapsedNS) != c.elapsed || tally.Flight.Mean != c.mean || tally.Flight.Max != c.most {
		t.Errorf("%s x %d took %v with %v in flight, %d at most; want %v, %v, %d",
			c.path, c.clients, time.Duration(trial.ElapsedNS), tally.Flight.Mean, tally.Flight.Max, c.elapsed, c.mean, c.most)
	}
	if tally.OK != c.ok || tally.Planned != 10*c.clients || tally.OK+tally.Failed != tally.Planned {
		t.Errorf("%s x %d: %+v", c.path, c.clients, tally.Count)
	}
	if failed := c.class != ""; (trial.Outcome == results.Failed) != failed || failed && tally.Failures[0].Class != c.class {
		t.Errorf("%s x %d: %s, %+v", c.path, c.clients, trial.Outcome, tally.Failures)
	}
	if differs := strings.Join(trial.Seen.Differs, "; "); differs != c.differs {
		t.Errorf("%s x %d: the upstream says %q", c.path, c.clients, differs)
	}
}

// What an app fetches names no round. It meets that of the trial all the same, so that
// two routes of a round have the same latencies, and every caller of one too.
func TestRoutesMeetTheLatenciesOfTheRound(t *testing.T) {
	profile, err := upstream.Lookup("lognormal")
	if err != nil {
		t.Fatal(err)
	}
	for _, clients := range []int{1, 4} {
		synctest.Test(t, func(t *testing.T) {
			p := routePlan(t, "lognormal")
			p.Rounds, p.Warmup, p.Clients = 5, 1, clients
			_, list := new(webApp).measure(t, p, "/sync", "/async")
			got, want := map[string][]time.Duration{}, map[string][]time.Duration{}
			for i := range list {
				got[list[i].Contender] = append(got[list[i].Contender], time.Duration(list[i].ElapsedNS))
			}
			for round := -1; round < 5; round++ {
				var sum, longest time.Duration
				for i := range profile.URLs {
					sum += profile.Delay(i, round)
					longest = max(longest, profile.Delay(i, round))
				}
				want["route:http://app.test/sync"] = append(want["route:http://app.test/sync"], sum)
				want["route:http://app.test/async"] = append(want["route:http://app.test/async"], longest)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%d clients: -want +got\n%s", clients, diff)
			}
		})
	}
}

// Where routes are all that is fetched, the GETs of the callers are the batch, with
// records like any other.
func TestRoutesAloneHaveTheirOwnRecords(t *testing.T) {
	for _, clients := range []int{1, 4} {
		synctest.Test(t, func(t *testing.T) {
			p := routePlan(t, "")
			p.Clients = clients
			header, list := new(webApp).measure(t, p, "/page", "/boom")
			for i := range list {
				ownRecords(t, &list[i], clients)
			}
			if header.Target.Planned() != clients || len(header.Target.URLs) != 2 {
				t.Errorf("target %+v", header.Target)
			}
		})
	}
}

// ownRecords checks a trial of a route alone.
func ownRecords(t *testing.T, trial *results.Trial, clients int) {
	t.Helper()
	if len(trial.Requests) != clients || trial.Tally.Planned != clients || trial.Claimed != nil || trial.Seen != nil {
		t.Errorf("%d clients: %+v", clients, trial)
	}
	if strings.HasSuffix(trial.Contender, "/boom") {
		if trial.Outcome != results.Failed || trial.Tally.Failures[0].Class != "http_5xx" {
			t.Errorf("%d clients: %s, %+v", clients, trial.Outcome, trial.Tally)
		}
		return
	}
	if trial.Outcome != results.OK || trial.ElapsedNS != 100e6 || trial.Requests[0].ServiceNS != 100e6 || trial.Tally.Flight.Max != clients {
		t.Errorf("%d clients: %+v", clients, trial)
	}
}

// A route has as long as its trial, which is ten times as long as a request: the first
// call of the published table took eleven seconds. One that hangs is a timeout.
func TestRouteHasAsLongAsItsTrial(t *testing.T) {
	for _, profile := range []string{"", "constant"} {
		synctest.Test(t, func(t *testing.T) {
			p := routePlan(t, profile)
			p.Limits.Timeout = Duration(time.Second)
			_, list := new(webApp).measure(t, p, "/hang")
			want := 10 * time.Second
			if profile != "" {
				want *= 10 // one request of the batch after the other
			}
			if got := time.Duration(list[0].ElapsedNS); list[0].Outcome != results.Timeout || got != want || list[0].Tally.OK != 0 {
				t.Errorf("%q: %s after %v, want a timeout after %v", profile, list[0].Outcome, got, want)
			}
		})
	}
}
