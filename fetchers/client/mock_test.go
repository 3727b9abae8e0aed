package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
)

// roundTripper is a function that answers requests.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestMockAnswersWithoutAWire(t *testing.T) {
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder("GET", "http://upstream/ok", httpmock.NewStringResponder(200, "hello"))
	mock.RegisterResponder("GET", "http://upstream/moved", httpmock.NewStringResponder(302, "").HeaderSet(http.Header{"Location": {"/ok"}}))
	mock.RegisterResponder("GET", "http://upstream/busy", httpmock.NewStringResponder(429, "no"))
	mock.RegisterResponder("GET", "http://upstream/refused", httpmock.NewErrorResponder(syscall.ECONNREFUSED))
	c := newClient(t, Config{RoundTripper: mock})
	for _, tt := range []struct {
		path     string
		want     Class
		bytes    int64
		attempts int
	}{
		{"/ok", ClassOK, 5, 1}, {"/moved", ClassOK, 5, 2}, {"/busy", ClassHTTP429, 2, 1}, {"/refused", ClassRefused, 0, 1},
	} {
		o := fetch(t, c, "upstream", tt.path)
		if o.Class != tt.want || o.Bytes != tt.bytes || o.Attempts != tt.attempts {
			t.Errorf("%s: got %+v, want %s with %d bytes after %d attempts", tt.path, o, tt.want, tt.bytes, tt.attempts)
		}
		if (o.Phases != Phases{}) || o.Status != 0 && o.Conn != (Conn{Protocol: "mock"}) {
			t.Errorf("%s: got %+v, want no phases and protocol mock", tt.path, o)
		}
	}
	if got := mock.GetTotalCallCount(); got != 5 || c.Opened() != 0 {
		t.Errorf("mock was called %d times over %d connections, want 5 over none", got, c.Opened())
	}
}

func TestMockSeesThePlainRequest(t *testing.T) {
	c := newClient(t, Config{RoundTripper: roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Body != nil || r.TransferEncoding != nil || r.Header.Get("X-Request-Id") != "id-1" {
			t.Errorf("got %+v, want a GET without a body", r)
		}
		return &http.Response{StatusCode: 204}, nil
	})})
	if o := fetch(t, c, "upstream", "/"); o.Class != ClassOK || o.Status != 204 {
		t.Errorf("got %+v, want ok from an answer without a body", o)
	}
}

func TestMockFailures(t *testing.T) {
	cut := &http.Response{StatusCode: 200, Body: io.NopCloser(io.MultiReader(strings.NewReader("ab"), failing{io.ErrUnexpectedEOF}))}
	for _, tt := range []struct {
		name string
		resp *http.Response
		err  error
		want Class
	}{
		{"nothing", nil, nil, ClassOther},
		{"closed", nil, io.EOF, ClassEOF},
		{"unknown", nil, errors.New("no responder"), ClassOther},
		{"broken body", cut, nil, ClassTruncated},
	} {
		c := newClient(t, Config{RoundTripper: roundTripper(func(*http.Request) (*http.Response, error) { return tt.resp, tt.err })})
		if o := fetch(t, c, "upstream", "/"); o.Class != tt.want || o.Err == nil || o.Attempts != 1 {
			t.Errorf("%s: got %+v, want %s", tt.name, o, tt.want)
		}
	}
}

func TestMockObeysTheDeadline(t *testing.T) {
	c := newClient(t, Config{Timeout: time.Millisecond, RoundTripper: roundTripper(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})})
	if o := fetch(t, c, "upstream", "/"); o.Class != ClassTimeout || o.Phase != "wait" {
		t.Errorf("got %+v, want timeout in phase wait", o)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if o := c.Fetch(ctx, Request{URL: "http://upstream/"}); o.Class != ClassCancelled || o.Attempts != 0 {
		t.Errorf("got %+v, want cancelled without an attempt", o)
	}
}

// failing is a reader that only fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
