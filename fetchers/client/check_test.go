package client

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"unicode"
)

func TestCheckAccepts(t *testing.T) {
	for _, url := range []string{
		"http://example.com", "https://example.com:443/a?b=c#d", "HTTP://EXAMPLE.COM/", "http://127.0.0.1:65535",
		"http://[::1]:8080/", "http://[fe80::1%25eth0]/", "http://bücher.example/straße", "http://a_b.example/a b",
		"http://example.com/%20", "http://example.com?x=://", "http://localhost:1",
	} {
		if err := Check(Request{URL: url}); err != nil {
			t.Errorf("Check(%q) = %v, want nil", url, err)
		}
	}
	full := Request{ID: "7", Method: "PROPFIND", URL: "http://a", Header: http.Header{"X-A": {"b\tc", "é"}, "Referer": {"/"}}}
	if err := Check(full); err != nil {
		t.Errorf("Check(%v) = %v, want nil", full, err)
	}
}

func TestCheckRefuses(t *testing.T) {
	for _, tt := range []struct{ url, want string }{
		{"", `the URL is empty`},
		{"example.com", `"example.com" has no scheme; write http://example.com`},
		{"example.com/a?key=secret", `"example.com/a" has no scheme; write http://example.com/a`},
		{"//example.com/a", `"//example.com/a" has no scheme; write http://example.com/a`},
		{"localhost:8080/a", `"localhost:8080/a" has no scheme; write http://localhost:8080/a`},
		{"127.0.0.1:80", `"127.0.0.1:80" has no scheme; write http://127.0.0.1:80`},
		{"ftp://a/b", `"ftp://a/b" has scheme ftp; only http and https can be fetched`},
		{"javascript:alert(1)", `"javascript:alert(1)" has scheme javascript; only http and https can be fetched`},
		{"file:///etc/passwd", `"file:///etc/passwd" has scheme file; only http and https can be fetched`},
		{"http://", `"http://" has no host; write http://HOST/PATH`},
		{"http:///a", `"http:///a" has no host; write http://HOST/PATH`},
		{"https:example.com", `"https:example.com" has no host; write https://HOST/PATH`},
		{"http://:80/", `"http://:80/" has no host; write http://HOST/PATH`},
		{"http://a:99999/", `"http://a:99999/" has port 99999; ports go from 1 to 65535`},
		{"http://a:0/", `"http://a:0/" has port 0; ports go from 1 to 65535`},
		{"http://a:99999999999999999999/", `"http://a:99999999999999999999/" has port 99999999999999999999; ports go from 1 to 65535`},
		{"http://a:b/", `"http://a:b/" is not a URL: invalid port ":b" after host`},
		{"http://a/%zz", `"http://a/%zz" is not a URL: invalid URL escape "%zz"; write a percent sign as %25`},
		{"http://a/\x1b[31m", `"http://a/\x1b[31m" is not a URL: net/url: invalid control character in URL`},
		{" http://a", `" http://a" has white space around it`},
		{"http://a\n", `"http://a\n" has white space around it`},
		{"http://me:pw@a/b?c", `"http://...@a/b" has a user name in it; send an Authorization header instead`},
		{"me@example.com/?k=secret", `"...@example.com/" has no scheme; write http://...@example.com/`},
		{"http://" + strings.Repeat("a", 100) + ":0", `"http://` + strings.Repeat("a", 73) + `..." has port 0; ports go from 1 to 65535`},
		{"http://me:p w@a/", `"http://...@a/" is not a URL: a user name, or what follows it, has a character that cannot be there`},
		{"http://me:p/w@a/", `"http://...@a/" is not a URL: a user name, or what follows it, has a character that cannot be there`},
		{"http://me:pw?x@a/", `"http://..." is not a URL: a user name, or what follows it, has a character that cannot be there`},
		{"http://me:pw#x@a/", `"http://..." is not a URL: a user name, or what follows it, has a character that cannot be there`},
		{"http://me:99999?x@a/", `"http://..." has a port that does not exist; ports go from 1 to 65535`},
		{"me:pw@a/", `"...@a/" has no scheme; write http://...@a/`},
		{"ftp://a/b?c=d@e&key=secret", `"ftp://..." has scheme ftp; only http and https can be fetched`},
		{"http://a<b>/", `"http://a<b>/" has a character in its host that no host name has`},
		{"http://a\u202eb/", `"http://a\u202eb/" has a character in its host that no host name has`},
		{"http://[fe80::1%25\u202e]/", `"http://[fe80::1%25\u202e]/" has a character in its host that no host name has`},
		{"http://[::g]/", `"http://[::g]/" is not a URL: invalid host: ParseAddr("::g"): each colon-separated field must have at least one digit (at "g")`},
	} {
		err := Check(Request{URL: tt.url})
		if err == nil || err.Error() != tt.want {
			t.Errorf("Check(%q) =\n%v, want\n%s", tt.url, err, tt.want)
		}
		o := newClient(t, Config{}).Fetch(context.Background(), Request{URL: tt.url})
		if o.Class != ClassBadURL || o.Attempts != 0 {
			t.Errorf("Fetch of %q: got %+v, want bad_url without an attempt", tt.url, o)
		}
	}
}

func TestCheckRefusesWhatHeadersCannotCarry(t *testing.T) {
	for _, tt := range []struct {
		r    Request
		want string
	}{
		{Request{Method: "GE T"}, `method "GE T" is not a word that HTTP can send`},
		{Request{Method: "CONNECT"}, `method CONNECT asks for a tunnel and fetches nothing`},
		{Request{ID: "a\nb"}, `request id "a\nb" has a character that a header cannot carry`},
		{Request{Header: http.Header{"A b": {"c"}}}, `header name "A b" is not a word that HTTP can send`},
		{Request{Header: http.Header{"A": {"secret\r\nB: c"}}}, `header A has a character that a header cannot carry`},
		{Request{Header: http.Header{"content-length": {"1"}}}, `header content-length is written by the client and cannot be set`},
	} {
		tt.r.URL = "http://a"
		if err := Check(tt.r); err == nil || err.Error() != tt.want {
			t.Errorf("Check(%+v) = %v, want %s", tt.r, err, tt.want)
		}
	}
}

// TestFetchRefusesMethods holds for what was never checked: it is not sent.
func TestFetchRefusesMethods(t *testing.T) {
	o := newClient(t, Config{}).Fetch(context.Background(), Request{URL: "http://a", Method: "GE T"})
	if o.Class != ClassBadURL || o.Attempts != 0 || o.Err == nil {
		t.Errorf("got %+v, want bad_url without an attempt", o)
	}
}

// FuzzCheckNamesNoPassword puts a secret where a user name and a password are, with
// anything around it, and looks for it in the message.
func FuzzCheckNamesNoPassword(f *testing.F) {
	const secret = "s3cret"
	for _, around := range [][3]string{
		{"http://me:", "", "a/"},
		{"http://me:", "?x", "a/"},
		{"http://me:", "#x", "a/"},
		{"http://me:", "/x", "a:0/?b#c"},
		{"http://", ":99999#", "a"},
		{"", "", "a"},
		{"", ":x?://", "a"},
		{"me:", "", "a"},
		{"http://me:%", " ", "a"},
		{"ftp://me:", "?x@y", "a"},
	} {
		f.Add(around[0], around[1], around[2])
	}
	f.Fuzz(func(t *testing.T, before, after, host string) {
		err := Check(Request{URL: before + secret + after + "@" + host})
		named := strings.Contains(host, secret) || strings.Contains(strings.ToLower(scheme(before+secret+after)), secret)
		if err != nil && !named && strings.Contains(err.Error(), secret) {
			t.Errorf("message of %q, %q, %q: %v", before, after, host, err)
		}
	})
}

// FuzzCheck holds Check to its promises: no panic, a message of one printable line
// without the query, and no request that passes and is then refused as a bad URL.
func FuzzCheck(f *testing.F) {
	for _, url := range []string{"http://a/b?c#d", "example.com", "http://u:p@h:1/", "http://[::1%25a]:2", "%zz", "a://b", "http:b", "http://é\x00"} {
		f.Add(url, "GET", "7", "X-A", "b")
	}
	f.Fuzz(func(t *testing.T, url, method, id, key, value string) {
		r := Request{ID: id, Method: method, URL: url, Header: http.Header{key: {value}}}
		if err := Check(r); err != nil {
			text := err.Error()
			if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Errorf("message %q of %q does not print", text, url)
			}
			if _, query, ok := strings.Cut(url, "?"); ok && len(query) > 20 && strings.Contains(text, query) {
				t.Errorf("message %q of %q holds the query", text, url)
			}
			return
		}
		c := New(Config{RoundTripper: roundTripper(func(req *http.Request) (*http.Response, error) {
			if req.URL.Host == "" || req.URL.User != nil {
				t.Errorf("sent %v", req.URL)
			}
			return &http.Response{StatusCode: 200}, nil
		})})
		if o := c.Fetch(context.Background(), r); o.Class != ClassOK {
			t.Errorf("request %+v passed and came to %+v", r, o)
		}
	})
}
