package upstream

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// form is an upstream with what is needed to fetch from it.
type form struct {
	Upstream
	urls   []string
	client *http.Client
}

// eachForm runs the test on every form of the profile, the one in a process of
// its own included. Closing twice must not hurt any of them.
func eachForm(t *testing.T, p Profile, test func(t *testing.T, f form)) {
	t.Helper()
	server, err := Serve("", p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	process, err := Start(t.Context(), child("serve"), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	memory, mock := NewMemory(p), Mock(p)
	forms := map[string]form{
		"server":  {server, server.URLs(), &http.Client{Transport: &http.Transport{}}},
		"process": {process, process.URLs(), &http.Client{Transport: &http.Transport{}}},
		"memory":  {memory, memory.URLs(), &http.Client{Transport: &http.Transport{DialContext: memory.Dial}}},
		"mock":    {mock, mock.URLs(), &http.Client{Transport: mock.Transport()}},
	}
	for name, f := range forms {
		t.Run(name, func(t *testing.T) { test(t, f) })
		f.client.CloseIdleConnections()
		if err := errors.Join(f.Close(), f.Close()); err != nil {
			t.Errorf("%s: close: %v", name, err)
		}
	}
}

// Faults without latency, so that the order of arrival is all that could matter.
// Every form gives every request of three rounds what the profile says, in any
// order: here backwards.
func TestEveryFormServesTheProfile(t *testing.T) {
	p := Profile{URLs: 50, Size: 300, Seed: 5, Faults: Faults{Status: 500, StatusRate: 0.2, FailRate: 0.2}}
	eachForm(t, p, func(t *testing.T, f form) {
		if transport, ok := f.client.Transport.(*http.Transport); ok {
			// A reused connection that is closed unanswered would make net/http send
			// the request again, and the second attempt may well succeed.
			transport.DisableKeepAlives = true
		}
		want := Counts{InFlight: InFlight{Max: 1}, Statuses: map[int]int{}, IDs: map[ID]int{}}
		for round := 2; round >= 0; round-- {
			for index := p.URLs - 1; index >= 0; index-- {
				status, body, err := fetch(t.Context(), f.client, f.urls[index], RequestID(round, 1, index))
				want.IDs[ID{Round: round, Contender: 1, Index: index}]++
				want.Requests.Started++
				if p.Fails(index, round) {
					want.Requests.Closed++
					if !errors.Is(err, io.EOF) {
						t.Errorf("round %d URL %d: status %d, %v, want EOF", round, index, status, err)
					}
					continue
				}
				want.Requests.Finished++
				want.Statuses[p.Status(index, round)]++
				want.Bytes += int64(len(body))
				if status != p.Status(index, round) || err != nil {
					t.Errorf("round %d URL %d: status %d, %v", round, index, status, err)
				}
				if status == 200 && string(body) != string(p.Body()) {
					t.Errorf("round %d URL %d: body of %d bytes differs", round, index, len(body))
				}
			}
		}
		got := counts(t, f)
		want.Busy, want.P99, want.Span, want.Connections = got.Busy, got.P99, got.Span, got.Connections
		want.Answered, want.Endpoints = got.Answered, got.Endpoints
		if n := got.Endpoints[7]; n != 3 {
			t.Errorf("endpoint 7 was asked for %d times, want 3", n)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// Without an id the round is counted for each endpoint: the first visit is cold.
// A round in the query is taken as it is, and requests with ids or rounds do not
// advance the count.
func TestRoundOfRequestsWithoutID(t *testing.T) {
	p := Profile{URLs: 2, Latency: at(1)}
	s := newService(p, timers{})
	// The round is asked for without serving the request: from outside it shows in
	// the latency only.
	roundOf := func(path, id string) (int, error) {
		r, err := http.NewRequest(http.MethodGet, mockBase+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set(IDHeader, id)
		index, a := s.locate(r)
		if a.status != http.StatusOK {
			t.Fatalf("%s: %d", path, a.status)
		}
		return s.round(r, identify(r), index)
	}
	for _, c := range []struct {
		path, id string
		want     int
	}{
		{"/item/0", "", 0},
		{"/item/0", "", 1},
		{"/item/0?round=7", "", 7},
		{"/item/0", "5.0.0", 5},
		{"/item/0?round=7", "-2.0.0", -2},
		{"/item/0", "b4d1-uuid", 2},
		{"/item/0?page=3", "", 3},
		{"/item/1", "", 0},
	} {
		if got, err := roundOf(c.path, c.id); err != nil || got != c.want {
			t.Errorf("%s with id %q: round %d, %v, want %d", c.path, c.id, got, err, c.want)
		}
	}
	if _, err := roundOf("/item/0?round=x", ""); err == nil {
		t.Error("round=x is taken for a round")
	}
}

// Every request that is not GET or HEAD for an endpoint gets the 4xx that says
// why, and is counted like any other: eight of the nine are unknown, and none
// carries an id.
func TestWhatIsNotServedIsRefused(t *testing.T) {
	eachForm(t, constant(3, 0), func(t *testing.T, f form) {
		base := strings.TrimSuffix(f.urls[0], "/item/0")
		for _, c := range []struct {
			method, path string
			status       int
		}{
			{http.MethodGet, "/", 404},
			{http.MethodGet, "/item/3", 404},
			{http.MethodGet, "/item/-1", 404},
			{http.MethodGet, "/item/1x", 404},
			{http.MethodGet, "/item/99999999999999999999", 404},
			{http.MethodGet, "/other/1", 404},
			{http.MethodGet, "/item/1?round=x", 400},
			{http.MethodPost, "/item/1", 405},
			{http.MethodHead, "/item/1", 200},
		} {
			got := ask(t, f.client, c.method, base+c.path)
			if got.status != c.status {
				t.Errorf("%s %s: %d, want %d", c.method, c.path, got.status, c.status)
			}
			// RFC 9110 section 15.5.6: a 405 must say what is allowed.
			if (c.status == 405) != (got.allow == "GET, HEAD") {
				t.Errorf("%s %s: Allow %q", c.method, c.path, got.allow)
			}
			// RFC 9110 section 9.3.2: HEAD has the length of GET and no body.
			if c.method == http.MethodHead && (got.bytes != 0 || got.length != 100) {
				t.Errorf("HEAD: %d bytes, length %d", got.bytes, got.length)
			}
		}
		if c := counts(t, f); c.Requests.Unknown != 8 || c.Requests.Started != 9 || c.Requests.Unnamed != 9 {
			t.Errorf("counts %+v", c.Requests)
		}
	})
}

// reply is what a test looks at in an answer.
type reply struct {
	status, bytes int
	length        int64 // declared
	allow         string
}

// ask makes a request with any method and reads the answer to its end.
func ask(t *testing.T, client *http.Client, method, url string) reply {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, len(body), response.ContentLength, response.Header.Get("Allow")}
}

// Between trials the harness resets; the next one starts from nothing, warm
// connections included: they were opened in another trial.
func TestResetStartsEveryFormAnew(t *testing.T) {
	eachForm(t, constant(2, time.Millisecond), func(t *testing.T, f form) {
		mustFetch(t, f.client, f.urls[0], "1.0.0")
		if c := counts(t, f); c.Requests.Finished != 1 || c.Busy < time.Millisecond || c.Span < time.Millisecond {
			t.Errorf("before: %+v", c)
		}
		if err := f.Begin(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		empty := Counts{Statuses: map[int]int{}, IDs: map[ID]int{}}
		if diff := cmp.Diff(empty, counts(t, f)); diff != "" {
			t.Error(diff)
		}
	})
}

// A mock that answered for every host would hide a plan that names the wrong one.
func TestMockServesNoOtherHost(t *testing.T) {
	client := http.Client{Transport: Mock(constant(1, 0)).Transport()}
	_, _, err := fetch(t.Context(), &client, "http://example.invalid/item/0", "")
	if dns, ok := errors.AsType[*net.DNSError](err); !ok || !dns.IsNotFound {
		t.Errorf("error %v, want no such host", err)
	}
}

// Profiles from outside are validated before; here a mistake is a bug.
func TestInvalidProfilesAreRefused(t *testing.T) {
	const want = `profile "": urls must be 1 to 1000000, got 0`
	if _, err := Serve("", Profile{}, Options{}); err == nil || err.Error() != want {
		t.Errorf("Serve: %v", err)
	}
	if _, err := Start(t.Context(), child("serve"), Profile{}, Options{}); err == nil || err.Error() != want {
		t.Errorf("Start: %v", err)
	}
	for name, construct := range map[string]func(){
		"Mock": func() { Mock(Profile{}) }, "NewMemory": func() { NewMemory(Profile{}) },
	} {
		func() {
			defer func() {
				if got := recover(); got != "upstream: "+want {
					t.Errorf("%s: panic %v", name, got)
				}
			}()
			construct()
		}()
	}
}
