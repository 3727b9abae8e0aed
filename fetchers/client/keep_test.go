package client

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// speaking is a server with an answer of each kind. It ends with the test.
func speaking(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	say := func(path string, status int, text string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, text) // the client that left says so itself
		})
	}
	say("/plain", http.StatusOK, "hello")
	say("/missing", http.StatusNotFound, "<h1>none</h1>")
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/plain?from=moved", http.StatusMovedPermanently) // with a body of its own
	})
	mux.HandleFunc("/zipped", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, "hello, hello, hello")
		_ = z.Close()
	})
	mux.HandleFunc("/torn", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// An answer is kept if the request asks for it: decoded, of the last address alone,
// whatever the status.
func TestAnswersAreKeptWhenAskedFor(t *testing.T) {
	server := speaking(t)
	c := newClient(t, Config{InFlight: 1})
	for path, want := range map[string]struct {
		class Class
		at    string
		body  string
	}{
		"/plain":   {ClassOK, "/plain", "hello"},
		"/missing": {ClassHTTP4xx, "/missing", "<h1>none</h1>"},
		"/moved":   {ClassOK, "/plain?from=moved", "hello"},
		"/zipped":  {ClassOK, "/zipped", "hello, hello, hello"},
		"/torn":    {ClassTruncated, "/torn", "half"},
	} {
		o := c.Fetch(t.Context(), Request{URL: server.URL + path, Keep: true})
		answer := &Answer{URL: server.URL + want.at, Body: []byte(want.body)}
		if diff := cmp.Diff(answer, o.Answer); diff != "" || o.Class != want.class || o.Bytes != int64(len(want.body)) {
			t.Errorf("%s: %s, %d bytes, answer (-want +got):\n%s", path, o.Class, o.Bytes, diff)
		}
		if o := c.Fetch(t.Context(), Request{URL: server.URL + path}); o.Answer != nil || o.Class != want.class {
			t.Errorf("%s: %s, and %+v was kept unasked", path, o.Class, o.Answer)
		}
	}
}

// What was kept of an answer that is too large ends within a buffer of the limit.
func TestKeptAnswersAreBounded(t *testing.T) {
	server := speaking(t)
	c := newClient(t, Config{Limits: Limits{DecodedLimit: 3}})
	if o := c.Fetch(t.Context(), Request{URL: server.URL + "/plain", Keep: true}); o.Class != ClassTooLarge || len(o.Answer.Body) > 5 {
		t.Errorf("%s with %d bytes kept", o.Class, len(o.Answer.Body))
	}
}

// A request that never went out has an answer that says nothing, so that who asked
// for one need not look first.
func TestARequestThatWasNotSentHasAnEmptyAnswer(t *testing.T) {
	c := newClient(t, Config{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, url := range []string{"http://127.0.0.1:1/", "no url"} {
		if o := c.Fetch(ctx, Request{URL: url, Keep: true}); o.Answer == nil || o.Answer.URL != url || o.Answer.Body != nil || o.Attempts != 0 {
			t.Errorf("%s: %+v", url, o)
		}
	}
}
