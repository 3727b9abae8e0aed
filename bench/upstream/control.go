package upstream

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"
)

// A control request is answered from memory; what takes longer than this will not
// be answered. A million ids are about 20 MB of JSON.
const (
	controlTimeout = 30 * time.Second
	countsLimit    = 256 << 20
)

// control asks another process for its counts, over connections of its own: they
// are never those that a run measures.
type control struct {
	base   string
	client http.Client
}

// newControl makes a client for the control address of a child.
func newControl(base string) *control {
	return &control{base: base, client: http.Client{Transport: &http.Transport{}, Timeout: controlTimeout}}
}

// counts fetches the counts. Half an answer is an error, never half the counts.
func (c *control) counts(ctx context.Context) (Counts, error) {
	var counts Counts
	err := c.do(ctx, http.MethodGet, "/counts", http.StatusOK, func(body io.Reader) error {
		return json.NewDecoder(io.LimitReader(body, countsLimit)).Decode(&counts)
	})
	if err != nil {
		return Counts{}, err
	}
	return counts, nil
}

// begin sets the counts to zero for a trial of a round.
func (c *control) begin(ctx context.Context, round int) error {
	return c.do(ctx, http.MethodPost, "/reset?round="+strconv.Itoa(round), http.StatusNoContent, func(io.Reader) error { return nil })
}

// do sends one request and reads the answer, which must have the status.
func (c *control) do(ctx context.Context, method, path string, status int, read func(io.Reader) error) error {
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, nil)
	if err != nil {
		return err
	}
	response, err := c.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // nothing is left to read
	if response.StatusCode != status {
		return fmt.Errorf("%s %s: %s", method, c.base+path, response.Status)
	}
	return read(response.Body)
}

// close ends the connections.
func (c *control) close() { c.client.CloseIdleConnections() }

// checkLoopback refuses a base address that is not of the scheme and to a loopback
// IP.
func checkLoopback(base, scheme string) error {
	parsed, err := url.Parse(base)
	if err != nil {
		return fmt.Errorf("address of the upstream: %w", err)
	}
	at, err := netip.ParseAddrPort(parsed.Host)
	if err != nil || parsed.Scheme != scheme || !at.Addr().IsLoopback() {
		return fmt.Errorf("address of the upstream %.60q is not on loopback, or not %s", base, scheme)
	}
	return nil
}
