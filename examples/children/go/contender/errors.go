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
	case errors.Is(err, errRedirect):
		return "redirect"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connect"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "body"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF):
		return "reset"
	}
	return "other"
}

// errRedirect is the error of a redirect that is not followed.
var errRedirect = errors.New("too many redirects, or one to another origin")

// Redirects is what an http.Client does with redirects: it follows so many, within the
// origin of the first, because another one would get the headers too. With 0 a redirect
// is an answer.
func Redirects(most int) func(*http.Request, []*http.Request) error {
	return func(next *http.Request, via []*http.Request) error {
		from := via[0].URL
		switch {
		case most == 0:
			return http.ErrUseLastResponse
		case len(via) > most || next.URL.Scheme != from.Scheme || next.URL.Host != from.Host:
			return errRedirect
		}
		return nil
	}
}
