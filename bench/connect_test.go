package bench

import (
	"testing"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/fetchers/client"
)

// Connections are warmed by one request a host, under an id that no request of
// the batch has: should it arrive late, it is mistaken for none of them.
func TestConnectAsksEachHostOnce(t *testing.T) {
	profile, err := upstream.Lookup("fast")
	if err != nil {
		t.Fatal(err)
	}
	mock := upstream.Mock(profile)
	b := Batch{aside: aside{id: upstream.RequestID(3, 1, 100)}}
	for i, url := range mock.URLs() {
		b.Requests = append(b.Requests, client.Request{ID: upstream.RequestID(3, 1, i), URL: url})
	}
	b.connect(t.Context(), client.New(client.Config{RoundTripper: mock.Transport()}).Fetch)
	counts, err := mock.Counts(t.Context())
	if err != nil || counts.Requests.Started != 1 || counts.IDs[upstream.ID{Round: 3, Contender: 1, Index: 100}] != 1 {
		t.Errorf("error %v, %d requests, ids %v", err, counts.Requests.Started, counts.IDs)
	}
	// A request that does something is no way to say hello.
	b = Batch{Requests: []client.Request{{Method: "POST", URL: mock.URLs()[0]}}}
	b.connect(t.Context(), client.New(client.Config{RoundTripper: mock.Transport()}).Fetch)
	if b.aside.attempts != 0 {
		t.Errorf("%d requests warmed a host for a POST", b.aside.attempts)
	}
	for address, want := range map[string]string{
		"http://a:80/x?y#z": "http://a:80", "https://a/": "https://a", "http://a:8080": "http://a:8080", "%zz": "%zz",
	} {
		if got := origin(address); got != want {
			t.Errorf("origin(%q) = %q, want %q", address, got, want)
		}
	}
}
