package client

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// redirects reports whether the status asks to go elsewhere. A 304 or a 300 does
// not: they are answers.
func redirects(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// follow turns r into the request that the redirect asks for and reports whether to
// make it. Only the same scheme, host and port are followed: whatever the caller
// sends along (Authorization, cookies, keys) was meant for that origin and no other.
// No Referer is sent, because it would carry the query of the first URL.
func (c *Client) follow(r *Request, to redirect, o *Outcome) bool {
	next, err := to.from.Parse(to.location)
	switch {
	case err != nil:
		o.fail(ClassMalformed, fmt.Errorf("redirect to a location that does not parse: %w", parseError(to.location, err)))
		return false
	case !sameOrigin(to.from, next):
		o.fail(ClassRedirectRefused, fmt.Errorf("redirected to another origin, %s://%s", next.Scheme, next.Host))
		return false
	case o.Redirects >= c.config.Redirects:
		o.fail(ClassRedirectLoop, fmt.Errorf("more than %d redirects", c.config.Redirects))
		return false
	}
	// A user name in the location would be refused as in any other URL, and nothing
	// of it was ever going to be sent.
	next.User, next.Fragment, next.RawFragment = nil, "", ""
	r.URL = next.String()
	if o.Status != http.StatusTemporaryRedirect && o.Status != http.StatusPermanentRedirect {
		withoutBody(r)
	}
	o.Redirects++
	o.Status, o.Bytes, o.WireBytes = 0, 0, 0
	if o.Answer != nil {
		o.Answer = &Answer{URL: r.URL}
	}
	return true
}

// withoutBody makes the request a GET (a HEAD stays one) and drops what describes
// the body, as RFC 9110, section 15.4, asks for 303 and every client does for 301
// and 302.
func withoutBody(r *Request) {
	if r.Method != http.MethodHead {
		r.Method = http.MethodGet
	}
	r.Body = nil
	kept := make(http.Header, len(r.Header))
	for key, values := range r.Header {
		if !strings.HasPrefix(http.CanonicalHeaderKey(key), "Content-") {
			kept[key] = values
		}
	}
	r.Header = kept
}

// sameOrigin reports whether both URLs have the same scheme, host and port. A
// subdomain is another host: net/http sends it the headers all the same, and has had
// to be corrected in this several times (CVE-2023-45289, CVE-2024-45336).
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

// port returns the port of an http or https URL, written or not.
func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}
