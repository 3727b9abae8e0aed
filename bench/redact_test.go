package bench

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSecretsAreKnownByTheirNames: the list of promises, and names that are near.
func TestSecretsAreKnownByTheirNames(t *testing.T) {
	for _, name := range []string{
		"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "apikey", "access_token", "client_secret",
		"password", "PassPhrase", "X-Amz-Signature", "X-Amz-Credential", "PHPSESSID_session", "auth", "sig",
	} {
		if !secretName(name) {
			t.Errorf("%s is no secret", name)
		}
	}
	for _, name := range []string{"", "Accept", "page", "q", "User-Agent", "Idempotency-Key", "x-idempotency-key"} {
		if secretName(name) {
			t.Errorf("%s is a secret", name)
		}
	}
}

// TestURLsAreVeiled: values go, names, order and references stay, and what decodes to
// a reference is none.
func TestURLsAreVeiled(t *testing.T) {
	v := newVeil([]byte("key"))
	h := v.hide
	for raw, want := range map[string]string{
		"http://h/a?b=c":                         "http://h/a?b=c",
		"http://h/a?token=s&b=c":                 "http://h/a?token=" + h("s") + "&b=c",
		"http://h/a?b=c;token=s;d=e":             "http://h/a?b=c;token=" + h("s") + ";d=e",
		"http://h/a?to%6ben=s":                   "http://h/a?to%6ben=" + h("s"),
		"http://h/a?token=a%20b":                 "http://h/a?token=" + h("a b"),
		"http://h/a?token=a+b":                   "http://h/a?token=" + h("a b"),
		"http://h/a?token=%zz":                   "http://h/a?token=" + h("%zz"),
		"http://h/a?token=literal:s":             "http://h/a?token=" + h("s"),
		"http://h/a?token=env:T&key=@f":          "http://h/a?token=env:T&key=@f",
		"http://h/a?token=%40s&key=env%3As":      "http://h/a?token=" + h("@s") + "&key=" + h("env:s"),
		"http://h/a?token=&key":                  "http://h/a?token=&key",
		"http://h/a#token=s":                     "http://h/a#token=" + h("s"),
		"http://h/a?b=c#d":                       "http://h/a?b=c#d",
		"http://h/a?to=http%3A%2F%2Fh%3Fkey%3Ds": "http://h/a?to=" + h("http://h?key=s"),
		"http://me:s@h/a":                        "http://" + h("me:s") + "@h/a",
		"http://h/a?token=hidden:00000000":       "http://h/a?token=hidden:00000000",
		"http://h/a?token=hidden:s":              "http://h/a?token=" + h("hidden:s"),
	} {
		if got := v.url(raw); got != want {
			t.Errorf("%s became %s, want %s", raw, got, want)
		}
		if again := v.url(v.url(raw)); again != want {
			t.Errorf("%s became %s at last, want %s", raw, again, want)
		}
	}
}

// TestR33EqualSecretsCompareEqual under one key, and not under another: a hash that
// did not depend on the key could be guessed at.
func TestR33EqualSecretsCompareEqual(t *testing.T) {
	a, again, b := newVeil([]byte("a")), newVeil([]byte("a")), newVeil([]byte("b"))
	first, second := a.url("http://h/?token=1"), a.url("http://h/?token=2")
	switch {
	case first == second:
		t.Errorf("two addresses became one: %s", first)
	case first != again.url("http://h/?token=1"):
		t.Error("the same secret differs under the same key")
	case first == b.url("http://h/?token=1"):
		t.Error("the hash does not depend on the key")
	}
	drawn, other := newVeil(nil), newVeil(nil)
	if drawn.hide("1") == other.hide("1") {
		t.Error("without a key none is drawn")
	}
	// HMAC-SHA256 of "value" under "key" begins so, by openssl dgst -sha256 -hmac key.
	if got := newVeil([]byte("key")).hide("value"); got != "hidden:90fbfcf1" {
		t.Errorf("got %s", got)
	}
}

// secretPlan has a reference of each kind, a secret of each kind, and a value of each
// that is neither.
func secretPlan(t *testing.T, base string) Plan {
	t.Helper()
	file := filepath.Join(t.TempDir(), "token.txt")
	if err := os.WriteFile(file, []byte("from a file\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FETCHBENCH_TEST_TOKEN", "from the environment")
	p, err := Defaults("")
	if err != nil {
		t.Fatal(err)
	}
	p.Rounds, p.Warmup, p.Pause, p.Contenders = 1, 0, 0, []string{"sequential"}
	p.URLs = []Request{{
		URL: base + "/?a=env:FETCHBENCH_TEST_TOKEN&b=%40c&d=literal:@e&token=f#g=@no/such/file",
		Header: map[string]string{
			"Authorization": "Bearer env:FETCHBENCH_TEST_TOKEN", "X-File": "@" + file, "X-Text": "literal:env:x", "X-Key": "g", "X-Mail": "me @home",
		},
		Method: http.MethodPost, Body: "@" + file,
	}}
	return p
}

// TestReferencesAreResolved: the upstream gets the values, and of a file that is no
// body without the line end at its end.
func TestReferencesAreResolved(t *testing.T) {
	var got *http.Request
	var body string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text := make([]byte, 100)
		n, _ := r.Body.Read(text)
		got, body = r, string(text[:n])
	}))
	defer server.Close()
	for _, err := range Run(t.Context(), secretPlan(t, server.URL)) {
		if err != nil {
			t.Fatal(err)
		}
	}
	want := url.Values{"a": {"from the environment"}, "b": {"@c"}, "d": {"@e"}, "token": {"f"}}
	if diff := cmp.Diff(want, got.URL.Query()); diff != "" || body != "from a file\r\n" {
		t.Errorf("body %q, query -want +got\n%s", body, diff)
	}
	for name, want := range map[string]string{
		"Authorization": "Bearer from the environment", "X-File": "from a file", "X-Text": "env:x", "X-Key": "g", "X-Mail": "me @home",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("header %s is %q, want %q", name, got.Header.Get(name), want)
		}
	}
}

// TestReferencesAreStoredInPlaceOfValues: the header of a run has the plan as it was
// written, without literal secrets, and what the values were by hash.
func TestReferencesAreStoredInPlaceOfValues(t *testing.T) {
	p := secretPlan(t, "http://h.invalid")
	e, err := Open(t.Context(), p, Tool{Key: []byte("key")})
	if err != nil {
		t.Fatal(err)
	}
	h, v := e.Header(), newVeil([]byte("key"))
	var told Plan
	if err := json.Unmarshal(h.Plan, &told); err != nil {
		t.Fatal(err)
	}
	written := p.URLs[0]
	written.URL = strings.Replace(written.URL, "token=f", "token="+v.hide("f"), 1)
	written.Header = maps.Clone(written.Header)
	written.Header["X-Key"] = v.hide("g")
	if diff := cmp.Diff([]Request{written}, told.URLs); diff != "" || h.Target.URLs[0] != written.URL {
		t.Errorf("URL %s, plan -want +got\n%s", h.Target.URLs[0], diff)
	}
	references := map[string]string{
		"env:FETCHBENCH_TEST_TOKEN": v.digest("from the environment"), written.Body: v.digest("from a file\r\n"),
	}
	if diff := cmp.Diff(references, h.Target.References); diff != "" {
		t.Errorf("references -want +got\n%s", diff)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

// TestReferencesThatCannotBeResolved are errors that name the field, each once.
func TestReferencesThatCannotBeResolved(t *testing.T) {
	large := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(large, make([]byte, mostValue+1), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FETCHBENCH_TEST_EMPTY", "")
	t.Setenv("FETCHBENCH_TEST_LINES", "a\r\nb: secret")
	for value, want := range map[string]string{
		"env:FETCHBENCH_TEST_NOT_SET": "the environment has no variable FETCHBENCH_TEST_NOT_SET",
		"env:FETCHBENCH_TEST_EMPTY":   "env:FETCHBENCH_TEST_EMPTY is empty",
		"env:FETCHBENCH_TEST_LINES":   "header X-A has a character that a header cannot carry",
		"@" + large:                   "more than 65536 bytes",
		"@":                           "no such file",
		"@/no/such/file":              "no such file",
		"hidden:00000000":             ErrHidden.Error(),
	} {
		p := secretPlan(t, "http://h")
		p.URLs = []Request{{URL: "http://h/1?key=s", Header: map[string]string{"X-A": value}}, {URL: "http://h/2", Header: map[string]string{"X-A": value}}}
		_, err := Open(t.Context(), p, Tool{})
		var field *FieldError
		if !errors.As(err, &field) || field.Field != "urls[0]" || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), "X-A") != 1 {
			t.Errorf("%s: got %v, want %s once", value, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", value, err)
		}
	}
}

// TestLiteralsAreNamed, each once, and references are none.
func TestLiteralsAreNamed(t *testing.T) {
	p := secretPlan(t, "http://h")
	p.URLs = append(p.URLs, p.URLs[0], Request{URL: "http://h/?sig=env:A&x=1", Body: `{"password": "x"}`, Header: map[string]string{"Cookie": "a=b"}})
	if got, want := p.Literals(), []string{"a body", "header Cookie", "header X-Key", "query value token"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if !p.Refers() || (Plan{URLs: []Request{{URL: "http://h/?a=%40b&c=d@e", Body: "a@b"}, {URL: "http://h/#a=@b"}}}).Refers() {
		t.Error("Refers is wrong")
	}
}
