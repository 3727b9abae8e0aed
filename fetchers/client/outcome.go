package client

import (
	"context"
	"net/http"
	"time"
)

// A Request is one thing to fetch. An empty Method means GET. The ID travels as
// X-Request-Id, so that an upstream that counts can be asked what it saw.
//
// Draw is not sent: it tells the request apart from others to the same URL, for
// policies that draw lots.
//
// Keep asks for the answer itself, which the outcome then has. Without it a body is
// read, counted and forgotten.
type Request struct {
	ID, Method, URL string
	Header          http.Header
	Body            []byte
	Draw            uint64
	Keep            bool
}

// A Fetch makes one request and says what became of it. Policies wrap a Fetch in
// another; [Client.Fetch] is the innermost.
type Fetch func(ctx context.Context, r Request) Outcome

// An Outcome is what became of one request. Whatever the upstream does, it falls
// into one of [Classes]: a failure is data here, never an error of the caller.
//
// Status, Bytes and WireBytes are those of the last answer; bodies of followed
// redirects are read to their end and not counted. Bytes counts the decoded body,
// WireBytes the body before gzip was undone, without headers and chunk framing.
// Attempts counts requests of which anything went out on the wire, redirects
// included: with none, no upstream can have seen it.
// Err explains every class that a status does not, in text safe to print.
type Outcome struct {
	Class Class
	// Phase says where a timeout struck: dns, connect, tls, write, wait, headers
	// or body. It is empty for every class but timeout and dns_timeout.
	Phase    string
	Status   int
	Attempts int
	Received
	Effort
	Phases Phases
	Conn   Conn
	Err    error
}

// Received is what came of the body of the last answer. Answer is nil unless the
// request asked to keep it.
type Received struct {
	Bytes, WireBytes int64
	Answer           *Answer
}

// An Answer is what the last answer said, and where: URL is the address that was asked
// last, after redirects. Body is decoded, and within the limits of the client; where
// the class says that the body broke off, it is what came before. It may be shared
// with other requests (Effort.Shared), so it is not to be changed.
type Answer struct {
	URL  string
	Body []byte
}

// Effort is what a request took besides the attempt that answered it.
//
// Wasted counts the attempts whose answers were not used: those before the last
// try of a retry, and the losers of a hedge. Redirects counts those followed.
// RetryAfter is the wait that the last answer asked for, 0 if it did not. Shared
// says that the answer came to another request and was shared with this one, which
// then has no attempts.
type Effort struct {
	Wasted, Redirects int
	RetryAfter        time.Duration
	Shared            bool
}

// Phases says where the time of a request went, summed over its redirects. DNS,
// Connect and TLS are zero on a connection that another request paid for. Wait runs
// from having a connection to the first byte of the answer, so it includes the
// writing of the request; Body runs from there to the last byte. Measured is false
// where nothing was timed: on an in-process mock, or before there was a connection.
type Phases struct {
	DNS, Connect, TLS, Wait, Body time.Duration
	Measured                      bool
}

// add sums the phases of one exchange into those of the request.
func (p *Phases) add(q Phases) {
	p.DNS += q.DNS
	p.Connect += q.Connect
	p.TLS += q.TLS
	p.Wait += q.Wait
	p.Body += q.Body
	p.Measured = p.Measured || q.Measured
}

// Conn describes the connection that carried the last answer. Reused is true when
// the request did not have to open it, Addr is the address really dialled.
type Conn struct {
	Reused         bool
	Protocol, Addr string
}

// A Class is one word of the closed vocabulary of outcomes.
type Class string

// The classes. Those of this machine (local_...) are never the fault
// of the upstream. A dns_timeout struck while a name was looked up, whether the
// resolver gave up or the deadline came first.
const (
	ClassOK              Class = "ok"                // 2xx, body complete and well-formed
	ClassHTTP3xx         Class = "http_3xx"          // 3xx that was not to be followed
	ClassHTTP4xx         Class = "http_4xx"          // 4xx but 429
	ClassHTTP429         Class = "http_429"          // asked to slow down
	ClassHTTP5xx         Class = "http_5xx"          // 5xx
	ClassHTTPOther       Class = "http_other"        // any other status
	ClassTimeout         Class = "timeout"           // the deadline struck, see Phase
	ClassRefused         Class = "refused"           // nobody listens there
	ClassReset           Class = "reset"             // the connection was torn down
	ClassEOF             Class = "eof"               // closed before a byte of the answer
	ClassTruncated       Class = "truncated"         // the body broke off before its end
	ClassMalformed       Class = "malformed"         // what came is not HTTP, or only half of its headers
	ClassDecode          Class = "decode"            // the body is not the gzip it claims to be
	ClassTooLarge        Class = "too_large"         // the body passed a limit
	ClassHeadersTooLarge Class = "headers_too_large" // headers or trailers passed a limit
	ClassRedirectLoop    Class = "redirect_loop"     // more redirects than allowed
	ClassRedirectRefused Class = "redirect_refused"  // redirected to another origin
	ClassUpgrade         Class = "upgrade"           // 101, closed unread
	ClassH2              Class = "h2"                // an HTTP/2 stream or connection error
	ClassTLS             Class = "tls"               // the handshake failed
	ClassTLSCertificate  Class = "tls_certificate"   // the certificate was not trusted
	ClassDNSNotFound     Class = "dns_notfound"      // no such host
	ClassDNSTimeout      Class = "dns_timeout"       // no answer to the name in time
	ClassDNSError        Class = "dns_error"         // the resolver failed otherwise
	ClassLocalFDs        Class = "local_fds"         // this machine: out of descriptors
	ClassLocalPorts      Class = "local_ports"       // this machine: out of ports
	ClassLocalRefused    Class = "local_refused"     // this machine: not dialled, nobody agreed to it
	ClassCancelled       Class = "cancelled"         // the caller gave up
	ClassBadURL          Class = "bad_url"           // nothing that can be fetched
	ClassBreaker         Class = "breaker"           // not sent: the circuit breaker was open
	ClassOther           Class = "other"             // none of the above
)

// Classes lists the whole vocabulary in the order in which reports show it.
func Classes() []Class {
	return []Class{
		ClassOK, ClassHTTP3xx, ClassHTTP4xx, ClassHTTP429, ClassHTTP5xx, ClassHTTPOther,
		ClassTimeout, ClassRefused, ClassReset, ClassEOF, ClassTruncated, ClassMalformed,
		ClassDecode, ClassTooLarge, ClassHeadersTooLarge, ClassRedirectLoop,
		ClassRedirectRefused, ClassUpgrade, ClassH2, ClassTLS, ClassTLSCertificate,
		ClassDNSNotFound, ClassDNSTimeout, ClassDNSError, ClassLocalFDs, ClassLocalPorts,
		ClassLocalRefused, ClassCancelled, ClassBadURL, ClassBreaker, ClassOther,
	}
}
