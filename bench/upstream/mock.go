package upstream

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/jarcoal/httpmock"
)

// The base of the URLs of a mock. The name cannot be resolved, so a client that
// does not use the mock's Transport fails instead of reaching somebody else.
const (
	mockHost = "mock.invalid"
	mockBase = "http://" + mockHost
)

// A MockUpstream is an upstream without sockets: its Transport answers in the
// goroutine of the caller, after the latency of the profile. It measures
// scheduling only: there is no connection, no server and no processor time of
// either, and httptrace hooks never fire.
type MockUpstream struct {
	service   *service
	transport *httpmock.MockTransport
}

// Mock makes an in-process upstream. It panics if the profile is not valid.
func Mock(p Profile) *MockUpstream {
	m := &MockUpstream{service: mustService(p), transport: httpmock.NewMockTransport()}
	// A plain function for every endpoint: httpmock holds a lock while a responder
	// made with Then runs, and counts Times without one.
	for _, url := range m.URLs() {
		m.transport.RegisterResponder(http.MethodGet, url, m.respond)
		m.transport.RegisterResponder(http.MethodHead, url, m.respond)
	}
	m.transport.RegisterNoResponder(m.respond)
	return m
}

// Transport sends requests to the mock. It is safe for concurrent use and honours
// the context of each request.
func (m *MockUpstream) Transport() http.RoundTripper { return detacher{m.transport} }

// URLs lists the endpoints.
func (m *MockUpstream) URLs() []string { return m.service.profile.urls(mockBase) }

// Counts says what the mock saw since the last Begin; the error is always nil.
func (m *MockUpstream) Counts(context.Context) (Counts, error) {
	return m.service.ledger.Snapshot(), nil
}

// Begin sets the counts to zero for a trial of a round, to which requests belong that
// name none; the error is always nil.
func (m *MockUpstream) Begin(_ context.Context, round int) error {
	m.service.begin(round)
	return nil
}

// Close does nothing: a mock holds nothing open.
func (m *MockUpstream) Close() error { return nil }

// respond answers one request.
func (m *MockUpstream) respond(r *http.Request) (*http.Response, error) {
	if r.URL.Host != mockHost {
		return nil, &net.DNSError{Err: "no such host", Name: r.URL.Hostname(), IsNotFound: true}
	}
	arrived := time.Now()
	ctx := attached(r.Context())
	id := identify(r)
	v := m.service.ledger.begin(id)
	a := m.service.decide(ctx, r, arrival{id, arrived, v.attempt})
	v.decided(r, a)
	body := a.body
	if r.Method == http.MethodHead {
		body = nil
	}
	if a.how == finished && a.linger > 0 && len(body) > 0 {
		return m.late(ctx, v, a), nil
	}
	m.service.ledger.end(v, a.how, a.status, len(body))
	switch a.how {
	case gone:
		return nil, ctx.Err()
	case closed:
		return nil, io.EOF // what http.Transport returns when the server hangs up
	}
	return a.response(body), nil
}

// late is an answer whose body takes its time.
func (m *MockUpstream) late(ctx context.Context, v visit, a answer) *http.Response {
	at := time.Now().Add(a.linger)
	response := a.response(a.body)
	response.Body = &lateBody{
		Reader: bytes.NewReader(a.body),
		wait: func() error {
			if m.service.clock.until(ctx, at) {
				return nil
			}
			return ctx.Err()
		},
		end: func(how ending, bytes int) { m.service.ledger.end(v, how, a.status, bytes) },
	}
	return response
}

// response is the answer as a client's transport returns it.
func (a answer) response(body []byte) *http.Response {
	response := &http.Response{
		StatusCode:    a.status,
		Status:        strconv.Itoa(a.status) + " " + http.StatusText(a.status),
		Header:        make(http.Header, 3),
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(a.body)),
	}
	a.header(response.Header)
	return response
}

// detacher hides from httpmock that a request can be cancelled: it would start two
// goroutines for each request to watch for that, and leave the responder running
// after it. The responder watches the context itself.
type detacher struct{ transport *httpmock.MockTransport }

// RoundTrip implements http.RoundTripper. What it passes on is a request of its
// own, because http.Client also sets the old Cancel channel of a request when it
// has a Timeout; the deadline is in the context as well.
func (d detacher) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }() // as http.RoundTripper demands
	}
	plain := &http.Request{Method: r.Method, URL: r.URL, Header: r.Header, Host: r.Host}
	response, err := d.transport.RoundTrip(plain.WithContext(detached{r.Context()}))
	if err != nil {
		return nil, err
	}
	response.Request = r
	return response, nil
}

// detached is a context that is never done.
type detached struct{ context.Context }

// Done implements context.Context.
func (detached) Done() <-chan struct{} { return nil }

// attached is the context that detached hides.
func attached(ctx context.Context) context.Context {
	if d, ok := ctx.(detached); ok {
		return d.Context
	}
	return ctx
}

var _ Upstream = (*MockUpstream)(nil)
