package bench_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/google/go-cmp/cmp"
)

// decoded reads a plan that must be right.
func decoded(t *testing.T, text string) bench.Plan {
	t.Helper()
	p, err := bench.DecodePlan("plan.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	return p
}

// article is the plan that the defaults of its profile make: 10 rounds without
// a warm-up, because the published table has its cold first round in it.
func article() bench.Plan {
	return bench.Plan{
		Upstream:    bench.Upstream{Profile: "article"},
		Columns:     bench.Columns{Contenders: []string{"sequential", "goroutines"}},
		Connections: bench.Fresh,
		Design:      bench.Design{Order: bench.Random, Rounds: 10, Pause: bench.Duration(20 * time.Millisecond)},
		Limits:      bench.Limits{Timeout: bench.Duration(10 * time.Second), Run: bench.Duration(30 * time.Minute)},
	}
}

func TestDecodePlanBeginsWithTheDefaults(t *testing.T) {
	changed := article()
	changed.Rounds, changed.Seed, changed.Baseline = 3, 18446744073709551615, "goroutines"
	changed.Limits.Timeout = bench.Duration(1500 * time.Millisecond)
	flags := article()
	flags.Upstream.TLS, flags.AA, flags.Limits.KeepGoing = true, true, true
	urls := article()
	urls.Upstream = bench.Upstream{}
	urls.Design = bench.Design{Order: bench.Random, Rounds: 20, Warmup: 1, Pause: bench.Duration(200 * time.Millisecond)}
	urls.URLs = []bench.Request{
		{URL: "http://127.0.0.1/a#b"},
		{URL: "http://127.0.0.1/b", Method: "POST", Header: map[string]string{"Accept": "text/plain"}, Body: "x\ny\n"},
	}
	for _, c := range []struct {
		name, text string
		want       bench.Plan
	}{
		{"only a profile", "upstream: {profile: article}", article()},
		{"a version and an end", "%YAML 1.2\n---\nupstream: {profile: article}\n---\n", article()},
		{"some fields", "upstream: {profile: article}\nrounds: 3\nseed: 18446744073709551615\nbaseline: goroutines\nlimits:\n  timeout: 1.5s\n", changed},
		{"true and false", "upstream: {profile: article, tls: true}\naa: true\nsweep: false\nlimits: {keep_going: true}", flags},
		{"JSON", `{"upstream": {"profile": "article"}, "rounds": 3, "seed": 18446744073709551615, "baseline": "goroutines", "limits": {"timeout": "1.5s"}}`, changed},
		{"URLs", "urls:\n- http://127.0.0.1/a#b # the user\n- url: http://127.0.0.1/b\n  method: POST\n  header: {Accept: text/plain}\n  body: |\n    x\n    y\n", urls},
	} {
		if diff := cmp.Diff(c.want, decoded(t, c.text)); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}

// A misplan is a plan file with something wrong in it, and what is said of it.
type misplan struct{ name, text, want string }

// misshapen are plans in which something is not what a plan has there.
func misshapen() []misplan {
	return []misplan{
		{"unknown keys", "upstream: {profil: fast}\nruonds: 3\nseed: 1\nfoo: {rounds: 1}\nlimits:\n  timeout: 1s\n  timeot: 1s\n", `
p:1:12: unknown key "profil", did you mean "profile"?
p:2:1: unknown key "ruonds", did you mean "rounds"?
p:4:1: unknown key "foo"
p:7:3: unknown key "timeot", did you mean "timeout"?`},
		{"keys of a request", "urls: [{url: http://a, metod: GET}]", `
p:1:24: unknown key "metod", did you mean "method"?`},
		{"keys that stand twice", "rounds: 3\nupstream: {profile: fast, profile: fast}\nrounds: 3\nurls: [{url: http://a, header: {A: x, A: x}}]", `
p:2:27: key "profile" stands here twice
p:3:1: key "rounds" stands here twice
p:4:39: key "A" stands here twice`},
		{"values of another kind", "upstream: {profile: 5, scale: fast}\nrounds: 3.5\nseed: -1\nwarmup:\npause: 5\ncontenders: sequential\nlimits: []\nrequests: 18446744073709551615", `
p:1:21: upstream.profile must be text, in quotes if it looks like something else, got "5"
p:1:31: upstream.scale must be a number, got "fast"
p:2:9: rounds must be a whole number, got "3.5"
p:3:7: seed must be a whole number from 0, got "-1"
p:4:8: warmup has no value
p:5:8: pause must be a time with its unit, such as 200ms or 10s, got "5"
p:6:13: contenders must be a list, got "sequential"
p:7:9: limits must be a mapping, got a list
p:8:11: requests must be a whole number, got "18446744073709551615"`},
		{"neither true nor false", "aa: 1\nupstream: {tls: yes}\nlimits: {keep_going: \"true\"}", `
p:1:5: aa must be true or false, got "1"
p:2:17: upstream.tls must be true or false, got "yes"
p:3:22: limits.keep_going must be true or false, got "true"`},
		{"not a plan", "hello", `
p:1:1: the plan must be a mapping, got "hello"`},
		{"empty", "# nothing\n", `
p: a plan is one YAML document, this file has 0`},
		{"several documents", "rounds: 1\n---\nrounds: 2\n", `
p: a plan is one YAML document, this file has 2`},
		{"not UTF-8", "rounds: 1\xff", `
p: this is no UTF-8 text`},
		{"anchors", "upstream: &a {profil: fast}\nlimits: *a\nrounds: !!int 3", `
p:1:11: a plan has no anchors, aliases or tags: write the value out
p:2:9: a plan has no anchors, aliases or tags: write the value out
p:3:9: a plan has no anchors, aliases or tags: write the value out`},
	}
}

// misvalued are plans with the shape of one and values that cannot be.
func misvalued() []misplan {
	return []misplan{
		{"values out of range", "upstream: {profile: fast, form: disk}\nrounds: 0\nwarmup: -1\nrequests: -2\npause: -1s\nconnections: lukewarm\nbaseline: pool:8\ncontenders: [sequential, sequential]\nlimits: {wire_bytes: -1, run: -1s}", `
p:1:33: form must be process, server, mock or memory, got "disk"
p:2:9: rounds must be at least 1, got 0
p:3:9: warmup must be at least 0, got -1
p:4:11: requests must be from 1 to 10000000, got -2
p:5:8: pause must not be negative, got -1s
p:6:14: connections must be fresh or warm, got "lukewarm"
p:7:11: baseline "pool:8" is none of the contenders (sequential, sequential)
p:8:26: contender "sequential" is named twice
p:9:22: wire_bytes must not be negative, got -1
p:9:31: run must not be negative, got -1s`},
		{"scale", "upstream: {profile: fast, scale: -1}", `
p:1:34: profile "fast": scale must be in [0, 1000], got -1`},
		{"URLs", "urls:\n- http://127.0.0.1/\n- example.com\n- url: http://127.0.0.1/\n  header: {a: x, A: y}\n- [x]", `
p:6:3: urls[3] must be a URL or a mapping, got a list`},
		{"a URL without a scheme", "urls:\n- http://127.0.0.1/\n- example.com\n- url: http://127.0.0.1/\n  header: {a: x, A: y}", `
p:3:3: "example.com" has no scheme; write http://example.com
p:4:6: a header of http://127.0.0.1/ is set twice, in different letter case`},
		{"URLs and a profile", "urls: [http://a]\nupstream: {profile: fast}", `
p:1:7: both URLs and the profile "fast": choose one of them`},
		{"nothing to fetch", "rounds: 3", `
p: no URLs and no profile: there is nothing to fetch`},
		{"scale without a profile", "urls: [http://a]\nupstream: {scale: 1}", `
p:2:11: scale, form, tls and slots are those of an embedded upstream, which needs a profile`},
		{"no contenders", "upstream: {profile: fast}\ncontenders: []", `
p:2:13: no contenders: name at least one`},
	}
}

// Everything that is wrong is told at once, in the order of the file, with its
// place and, for a key that is near one that exists, with the guess.
func TestDecodePlanListsWhatIsWrong(t *testing.T) {
	for _, c := range slices.Concat(misshapen(), misvalued()) {
		_, err := bench.DecodePlan("p", []byte(c.text))
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		if diff := cmp.Diff(strings.TrimSpace(c.want), err.Error()); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}

func TestDecodePlanNamesTheProfiles(t *testing.T) {
	_, err := bench.DecodePlan("p", []byte("rounds: 1\nupstream: {profile: fst}"))
	if want := `p:2:21: unknown profile "fst" (have article, `; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error %v, want one that begins with %s", err, want)
	}
}

// Tags and unfinished documents have made parsers of YAML panic; whatever they
// are, the error names the file.
func TestDecodePlanSurvivesMalformedYAML(t *testing.T) {
	deep := []string{strings.Repeat("[", 5000), strings.Repeat("- ", 20000)}
	for _, text := range append(malformed(), deep...) {
		if _, err := bench.DecodePlan("p", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), "p:") {
			t.Errorf("%q: error %v", text, err)
		}
	}
}

// malformed is text that is no plan, and some of it no YAML.
func malformed() []string {
	return []string{
		"!", "&", "*", "*x", "!!", "!<", "a: !<x", "!!binary a: b", "!!float x", "rounds: !!float x", "rounds: !!int", "? {a: b}\n: c",
		"? ", "- ", ": ", "{", "[", "\t{", "}", "a: b: c", "\"", "'", "|", ">", "a: |\n b\n  c\n d", "<<: *a", "<<: {a: 1}", "%", "...", "\x00", "\ufeff",
		"!!map {foo: 1}", "upstream: !!set {profile}", "urls: !!seq [!!str]",
	}
}

func FuzzDecodePlan(f *testing.F) {
	for _, text := range malformed() {
		f.Add(text)
	}
	f.Add("upstream: {profile: fast, scale: 0.001, form: mock}\nrounds: 3\npause: 1.5ms\nseed: 18446744073709551615\n")
	f.Add(`{"urls": [{"url": "http://a/?q=<&>", "header": {"X-A": "\u2028\t\u0001"}, "body": "\\"}, "https://b"], "contenders": ["a b"]}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := bench.DecodePlan("p", []byte(text))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "p:") {
				t.Errorf("%q: the error does not name the file: %v", text, err)
			}
			return
		}
		// What the journal keeps of a plan must be that plan.
		printed, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		again, err := bench.DecodePlan("p", printed)
		if diff := cmp.Diff(p, again); err != nil || diff != "" {
			t.Errorf("%s: %v, -first +again\n%s", printed, err, diff)
		}
	})
}
