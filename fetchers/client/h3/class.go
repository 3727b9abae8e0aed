package h3

import (
	"crypto/tls"
	"errors"
	"strings"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// class knows the errors that only QUIC and HTTP/3 have, and finds for each the class
// that says the same of a connection over TCP: an upstream that resets a stream has
// torn down all that there was of this request's connection.
func class(err error) client.Class {
	var (
		transport *quic.TransportError
		stream    *http3.Error
	)
	switch {
	case errors.Is(err, client.ErrRefused), errors.As(err, new(*quic.StatelessResetError)):
		return client.ClassReset
	case strings.Contains(err.Error(), "HEADERS frame too large"), strings.Contains(err.Error(), "headers too large"):
		return client.ClassHeadersTooLarge
	case errors.As(err, &transport):
		return transportClass(transport)
	case errors.As(err, &stream):
		return streamClass(stream)
	}
	return ""
}

// transportClass knows connections that QUIC ended. A certificate that is not trusted
// has an error of its own, which the client knows.
func transportClass(err *quic.TransportError) client.Class {
	switch {
	case errors.As(err, new(*tls.CertificateVerificationError)):
		return client.ClassTLSCertificate
	case err.ErrorCode.IsCryptoError():
		return client.ClassTLS
	case err.ErrorCode == quic.ConnectionRefused:
		return client.ClassRefused
	case err.Remote:
		return client.ClassReset
	}
	return client.ClassMalformed // what came broke a rule, and our side ended it
}

// streamClass knows what HTTP/3 ended. A connection that the upstream closed in good
// order is left to the client: what it means depends on how far the answer had come.
func streamClass(err *http3.Error) client.Class {
	switch {
	case !err.Remote:
		return client.ClassMalformed
	case errors.As(err, new(*quic.ApplicationError)) && err.ErrorCode == http3.ErrCodeNoError:
		return ""
	}
	return client.ClassReset
}
