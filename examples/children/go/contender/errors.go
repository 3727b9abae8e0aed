package contender

import (
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
)

// kind is the word of the protocol for what went wrong.
func kind(err error) string {
	var timeout net.Error
	var name *net.DNSError
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case errors.As(err, &name):
		return "dns"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connect"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "body"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF):
		return "reset"
	}
	return "other"
}

// Redirects is what an http.Client does with redirects: it follows so many.
func Redirects(most int) func(*http.Request, []*http.Request) error {
	return func(_ *http.Request, via []*http.Request) error {
		if len(via) > most {
			return http.ErrUseLastResponse
		}
		return nil
	}
}
