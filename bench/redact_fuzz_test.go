package bench

import (
	"net/url"
	"strings"
	"testing"
)

// FuzzVeil puts a secret into every place that a plan or a text of others has for one,
// between whatever stands there, and looks for it afterwards.
func FuzzVeil(f *testing.F) {
	for _, text := range []string{"", "a", "a b", `"`, `\`, "\r\n", "%", "&", ";", "=", "#", "?", "@", "env:", "literal:", "hidden:", "://", "…", "\x00", "...", "Bearer "} {
		f.Add(text, text, "q")
		f.Add("http://h/?a="+text, text+"b", text)
	}
	f.Fuzz(func(t *testing.T, before, after, name string) {
		const secret = "CANARY-1b9f04"
		if strings.Contains(before+after+name, "CANARY") {
			return
		}
		v := newVeil([]byte("key"))
		address := "http://h/?x=" + url.QueryEscape(before) + "&" + url.QueryEscape(name) + "token=" + secret + url.QueryEscape(after)
		written := Request{
			URL:    address,
			Header: map[string]string{"X-Key": "literal:" + secret + after, "Authorization": "Bearer " + secret},
			Body:   before + "&password=" + secret + after,
		}
		told := v.request(written)
		for _, text := range []string{told.URL, told.Header["X-Key"], told.Header["Authorization"], told.Body} {
			if strings.Contains(text, "CANARY") {
				t.Errorf("%+v tells a secret: %s", written, text)
			}
		}
		if _, err := url.Parse(told.URL); err != nil {
			t.Errorf("%s is no URL any more: %v", told.URL, err)
		}
		if other := v.url(address + "x"); other == told.URL {
			t.Errorf("%s and another became the same", address)
		}
		known := v.knowing(nil, nil, lookup{map[string]string{"env:A": secret}})
		for _, text := range []string{before + secret + after, before + url.QueryEscape(secret), before + secret[:8] + "...", before + `"` + secret[:8] + `"`} {
			if got := known.text(text); strings.Contains(got, "CANARY") {
				t.Errorf("%q became %q", text, got)
			}
		}
		for _, text := range []string{"http://me:" + secret + "@h/", "?key=" + secret, "Authorization: Bearer " + secret, `{"password": "` + secret + `"}`} {
			if got := Conceal(before + " " + text); strings.Contains(got, "CANARY") {
				t.Errorf("%q became %q", before+" "+text, got)
			}
		}
	})
}
