package bench

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// A stranger is a contender of a kind of its own.
type stranger struct{ name string }

func (s stranger) String() string                       { return s.name }
func (s stranger) Limit(n int) int                      { return min(n, 2) }
func (s stranger) Start(context.Context) results.Column { return results.Column{} }
func (s stranger) Fetch(ctx context.Context, b *Batch) error {
	return b.Elsewhere(ctx, func(context.Context) error { return nil })
}

// strange makes strangers of specs that begin with strange:.
func strange() Maker {
	return Maker{
		Is:   func(spec string) bool { return strings.HasPrefix(spec, "strange:") },
		Make: func(spec string, _ Plan) (Contender, error) { return stranger{Conceal(spec)}, nil },
	}
}

// A plan names contenders of other kinds beside its own, and what cannot be measured of
// them is refused.
func TestMakersMakeWhatTheyRecognise(t *testing.T) {
	p, err := Defaults("fast")
	if err != nil {
		t.Fatal(err)
	}
	p.Makers, p.Contenders = []Maker{strange()}, []string{"sequential", "strange:a,b+c@d"}
	list, err := p.Resolve()
	if err != nil || len(list) != 2 || list[1].String() != "strange:a,b+c@d" {
		t.Fatalf("%v, %v", list, err)
	}
	var wrong *SpecError
	for name, change := range map[string]func(p *Plan){
		"sweep": func(p *Plan) { p.Sweep, p.Contenders = true, p.Contenders[1:] },
		"aa":    func(p *Plan) { p.AA, p.Baseline = true, "strange:a,b+c@d" },
	} {
		changed := p
		change(&changed)
		if _, err := changed.Resolve(); !errors.As(err, &wrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whoever dials by itself needs consent for a host that is not private, whatever little
// it sends, and what it may send to warm up is counted.
func TestR62WhoDialsByItselfNeedsConsent(t *testing.T) {
	p, err := Defaults("")
	if err != nil {
		t.Fatal(err)
	}
	p.URLs, p.Requests = []Request{{URL: "http://far.invalid/"}, {URL: "http://near.invalid/"}}, 4
	p.Rounds, p.Warmup = 1, 0
	p.Makers, p.Contenders = []Maker{strange()}, []string{"strange:a"}
	lookup := func(_ context.Context, host string) ([]netip.Addr, error) {
		address := "10.0.0.1"
		if host == "far.invalid" {
			address = "192.0.2.1"
		}
		return []netip.Addr{netip.MustParseAddr(address)}, nil
	}
	f, err := Assess(t.Context(), p, lookup)
	if err != nil {
		t.Fatal(err)
	}
	if list := f.NeedsConsent(); len(list) != 1 || list[0].Host != "far.invalid" || list[0].Requests != 2+4 || !list[0].Elsewhere {
		t.Errorf("needs consent: %+v", list)
	}
	p.Contenders = []string{"sequential"}
	if f, err = Assess(t.Context(), p, lookup); err != nil || len(f.NeedsConsent()) > 0 {
		t.Errorf("%v, a strategy that sends as much: %+v", err, f.NeedsConsent())
	}
}

// TestR33CommandsKeepTheirSecrets: what looks like a secret in the spec of a contender
// is in no part of the header, and its run cannot be resumed without it.
func TestR33CommandsKeepTheirSecrets(t *testing.T) {
	p, err := Defaults("fast")
	if err != nil {
		t.Fatal(err)
	}
	p.Upstream.Form = FormServer
	p.Makers, p.Contenders = []Maker{strange()}, []string{"sequential", "strange:go --token=CANARY-7 --user=x"}
	p.Baseline = p.Contenders[1]
	e, err := Open(t.Context(), p, Tool{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	text, err := json.Marshal(e.Header())
	if err != nil || strings.Contains(string(text), "CANARY") || !strings.Contains(string(text), "--token=hidden --user=x") {
		t.Errorf("%v, header %s", err, text)
	}
	_, err = Resumable(&results.Run{Header: e.Header()}, Tool{Makers: p.Makers})
	if err == nil || !strings.Contains(err.Error(), "had a secret in it, which the journal does not hold") {
		t.Errorf("resumable: %v", err)
	}
}

// What a child took to start is new each time, and no other experiment; what it is, is.
func TestSameDesignForgivesAnotherStart(t *testing.T) {
	header := func(started int64, library string) results.Header {
		return results.Header{Contenders: []results.Column{{Name: "a", Process: &results.Process{Library: library, StartedNS: started}}}}
	}
	if err := sameDesign(header(1, "x 1"), header(2, "x 1")); err != nil {
		t.Error(err)
	}
	if sameDesign(header(1, "x 1"), header(1, "x 2")) == nil {
		t.Error("another library passes for the same")
	}
}

// What a contender last said is told only where the run has no secrets that it might
// repeat.
func TestSaidIsHiddenWithSecrets(t *testing.T) {
	b := &Batch{slots: make([]slot, 1)}
	err := &Broken{Class: "child_exit", Err: errors.New("exit status 3"), Said: "my header was abcdefgh"}
	for _, c := range []struct {
		veil veil
		want string
	}{
		{newVeil(nil), err.Said},
		{newVeil(nil).knowing(nil, nil, lookup{found: map[string]string{"env:X": "abcdefgh"}}), "the reason is not told, as it may repeat a secret of this run"},
	} {
		var trial results.Trial
		b.elsewhere(&trial, err, c.veil.reason)
		if trial.Claimed.Said != c.want || trial.Tally.Failures[0].Text != "exit status 3" {
			t.Errorf("%+v, %+v, want %q", trial.Claimed, trial.Tally, c.want)
		}
	}
}
