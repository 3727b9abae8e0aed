package bench

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// TestR62OneAddressIsOneHost: two names and two spellings of one address get what they
// get together, because one machine has to bear it.
func TestR62OneAddressIsOneHost(t *testing.T) {
	p := planFor(t, "http://192.0.2.1/", "http://[::ffff:192.0.2.1]/", "http://name.test/", "http://192.0.2.2/")
	p.Contenders, p.Requests, p.Rounds, p.Warmup = []string{"goroutines"}, 80, 1, 0
	f, err := Assess(t.Context(), p, phoneBook(map[string][]string{"name.test": {"192.0.2.1"}}))
	if err != nil {
		t.Fatal(err)
	}
	heavy := map[string]int{}
	for _, l := range f.NeedsConsent() {
		heavy[l.Host] = l.InFlight
	}
	// 20 each: three share an address, and 60 at once need a yes that 20 do not.
	if len(heavy) != 3 || heavy["192.0.2.1"] != 60 || heavy["name.test"] != 60 {
		t.Errorf("what needs consent is %v of %+v", heavy, f.Hosts)
	}
}

// TestR65RedirectsDoNotMultiply: a host that sends every request on to itself gets no
// more than a thousand, or what was announced.
func TestR65RedirectsDoNotMultiply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &faraway{handler: func(w http.ResponseWriter, r *http.Request) {
			if len(r.URL.Path) < 10 {
				http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
			}
		}}
		e := f.visit(t, elsewhere, 20, 40, nil) // 800 requests of 10 attempts each
		list, err := f.run(t, e)
		attempts := 0
		for _, trial := range list {
			attempts += trial.Tally.Attempts
		}
		if !errors.Is(err, ErrMore) || attempts < 1000 || attempts > 1020 {
			t.Errorf("%d attempts, error %v; want about 1000 and %v", attempts, err, ErrMore)
		}
	})
}

// TestR65OwnFailuresAreNotTheHosts: what this machine or a policy did ends no run.
func TestR65OwnFailuresAreNotTheHosts(t *testing.T) {
	for class, want := range map[client.Class]bool{
		client.ClassBreaker: true, client.ClassLocalPorts: true, client.ClassLocalFDs: true, client.ClassCancelled: true,
		client.ClassTimeout: false, client.ClassHTTP5xx: false, client.ClassReset: false,
	} {
		if got := blameless(&client.Outcome{Class: class}); got != want {
			t.Errorf("%s is blameless: %v", class, got)
		}
	}
}

// TestR33BodiesWithSecretsAreHiddenWhole, however the secret is written.
func TestR33BodiesWithSecretsAreHiddenWhole(t *testing.T) {
	v := newVeil([]byte("key"))
	for _, body := range []string{
		`{"password":"@dm1n"}`, `user=x&password=@canary`, `{"password":["c"]}`, `{'password':'c'}`, `<password>c</password>`, `pwd=c`, `{"jwt": 1}`,
	} {
		if told := v.request(Request{URL: "http://h/", Body: body}).Body; !hiddenForm.MatchString(told) {
			t.Errorf("%s is told as %s", body, told)
		}
	}
	for _, body := range []string{`{"name":"x"}`, "@file.json", "env:BODY"} {
		if told := v.request(Request{URL: "http://h/", Body: body}).Body; told != body {
			t.Errorf("%s is told as %s", body, told)
		}
	}
}

// TestR33WhatUpstreamsSentIsNotRepeated in a run that has secrets: there is no end of
// ways to write one.
func TestR33WhatUpstreamsSentIsNotRepeated(t *testing.T) {
	plain := newVeil([]byte("key"))
	knows := plain.knowing(nil, nil, lookup{map[string]string{"env:A": "canary-1234"}})
	const sent = "malformed: Y2FuYXJ5LTEyMzQ="
	if got := knows.reason("malformed", sent); strings.Contains(got, "Y2Fu") {
		t.Errorf("told %q", got)
	}
	if got := knows.reason("refused", "connection refused"); got != "connection refused" {
		t.Errorf("a reason of our own is told as %q", got)
	}
	if got := plain.reason("malformed", sent); got != sent {
		t.Errorf("without secrets the reason is %q", got)
	}
}

// TestR34ListsReadNothing: what stands in a list of URLs is sent as it stands.
func TestR34ListsReadNothing(t *testing.T) {
	list, err := ParseURLs("list", strings.NewReader("http://h/a?user=@/etc/passwd&n=env:HOME&x=literal:y&z=1\n"))
	if err != nil {
		t.Fatal(err)
	}
	p := planFor(t, list[0].URL)
	live, _, err := p.reveal()
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(live[0].URL)
	if q := u.Query(); err != nil || q.Get("user") != "@/etc/passwd" || q.Get("n") != "env:HOME" || q.Get("x") != "literal:y" || q.Get("z") != "1" {
		t.Errorf("sends %s, %v", live[0].URL, err)
	}
}

// A sweep is of sizes, and not of a contender against itself.
func TestSweepsOfOtherThings(t *testing.T) {
	p, err := Defaults("fast")
	if err != nil {
		t.Fatal(err)
	}
	p.Contenders, p.Sweep = []string{"pool:2", "goroutines+dedup"}, true
	if _, err := p.Resolve(); err == nil || !strings.Contains(err.Error(), "a sweep is of sizes") {
		t.Errorf("error %v", err)
	}
	p.Contenders, p.AA = []string{"pool:2", "pool:4"}, true
	if _, err := p.Resolve(); err == nil || !strings.Contains(err.Error(), "aa and sweep exclude each other") {
		t.Errorf("error %v", err)
	}
}
