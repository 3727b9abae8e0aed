package upstream

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A name finds the profile that was listed under it, and each has its line in the
// documentation and a suggestion for a plan without rounds.
func TestNamedProfilesAreValidAndDescribed(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Profiles() {
		if err := p.Validate(); err != nil {
			t.Error(err)
		}
		if p.Name == "" || seen[p.Name] || Describe(p.Name) == "" || p.Rounds < 1 {
			t.Errorf("%+v: unnamed, named twice, not described or without rounds", p)
		}
		seen[p.Name] = true
		found, err := Lookup(p.Name)
		if err != nil || found != p {
			t.Errorf("Lookup(%q) = %+v, %v", p.Name, found, err)
		}
	}
}

// The error is the only place where a user learns what would have worked.
func TestLookupNamesTheProfilesThereAre(t *testing.T) {
	_, err := Lookup("artikle")
	const want = `unknown profile "artikle" (have article, constant, fast, uniform, exponential, lognormal, ` +
		`bimodal, tail, flaky, failing, capacity, limited, collapse, slow-body, drift, xkcd, greet)`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if about := Describe("artikle"); about != "" {
		t.Errorf("an unknown profile is described: %q", about)
	}
}

// The cold call is part of what the article measured: ten rounds, no warm-up.
func TestArticleSuggestsItsRounds(t *testing.T) {
	p := named(t, "article")
	if p.URLs != 10 || p.Rounds != 10 || p.Warmup != 0 || p.Seed != 154 {
		t.Errorf("article is %+v", p)
	}
}

// One valid profile, one mistake each: the message names the key as it is written
// in JSON, the bounds, and what was there instead. Several come in one error.
func TestValidateNamesEveryMistake(t *testing.T) {
	for _, c := range []struct {
		change func(*Profile)
		want   string
	}{
		{func(p *Profile) { p.URLs = 0 }, "urls must be 1 to 1000000, got 0"},
		{func(p *Profile) { p.Size = -1 }, "size_bytes must be 0 to 67108864, got -1"},
		{func(p *Profile) { p.Rounds = -1 }, "rounds must be 0 to 1000000, got -1"},
		{func(p *Profile) { p.Warmup = -1 }, "warmup must be 0 to 1000000, got -1"},
		{func(p *Profile) { p.Scale = -0.5 }, "scale must be in [0, 1000], got -0.5"},
		{func(p *Profile) { p.Scale = math.NaN() }, "scale must be in [0, 1000], got NaN"},
		{func(p *Profile) { p.Scale = math.Inf(1) }, "scale must be in [0, 1000], got +Inf"},
		{func(p *Profile) { p.Latency.BaseMS = -5 }, "latency.base_ms must be in [0, 3.6e+06], got -5"},
		{func(p *Profile) { p.Latency.HighMS = math.NaN() }, "latency.high_ms must be in [0, 3.6e+06], got NaN"},
		{func(p *Profile) { p.Latency.Sigma = 6 }, "latency.sigma must be in [0, 5], got 6"},
		{func(p *Profile) { p.Latency.SlowRate = 2 }, "latency.slow_rate must be in [0, 1], got 2"},
		{func(p *Profile) { p.Latency.Cold = -1 }, "latency.cold must be in [0, 1000], got -1"},
		{func(p *Profile) { p.Latency.Drift = -11 }, "latency.drift_per_s must be in [-10, 10], got -11"},
		{func(p *Profile) { p.Latency.Drift = math.NaN() }, "latency.drift_per_s must be in [-10, 10], got NaN"},
		{
			func(p *Profile) { p.Latency = Law{Kind: Uniform, BaseMS: 9, HighMS: 3} },
			"latency.high_ms must be at least base_ms (9), got 3",
		},
		{
			func(p *Profile) { p.Latency.Kind = "gauss" },
			`latency.kind must be constant, uniform, exponential, lognormal or bimodal, got "gauss"`,
		},
		{func(p *Profile) { p.Faults.FailRate = -0.1 }, "faults.fail_rate must be in [0, 1], got -0.1"},
		{func(p *Profile) { p.Faults.StatusRate = 0.5 }, "faults.status must be 400 to 599, got 0"},
		{func(p *Profile) { p.Faults.Status = 101 }, "faults.status must be 400 to 599, got 101"},
		{func(p *Profile) { p.Slots.Capacity = -1 }, "slots.capacity must be 0 to 1000000, got -1"},
		{func(p *Profile) { p.Slots.Queue = 3 }, "slots.queue needs slots.capacity, got a queue of 3 and no capacity"},
		{func(p *Profile) { p.Slots = Slots{Capacity: 1, Overload: -1} }, "slots.overload must be in [0, 1000], got -1"},
		{func(p *Profile) { p.Slots.Overload = 0.5 }, "slots.overload needs slots.capacity, got an overload of 0.5 and no capacity"},
		{func(p *Profile) { p.Slots.Burst = 3 }, "slots.rate_per_s and slots.burst need each other, got 0 and 3"},
		{func(p *Profile) { p.Slots.PerSecond = 3 }, "slots.rate_per_s and slots.burst need each other, got 3 and 0"},
		{func(p *Profile) { p.Slots = Slots{PerSecond: 1, Burst: -1} }, "slots.burst must be 0 to 1000000, got -1"},
		{func(p *Profile) { p.Slots = Slots{PerSecond: 1e-9, Burst: 1} }, "slots.rate_per_s must be in [0.001, 1e+06], got 1e-09"},
		{func(p *Profile) { p.Slots = Slots{PerSecond: math.NaN(), Burst: 1} }, "slots.rate_per_s must be in [0.001, 1e+06], got NaN"},
		{func(p *Profile) { p.URLs, p.Size = -1, -1 }, "urls must be 1 to 1000000, got -1\nsize_bytes must be 0 to 67108864, got -1"},
	} {
		p := named(t, "constant")
		c.change(&p)
		want := `profile "constant": ` + c.want
		if err := p.Validate(); err == nil || err.Error() != want {
			t.Errorf("error %v\n want %s", err, want)
		}
	}
}

// Of messages that the JSON decoder words only the part that helps is compared.
func TestDecodeProfileRefuses(t *testing.T) {
	for text, want := range map[string]string{
		``:                           "profile: EOF",
		`[]`:                         "profile: json: ",
		`{"urls":1,"speed":9}`:       `unknown field "speed"`,
		`{"urls":1} {"urls":2}`:      "profile: data after the end of the profile",
		`{"urls":1}garbage`:          "profile: data after the end of the profile",
		`{"urls":0}`:                 `profile "": urls must be 1 to 1000000, got 0`,
		`{"urls":1,"scale":1e309}`:   "1e309",
		`{"urls":1,"size_bytes":.5}`: "profile: invalid character '.'",
	} {
		p, err := DecodeProfile([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) || p != (Profile{}) {
			t.Errorf("%s: %+v, %v\n want %s", text, p, err, want)
		}
	}
}

// roundTrip encodes and decodes a valid profile.
func roundTrip(t rapid.TB, p Profile) {
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatalf("encode %+v: %v", p, err)
	}
	back, err := DecodeProfile(data)
	if err != nil {
		t.Fatalf("decode %s: %v", data, err)
	}
	if diff := cmp.Diff(p, back); diff != "" {
		t.Fatalf("%s came back changed:\n%s", data, diff)
	}
}

// This is how a profile reaches the process that serves it.
func TestNamedProfilesSurviveJSON(t *testing.T) {
	for _, p := range Profiles() {
		roundTrip(t, p)
	}
}

// Whatever decodes is served without a panic: every delay is bounded and every
// status can be written.
func FuzzDecodeProfile(f *testing.F) {
	for _, p := range Profiles() {
		data, err := json.Marshal(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"urls":1,"latency":{"kind":"lognormal","base_ms":3600000,"sigma":5,"cold":1000},"scale":1000}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := DecodeProfile(data)
		if err != nil {
			return
		}
		roundTrip(t, p)
		for round := range 3 {
			if d := p.Delay(p.URLs-1, round); d < 0 || d > MaxDelay {
				t.Fatalf("delay %v of %+v", d, p)
			}
			if s := p.Status(p.URLs-1, round); s < 200 || s > 599 {
				t.Fatalf("status %d of %+v", s, p)
			}
		}
	})
}
