package hostile

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/google/go-cmp/cmp"
)

// TestStatsAgree makes a known number of requests over known connections and wants
// exactly those, also at the control address, and none after a reset.
func TestStatsAgree(t *testing.T) {
	s := start(t)
	c := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}}
	for _, target := range []string{"/ok?size=10&id=a", "/ok?size=20&id=a", "/status/404", "/raw/half-status?id=b"} {
		_, _, _ = get(t, c, s.URL("http")+target)
	}
	want := Stats{
		Paths: map[string]Path{
			"/ok":              {Started: 2, Finished: 2, Bytes: 30, InFlightMax: 1, Conns: 1, Statuses: map[int]int{200: 2}},
			"/status/404":      {Started: 1, Finished: 1, Bytes: 10, InFlightMax: 1, Conns: 1, Statuses: map[int]int{404: 1}},
			"/raw/half-status": {Started: 1, Finished: 1, Bytes: 10, InFlightMax: 1, Conns: 1, Statuses: map[int]int{}},
		},
		IDs:         map[string]int{"a": 2, "b": 1},
		Connections: map[string]int{"http": 1},
		Secrets:     []Secret{},
		DNS:         map[string]int{},
		Proxied:     []string{},
		HTTP2:       map[string]HTTP2{},
	}
	if difference := cmp.Diff(want, s.Stats()); difference != "" {
		t.Errorf("-want +got\n%s", difference)
	}
	if s.Stats().Started() != 4 {
		t.Errorf("got %d started, want 4", s.Stats().Started())
	}
	_, body, err := get(t, c, s.Control()+"/_stats")
	var served Stats
	if err != nil || json.Unmarshal([]byte(body), &served) != nil || !cmp.Equal(served, want) {
		t.Errorf("served %s, %v", body, err)
	}
	response, err := c.Post(s.Control()+"/_reset", "", nil)
	if err != nil || response.StatusCode != http.StatusNoContent {
		t.Fatalf("reset: %v, %v", response, err)
	}
	_ = response.Body.Close()
	if now := s.Stats(); now.Started() != 0 || len(now.IDs) != 0 {
		t.Errorf("after a reset: %+v", now)
	}
	c.CloseIdleConnections()
}

// TestInFlightMax wants as many in flight as there were, which /capacity can prove:
// its slots are taken while the last is refused.
func TestInFlightMax(t *testing.T) {
	s, c := start(t), &http.Client{}
	defer c.CloseIdleConnections()
	url := s.URL("http") + "/capacity?c=2&queue=1&ms=29000&over=429"
	var asking sync.WaitGroup
	for range 3 {
		asking.Go(func() { _, _, _ = get(t, c, url) })
	}
	until(t, s, func(now Stats) bool { return now.Paths["/capacity"].InFlight == 3 })
	if response, _, err := get(t, c, url); err != nil || response.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the fourth: %v, %v", response, err)
	}
	if p := s.Stats().Paths["/capacity"]; p.InFlightMax != 4 {
		t.Errorf("got %+v", p)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	asking.Wait()
	if p := s.Stats().Paths["/capacity"]; p.Gone != 3 || p.InFlight != 0 {
		t.Errorf("after closing: %+v", p)
	}
}

// TestResetForgetsWhatIsUnderWay ends a request after a reset: it is counted nowhere.
func TestResetForgetsWhatIsUnderWay(t *testing.T) {
	var b book
	before := b.begin(b.connected("http"), "/a", "1")
	b.reset()
	after := b.begin(b.connected("http"), "/a", "2")
	b.end(before)
	b.end(after)
	if p := b.snapshot().Paths["/a"]; p.Started != 1 || p.Finished != 1 || p.InFlight != 0 {
		t.Errorf("got %+v", p)
	}
}

// TestDrawsDependOnSeedAndIDAlone draws the ids of three contenders: the same round
// and index meet the same, another seed, use or id something else.
func TestDrawsDependOnSeedAndIDAlone(t *testing.T) {
	fates := map[float64]int{}
	for contender := range 3 {
		for index := range 100 {
			_, drawn := identify(upstream.RequestID(2, contender, index), "ignored", "/x")
			fates[draw(1, "flaky", drawn)]++
		}
	}
	if len(fates) != 100 {
		t.Errorf("got %d draws, want 100", len(fates))
	}
	first := draw(1, "flaky", "a")
	if first != draw(1, "flaky", "a") || first == draw(2, "flaky", "a") || first == draw(1, "delay", "a") || first == draw(1, "flaky", "b") {
		t.Error("a draw depends on too much or too little")
	}
}

// TestFlakyIsAsOftenAsItSays asks for 400 ids at a rate of a quarter, backwards and
// forwards. The fates are the same both times, and within four standard deviations
// (8.7 each) of 100.
func TestFlakyIsAsOftenAsItSays(t *testing.T) {
	s, c := start(t), &http.Client{}
	defer c.CloseIdleConnections()
	fate := func(i int) bool {
		response, _, err := get(t, c, fmt.Sprintf("%s/flaky?rate=0.25&id=%d", s.URL("http"), i))
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode == http.StatusServiceUnavailable
	}
	failed := map[int]bool{}
	for i := range 400 {
		failed[i] = fate(i)
	}
	count := 0
	for i := 399; i >= 0; i-- {
		if fate(i) != failed[i] {
			t.Fatalf("id %d had two fates", i)
		}
		if failed[i] {
			count++
		}
	}
	if count < 65 || count > 135 {
		t.Errorf("%d of 400 failed", count)
	}
}

// TestLaws wants each law's own landmark: the mean of the draws, or their share.
func TestLaws(t *testing.T) {
	mean := func(query string) float64 {
		var sum time.Duration
		for id := range 2000 {
			v := visiting(t, fmt.Sprintf("/delay?seed=1&ms=10&%s", query), fmt.Sprint(id))
			sum += v.latency()
		}
		return sum.Seconds() / 2000 * 1000
	}
	// Means from the laws; the bounds are four standard errors of each.
	for query, want := range map[string][2]float64{
		"":                               {10, 0.001},
		"dist=uniform":                   {10, 0.52},                          // sd 5.77
		"dist=exp":                       {10, 0.9},                           // sd 10
		"dist=lognormal&sigma=0.5":       {11.33, 0.55},                       // 10 exp(sigma^2/2), sd 6.04
		"dist=pareto&alpha=3":            {15, 0.78},                          // 10 alpha/(alpha-1), sd 8.66
		"dist=bimodal&p=0.2&slow_ms=110": {30, 3.6},                           // sd 40
		"ms=1e99":                        {10, 0.001},                         // the first counts
		"dist=pareto&alpha=0":            {mostTime.Seconds() * 1000, 30_000}, // bounded by the time of a request
	} {
		if got := mean(query); got < want[0]-want[1] || got > want[0]+want[1] {
			t.Errorf("%s: mean %v, want %v within %v", query, got, want[0], want[1])
		}
	}
}

// TestLateRequestsCount sends a second request with the first, on a connection that is
// closed after the answer to that: the client has sent two.
func TestLateRequestsCount(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/die-after", "/raw/no-length", "/raw/unsolicited"} {
		conn := dial(t, s, "http")
		one := "GET " + path + "?id=" + path + " HTTP/1.1\r\nHost: x\r\n\r\n"
		if _, err := io.WriteString(conn, one+one); err != nil {
			t.Fatal(err)
		}
		until(t, s, func(now Stats) bool { return now.Paths[path].Finished == 2 && now.IDs[path] == 2 })
		_ = conn.Close()
	}
}
