package clienttest_test

import (
	"errors"
	"testing"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// TestR3WhatIsNotWholeIsNoSuccess over any transport.
func TestR3WhatIsNotWholeIsNoSuccess(t *testing.T) {
	server := open(t)
	spring(t, config(server, patience), server, net1(), []trap{
		{"/truncate?declare=1000&send=100", "truncated"},
		{"/chunk-truncated", "truncated"},
		{"/raw/bad-chunk", "malformed"},
		{"/raw/huge-chunk", "truncated malformed"},
		{"/reset?after=100", "reset"},
		{"/gzip-bad", "decode"},
		{"/gzip-truncated", "decode"},
		{"/raw/empty", "eof"},
		{"/raw/garbage", "malformed"},
		{"/raw/http09", "malformed"},
		{"/raw/half-status", "malformed"},
		{"/raw/half-headers", "malformed"},
		{"/raw/bad-status", "malformed"},
		{"/raw/status-000", "malformed http_other"},
		{"/raw/status-99999", "malformed"},
		{"/raw/negative-length", "malformed"},
		{"/raw/two-lengths", "malformed"},
		{"/raw/nul-header", "malformed"},
	}, none)
}

// TestR10NoRequestOutlivesItsDeadline, whatever hangs or drips, and the phase is told.
func TestR10NoRequestOutlivesItsDeadline(t *testing.T) {
	server := open(t)
	told := func(t *testing.T, what string, o client.Outcome) {
		if o.Phase == "" || !errors.Is(o.Err, client.ErrTimeout) {
			t.Errorf("%s: got %+v, want the phase and the deadline as its reason", what, o)
		}
	}
	spring(t, config(server, deadline), server, net1(), []trap{
		{"/hang", "timeout"},
		{"/hang-after-headers", "timeout"},
		{"/stall-at?bytes=100&of=1000", "timeout"},
		{"/drip?bytes=100&every=100", "timeout"},
		{"/raw/drip-headers?every=100", "timeout"},
		{"/raw/endless-1xx?every=300", "timeout"},
		{"/huge-length?declare=1000000000000&send=1000", "timeout"},
		{"tcp-hang", "timeout"},
		{"tcp-noaccept", "timeout"},
		{"tls-stall", "timeout"},
	}, told)
	spring(t, config(server, deadline), server, []carrier{{"h2", over(client.H2)}}, []trap{{"h2-stall", "timeout"}, {"tls-stall", "timeout"}}, told)
}

// TestR11AnUnaskedUpgradeIsRefused twenty times without a pause.
func TestR11AnUnaskedUpgradeIsRefused(t *testing.T) {
	server := open(t)
	for _, carrier := range net1() {
		c := carrier.new(config(server, patience))
		for range 20 {
			if o := c.Fetch(t.Context(), client.Request{URL: at(server, "/raw/upgrade")}); o.Class != client.ClassUpgrade || o.Attempts != 1 {
				t.Errorf("%s: got %+v, want upgrade", carrier.name, o)
			}
		}
		c.Close()
	}
	if got := server.Stats().Started(); got != 20*len(net1()) {
		t.Errorf("the upstream saw %d requests, want 20 of each transport", got)
	}
}

// TestR13NothingIsEndless: bytes are bounded as well as time, in every place where an
// upstream can send them.
func TestR13NothingIsEndless(t *testing.T) {
	server := open(t)
	spring(t, config(server, patience), server, []carrier{{"h2", over(client.H2)}}, []trap{{"h2-continuation", "h2 headers_too_large"}}, none)
	spring(t, config(server, patience), server, net1(), []trap{
		{"/infinite", "too_large"},
		{"/gzip-bomb?mb=2048", "too_large"},
		{"/raw/chunk-ext", "too_large"},
		{"/raw/endless-headers", "headers_too_large"},
		{"/raw/long-status", "headers_too_large"},
		{"/raw/endless-100", "headers_too_large"},
		{"/raw/endless-trailers", "headers_too_large"},
		{"/big-header?bytes=1000000", "headers_too_large"},
		{"/many-headers?n=10000", "headers_too_large"},
	}, none)
}

// TestR22AnInterimAnswerIsNone: those that never stop time out, and are one attempt.
func TestR22AnInterimAnswerIsNone(t *testing.T) {
	server := open(t)
	spring(t, config(server, deadline), server, net1(), []trap{{"/raw/endless-1xx?every=50", "timeout"}}, func(t *testing.T, what string, o client.Outcome) {
		if o.Status != 0 || o.Attempts != 1 {
			t.Errorf("%s: got %+v, want no status and one attempt", what, o)
		}
	})
	if got := server.Stats().Started(); got != len(net1()) {
		t.Errorf("the upstream saw %d requests, want one of each transport", got)
	}
}

// TestR31RedirectsEnd with a class: loops, other schemes, other origins, which get
// nothing (R29), and those that lead nowhere.
func TestR31RedirectsEnd(t *testing.T) {
	server := open(t)
	spring(t, config(server, patience), server, net1(), []trap{
		{"/redirect?n=2", "ok"},
		{"/redirect-loop", "redirect_loop"},
		{"/redirect-to?url=file:///etc/passwd", "redirect_refused"},
		{"/redirect-to?url=javascript:alert(1)", "redirect_refused"},
		{"/redirect-other-host", "redirect_refused"},
		{"/redirect-other-port", "redirect_refused"},
		{"/redirect-no-location", "http_3xx"},
	}, func(t *testing.T, what string, o client.Outcome) {
		if o.Attempts != o.Redirects+1 || o.Attempts > 11 {
			t.Errorf("%s: got %d attempts and %d redirects, want one more and at most 11", what, o.Attempts, o.Redirects)
		}
	})
	if stats := server.Stats(); stats.Connections["other"]+stats.Connections["port2"] > 0 {
		t.Errorf("another origin was asked: %v", stats.Connections)
	}
}

// TestR32CertificatesAreVerified over every transport with TLS, with nothing sent.
func TestR32CertificatesAreVerified(t *testing.T) {
	server := open(t)
	carriers := append(net1(), carrier{"h2", over(client.H2)})
	spring(t, config(server, patience), server, carriers, []trap{
		{"tls-expired/ok", "tls_certificate"},
		{"tls-wronghost/ok", "tls_certificate"},
		{"tls-selfsigned/ok", "tls_certificate"},
		{"tls-old/ok", "tls"},
		{"tls-plain/ok", "tls"},
	}, func(t *testing.T, what string, o client.Outcome) {
		if o.Attempts != 0 {
			t.Errorf("%s: got %+v, want nothing sent", what, o)
		}
	})
	if got := server.Stats().Started(); got != 0 {
		t.Errorf("the upstream saw %d requests, want none", got)
	}
	spring(t, config(server, patience), server, net1(), []trap{{"tls-good/ok", "ok"}}, none)
}
