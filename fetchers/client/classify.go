package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
)

// StatusClass returns the class of a complete answer. Only a body that was read to its
// end gets here: an error page that breaks off is truncated, whatever its status.
func StatusClass(status int) Class {
	switch {
	case status == http.StatusTooManyRequests:
		return ClassHTTP429
	case status >= 200 && status < 300:
		return ClassOK
	case status >= 300 && status < 400:
		return ClassHTTP3xx
	case status >= 400 && status < 500:
		return ClassHTTP4xx
	case status >= 500 && status < 600:
		return ClassHTTP5xx
	}
	return ClassHTTPOther
}

// fail records a class with its reason.
func (o *Outcome) fail(class Class, err error) {
	o.Class, o.Err = class, printable(err)
}

// failAt records what an error at a stage of the exchange means. A context that is
// done explains every error, because ending it is what tears connections down: what
// is left to see of that is a closed socket, and it would be blamed on the upstream.
//
// A deadline that strikes while a name is looked up is dns_timeout, so that a lost
// question has one class whether the resolver or the request ran out of patience.
func (o *Outcome) failAt(ctx context.Context, at stage, err error) {
	class := classify(at, err)
	if cause := context.Cause(ctx); cause != nil {
		err, class = cause, ClassCancelled
		if errors.Is(cause, ErrTimeout) {
			class = ClassTimeout
		}
	}
	switch {
	case class == ClassDNSTimeout, class == ClassTimeout && at == stageDNS:
		class, o.Phase = ClassDNSTimeout, stageDNS.String()
	case class == ClassTimeout:
		o.Phase = at.String()
	}
	o.fail(class, err)
}

// classify finds the class of an error at a stage. Each group knows its own errors
// by type and answers "" for the rest. The local ones come first, because a lookup
// or a dial wraps them; text is the last resort, where net/http offers nothing else.
func classify(at stage, err error) Class {
	for _, group := range []func(stage, error) Class{
		knownClass, localClass, dnsClass, timeClass, tlsClass, netClass, limitClass, endClass, answerClass,
	} {
		if class := group(at, err); class != "" {
			return class
		}
	}
	return ClassOther
}

// knownClass knows what the wire has said already.
func knownClass(_ stage, err error) Class {
	var known *classError
	if errors.As(err, &known) {
		return known.class
	}
	return ""
}

// localClass knows what this machine ran out of. The upstream has no part in it.
func localClass(_ stage, err error) Class {
	switch {
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return ClassLocalFDs
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return ClassLocalPorts
	case errors.Is(err, ErrNotAgreed):
		return ClassLocalRefused
	}
	return ""
}

// dnsClass knows the resolver. One that had no descriptor left for its question says
// so in text only.
func dnsClass(_ stage, err error) Class {
	var dns *net.DNSError
	switch {
	case !errors.As(err, &dns):
		return ""
	case strings.Contains(dns.Err, syscall.EMFILE.Error()):
		return ClassLocalFDs
	case dns.IsNotFound:
		return ClassDNSNotFound
	case dns.IsTimeout:
		return ClassDNSTimeout
	}
	return ClassDNSError
}

// timeClass knows timeouts that are not those of the context: of the kernel, of a
// handshake, of a dial that ended a moment before the request did.
func timeClass(_ stage, err error) Class {
	var timed net.Error
	if errors.Is(err, ErrTimeout) || errors.As(err, &timed) && timed.Timeout() {
		return ClassTimeout
	}
	return ""
}

// tlsClass knows handshakes. Whatever ends one, a connection closed half-way
// included, is a failed handshake. An alert may also come after it, as text only.
func tlsClass(at stage, err error) Class {
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		name         x509.HostnameError
		invalid      x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &verification), errors.As(err, &authority),
		errors.As(err, &name), errors.As(err, &invalid):
		return ClassTLSCertificate
	case at == stageTLS, strings.Contains(err.Error(), "tls: "):
		return ClassTLS
	}
	return ""
}

// netClass knows what a connection can come to. Writing to one that the other side
// has closed is a reset as well; which of the two errors comes depends on timing.
func netClass(_ stage, err error) Class {
	var addr *net.AddrError
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return ClassRefused
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		errors.Is(err, syscall.ECONNABORTED):
		return ClassReset
	case errors.As(err, &addr):
		return ClassBadURL
	}
	return ""
}

// limitClass knows the limits: ours by value, those of net/http by text. Trailers
// count as headers, and what a chunk carries besides data counts as body. net/http
// calls a trailer too long as well when it breaks off.
func limitClass(_ stage, err error) Class {
	text := err.Error()
	switch {
	case errors.Is(err, errTooLarge),
		strings.Contains(text, "too much non-data"),
		strings.Contains(text, "header line too long"): // of a chunk
		return ClassTooLarge
	case strings.Contains(text, "server response headers exceeded"),
		strings.Contains(text, "suspiciously long trailer"):
		return ClassHeadersTooLarge
	}
	return ""
}

// endClass knows connections that the other side closed: before the answer, or in
// its body. One that closes within the headers sent no HTTP: where in a line they
// break off decides by which error net/http says so, and shall not decide the class.
func endClass(at stage, err error) Class {
	ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrClosedPipe) ||
		strings.Contains(err.Error(), "server closed idle connection") ||
		strings.Contains(err.Error(), "unexpected EOF reading trailer")
	switch {
	case !ended || errors.As(err, new(decodeError)):
		return ""
	case at < stageHeaders:
		return ClassEOF
	case at == stageBody:
		return ClassTruncated
	}
	return ""
}

// answerClass knows answers that came and make no sense. Once the first byte is
// there, what is not a failure of the network is a failure of what was said.
func answerClass(at stage, err error) Class {
	switch {
	case errors.As(err, new(decodeError)):
		return ClassDecode
	case at >= stageHeaders:
		return ClassMalformed
	}
	return ""
}
