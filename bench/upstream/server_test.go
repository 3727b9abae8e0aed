package upstream

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// Addresses that would reach other machines, names that could, and what is not an
// address at all. The message repeats the address, which may come from a script.
func TestServeRefusesOtherAddressesThanLoopback(t *testing.T) {
	for address, want := range map[string]string{
		":0":                 "the embedded upstream serves loopback only",
		"0.0.0.0:0":          "the embedded upstream serves loopback only",
		"[::]:0":             "the embedded upstream serves loopback only",
		"192.0.2.1:80":       "the embedded upstream serves loopback only",
		"example.invalid:80": "the embedded upstream serves loopback only",
		"127.0.0.1":          "missing port",
		"127.0.0.1:99999":    "invalid port",
		"nonsense":           "missing port",
	} {
		s, err := Serve(address, constant(1, 0), Options{})
		if err == nil {
			t.Errorf("%q is served", address)
			_ = s.Close()
			continue
		}
		if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), strings.TrimPrefix(address, ":")) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// localhost is allowed because people type it. A port that is taken is an error at
// once, not a server that never answers.
func TestServeTakesLoopbackByName(t *testing.T) {
	s, err := Serve("localhost:0", constant(1, 0), Options{})
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	mustFetch(t, &client, s.URLs()[0], "")
	if _, err := Serve(strings.TrimPrefix(s.Addr(), "http://"), constant(1, 0), Options{}); err == nil {
		t.Error("one address is served twice")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// Connections are counted when they are accepted: three clients without
// keep-alive make two each, and the control address none.
func TestServerCountsConnections(t *testing.T) {
	s, err := Serve("", constant(2, 0), Options{})
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for range 3 {
		for _, url := range s.URLs() {
			mustFetch(t, &client, url, "")
		}
	}
	response, err := client.Get(s.Control() + "/counts")
	if err != nil {
		t.Fatal(err)
	}
	var got Counts
	if err := json.NewDecoder(response.Body).Decode(&got); err != nil {
		t.Error(err)
	}
	_ = response.Body.Close()
	if got.Connections.Opened != 6 || got.Requests.Started != 6 {
		t.Errorf("counts %+v", got)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// Counts are read with GET, reset with POST, and the endpoints are not there: what
// changes something must not be a link that a browser follows by itself.
func TestControlAnswersNothingElse(t *testing.T) {
	s, err := Serve("", constant(1, 0), Options{})
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for line, want := range map[string]int{
		"GET /counts": 200, "POST /counts": 405, "GET /reset": 405, "POST /reset": 204, "GET /item/0": 404,
	} {
		method, path, _ := strings.Cut(line, " ")
		if got := ask(t, &client, method, s.Control()+path); got.status != want {
			t.Errorf("%s: %d, want %d", line, got.status, want)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// A client that has the whole answer finds it counted: no request of its own is
// still in flight, whatever the size of the body.
func TestCountsAreCompleteWhenTheAnswerIs(t *testing.T) {
	for _, size := range []int{0, 1, 2, 2048, 4096, 100_000, 1 << 20} {
		p := constant(4, 0)
		p.Size = size
		s, err := Serve("", p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		client := http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
		for round := range 25 {
			concurrently(t, &client, s.URLs())
			c := counts(t, s)
			if n := 4 * (round + 1); c.InFlight.Now != 0 || c.Requests.Finished != n || c.Bytes != int64(n*size) {
				t.Fatalf("size %d: %+v after %d answers", size, c, n)
			}
		}
		client.CloseIdleConnections()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Requests that would take an hour end with the server; goleak sees what is left.
func TestServerClosesWithRequestsUnderWay(t *testing.T) {
	s, err := Serve("", constant(8, time.Hour), Options{})
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Transport: &http.Transport{}}
	var calls sync.WaitGroup
	for _, url := range s.URLs() {
		calls.Go(func() {
			if _, _, err := fetch(t.Context(), &client, url, ""); err == nil {
				t.Errorf("%s is answered before its time", url)
			}
		})
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	calls.Wait()
}

// A header beyond the limit is refused before it is a request.
func TestServerBoundsHeaders(t *testing.T) {
	s, err := Serve("", constant(1, 0), Options{})
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	status, body, err := fetch(t.Context(), &client, s.URLs()[0], strings.Repeat("x", 2*headerLimit))
	if status != http.StatusRequestHeaderFieldsTooLarge && err == nil {
		t.Errorf("status %d, %q", status, body)
	}
	if c := counts(t, s); c.Requests.Started != 0 {
		t.Errorf("counts %+v", c.Requests)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func ExampleMock() {
	p, err := Lookup("fast")
	if err != nil {
		fmt.Println(err)
		return
	}
	m := Mock(p)
	client := http.Client{Transport: m.Transport()}
	response, err := client.Get(m.URLs()[7])
	if err != nil {
		fmt.Println(err)
		return
	}
	body, err := io.ReadAll(response.Body)
	fmt.Println(response.Status, len(body), err, response.Body.Close())
	// Output: 200 OK 1024 <nil> <nil>
}
