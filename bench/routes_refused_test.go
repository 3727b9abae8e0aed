package bench

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What whole routes cannot be measured with is refused before anything is started.
func TestRoutesThatAreRefused(t *testing.T) {
	route := func(p *Plan) { p.Contenders = []string{"route:http://127.0.0.1:5000/"} }
	for _, c := range []struct {
		says   string
		change func(p *Plan)
	}{
		{"", func(*Plan) {}},
		{"", func(p *Plan) { p.Clients = 4 }},
		{"ftp", func(p *Plan) { p.Contenders = []string{"route:ftp://127.0.0.1/"} }},
		{"route:", func(p *Plan) { p.Contenders = []string{"route:"} }},
		{"make more --rounds in place of --repeat", func(p *Plan) { p.Repeat = 2 }},
		{"say with --clients how many callers", func(p *Plan) { p.Requests = 10 }},
		{"a sweep is of sizes", func(p *Plan) { p.Sweep = true }},
		{"only a strategy can be measured against itself", func(p *Plan) { p.AA = true }},
		{"on the form mock", func(p *Plan) { p.Upstream = Upstream{Profile: "fast", Form: FormMock} }},
		{"a certificate of its own", func(p *Plan) { p.Upstream = Upstream{Profile: "fast", TLS: true} }},
		{"clients must be at least 1", func(p *Plan) { p.Clients = -1 }},
		{"callers need", func(p *Plan) { p.Clients = mostRequests }},
		{"not all contenders are routes", func(p *Plan) {
			p.Clients, p.Upstream.Profile, p.Contenders = 2, "fast", append(p.Contenders, "sequential")
		}},
		{"there is nothing to fetch", func(p *Plan) { p.Contenders = append(p.Contenders, "sequential") }},
		{"body must be read or headers", func(p *Plan) { p.Body = "half" }},
		{"ready_timeout must not be negative", func(p *Plan) { p.Ready = -1 }},
		{"no contender is one (route:URL)", func(p *Plan) {
			p.Start, p.Upstream.Profile, p.Contenders = []Start{{"flask run", "http://127.0.0.1:5000/"}}, "fast", []string{"sequential"}
		}},
		{"there is no command to start", func(p *Plan) { p.Start = []Start{{" ", "http://127.0.0.1:5000/"}} }},
		{"ready: ", func(p *Plan) { p.Start = []Start{{"flask run", ""}} }},
		{"http://192.0.2.1/x is not on loopback", func(p *Plan) { p.Start = []Start{{"flask run", "http://192.0.2.1/x?key=sesame"}} }},
		{"start flask run: no such program", func(p *Plan) { p.Start = []Start{{"flask run", "http://127.0.0.1:5000/"}} }},
	} {
		p, err := RouteDefaults()
		if err != nil {
			t.Fatal(err)
		}
		p.Launcher.Check = func(Start) error { return errors.New("no such program") }
		route(&p)
		c.change(&p)
		_, err = p.Resolve()
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "sesame")) {
			t.Errorf("want %q, got %v", c.says, err)
		}
	}
}

// What a route of somebody else's gets is announced: one GET a caller and round.
func TestRouteOfOthersIsAnnounced(t *testing.T) {
	p, err := RouteDefaults()
	if err != nil {
		t.Fatal(err)
	}
	p.Contenders, p.Clients, p.Rounds, p.Warmup = []string{"route:http://host.test/a", "route:http://host.test/b"}, 40, 20, 1
	f, err := Assess(t.Context(), p, func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("192.0.2.1")}, nil
	})
	if err != nil || len(f.Hosts) != 1 {
		t.Fatalf("%+v, %v", f, err)
	}
	if l := f.Hosts[0]; l.Requests != 2*40*21 || l.InFlight != 40 || !l.Foreign || !l.Heavy() || l.Elsewhere {
		t.Errorf("%+v", l)
	}
	if f.Requests != 2*40*21 || f.InFlight != 40 {
		t.Errorf("%+v", f)
	}
}

// A secret in the address of a route, in a command that is started or in the URL at
// which it is ready, is in no header and in no trial; a reference is found, and sent.
func TestRouteTellsNoSecret(t *testing.T) {
	t.Setenv("ROUTE_KEY", "open-sesame")
	synctest.Test(t, func(t *testing.T) {
		p := routePlan(t, "")
		started := Start{}
		p.Start = []Start{{"serve --token=open-sesame", "http://127.0.0.1:5000/?key=open-sesame"}}
		p.Launcher = Launcher{Check: func(Start) error { return nil }, Launch: func(_ context.Context, s Start, _ Told) (App, error) {
			started = s
			return running{}, nil
		}}
		app := new(webApp)
		header, list := app.measure(t, p, "/boom?api_key=open-sesame", "/boom?key=env:ROUTE_KEY")
		text, err := json.Marshal([]any{header, list})
		if err != nil || strings.Contains(string(text), "sesame") || !strings.Contains(string(text), "env:ROUTE_KEY") {
			t.Errorf("%v: %s", err, text)
		}
		if diff := cmp.Diff([]string{"api_key=open-sesame", "key=open-sesame"}, slices.Sorted(slices.Values(app.asked))); diff != "" {
			t.Errorf("it was asked, -want +got\n%s", diff)
		}
		if started != p.Start[0] {
			t.Errorf("it was started as %+v", started)
		}
	})
}

// Running is an app that goes on.
type running struct{}

func (running) Ended(time.Duration) error { return nil }
func (running) Close() error              { return nil }
