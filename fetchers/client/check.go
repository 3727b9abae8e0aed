package client

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// Check says what is wrong with a request before anything is sent. What it lets
// pass, [Client.Fetch] sends. The message quotes the URL without its query and
// without a password, so it may be printed.
func Check(r Request) error {
	u, err := url.Parse(r.URL)
	if err != nil {
		return unparsable(r.URL, err)
	}
	if err := checkURL(r.URL, u); err != nil {
		return err
	}
	switch {
	case r.Method != "" && !token(r.Method):
		return fmt.Errorf("method %q is not a word that HTTP can send", r.Method)
	case r.Method == http.MethodConnect:
		return errors.New("method CONNECT asks for a tunnel and fetches nothing")
	case !fieldValue(r.ID):
		return fmt.Errorf("request id %q has a character that a header cannot carry", r.ID)
	}
	return checkHeader(r.Header)
}

// checkURL refuses a parsed URL that cannot be fetched; raw is what was written.
// Fetch asks it as well, so that a URL which was never checked ends as bad_url and
// not as whatever the transport makes of it. A user name in the URL is refused and
// not turned into a header: URLs are printed, logged and stored, passwords are not.
func checkURL(raw string, u *url.URL) error {
	switch {
	case raw == "":
		return errors.New("the URL is empty")
	case u.Scheme != "http" && u.Scheme != "https":
		return wrongScheme(raw, u)
	case u.Hostname() == "":
		return fmt.Errorf("%s has no host; write %s://HOST/PATH", show(raw), u.Scheme)
	case u.User != nil:
		return fmt.Errorf("%s has a user name in it; send an Authorization header instead", show(raw))
	case !hostName(u.Hostname()):
		return fmt.Errorf("%s has a character in its host that no host name has", show(raw))
	}
	return checkPort(raw, u)
}

// checkPort refuses a port that does not exist. Package url checks only that it is
// made of digits, and a dialler that is told 99999 fails once for each request.
func checkPort(raw string, u *url.URL) error {
	written := u.Port()
	if written == "" {
		return nil
	}
	n, err := strconv.Atoi(written)
	switch {
	case err == nil && n >= 1 && n <= 65535:
		return nil
	case strings.Contains(raw, "@"): // of http://me:70000?b@host it is the password
		return fmt.Errorf("%s has a port that does not exist; ports go from 1 to 65535", show(raw))
	}
	return fmt.Errorf("%s has port %s; ports go from 1 to 65535", show(raw), written)
}

// unparsable explains an error of url.Parse, which calls a missing scheme by odd
// names: "127.0.0.1:80" is "first path segment in URL cannot contain colon".
func unparsable(raw string, err error) error {
	switch {
	case strings.TrimSpace(raw) != raw:
		return fmt.Errorf("%s has white space around it", show(raw))
	case unescapable(err):
		return fmt.Errorf("%s is not a URL: %w; write a percent sign as %%25", show(raw), printable(parseError(raw, err)))
	case !strings.Contains(raw, "://") && !strings.ContainsFunc(raw, unicode.IsControl):
		return fmt.Errorf("%s has no scheme; write http://%s", show(raw), strings.Trim(show(raw), `"`))
	}
	return fmt.Errorf("%s is not a URL: %w", show(raw), printable(parseError(raw, err)))
}

// unescapable tells whether a percent sign is not followed by two digits.
func unescapable(err error) bool {
	var escape url.EscapeError
	return errors.As(err, &escape)
}

// wrongScheme tells a missing scheme ("example.com", "localhost:80", which parses as
// scheme localhost) from one that cannot be fetched. In me:secret@host the scheme is a
// user name.
func wrongScheme(raw string, u *url.URL) error {
	digits := u.Opaque != "" && u.Opaque[0] >= '0' && u.Opaque[0] <= '9'
	user := scheme(raw) == "" && strings.Contains(raw, "@")
	if u.Scheme == "" || digits || user {
		rest := strings.TrimPrefix(strings.Trim(show(raw), `"`), "//")
		return fmt.Errorf("%s has no scheme; write http://%s", show(raw), rest)
	}
	return fmt.Errorf("%s has scheme %s; only http and https can be fetched", show(raw), u.Scheme)
}

// show quotes a URL for a message, without its query, user and password, and cut to
// a length that fits a line. A password may hold a question mark or a hash that was
// not escaped: where an @ follows one, all that is sure is the scheme.
func show(raw string) string {
	const most = 80
	query := strings.IndexAny(raw, "?#")
	user := strings.LastIndexByte(raw, '@')
	switch {
	case user >= 0 && query >= 0 && query < user:
		raw = scheme(raw) + "..."
	case user >= 0:
		raw = scheme(raw) + "..." + raw[user:]
	}
	if i := strings.IndexAny(raw, "?#"); i >= 0 {
		raw = raw[:i]
	}
	if len(raw) > most {
		raw = strings.ToValidUTF8(raw[:most], "") + "..."
	}
	return strconv.Quote(raw)
}

// scheme is the beginning of a URL that ends with ://, empty where it has none.
func scheme(raw string) string {
	name, _, found := strings.Cut(raw, "://")
	if !found || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		return ""
	}
	return name + "://"
}

// hostName reports whether a host could be one, in any script. An address of IPv6
// was parsed with the URL; only its zone may still hold anything.
func hostName(host string) bool {
	if strings.Contains(host, ":") {
		return !strings.ContainsFunc(host, func(r rune) bool { return !unicode.IsPrint(r) })
	}
	return !strings.ContainsFunc(host, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !strings.ContainsRune("-._~", r)
	})
}

// checkHeader refuses headers that cannot be sent, for which the transport would fail
// each request, and those that the client writes, which it would drop silently.
func checkHeader(h http.Header) error {
	for key, values := range h {
		switch {
		case !token(key):
			return fmt.Errorf("header name %q is not a word that HTTP can send", key)
		case written(http.CanonicalHeaderKey(key)):
			return fmt.Errorf("header %s is written by the client and cannot be set", key)
		}
		for _, value := range values {
			if !fieldValue(value) { // not shown: it may be a secret
				return fmt.Errorf("header %s has a character that a header cannot carry", key)
			}
		}
	}
	return nil
}

// written reports whether the client writes this header itself.
func written(key string) bool {
	return key == "Content-Length" || key == "Transfer-Encoding" || key == "Trailer"
}

// token reports whether s is a token of RFC 9110, section 5.6.2, which methods and
// header names have to be.
func token(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

// fieldValue reports whether s can be the value of a header: no control character
// but the tab (RFC 9110, section 5.5).
func fieldValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '\t' && (c < ' ' || c == 0x7f) {
			return false
		}
	}
	return true
}
