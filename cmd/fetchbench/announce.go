package main

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// flight says how many requests may be in flight, which of programs nobody knows.
func flight(h results.Header, slots int) string {
	for _, c := range h.Contenders {
		if c.Asked == 0 {
			return "how many requests a command has in flight is not known"
		}
	}
	return fmt.Sprintf("at most %d in flight", slots)
}

// announce says what is about to happen, before the first request.
func announce(s *streams, h results.Header) {
	d := h.Design
	slots := 0
	for _, c := range h.Contenders {
		slots = max(slots, c.Asked)
	}
	per := len(h.Contenders) * h.Target.Planned()
	warmup := ""
	if d.Warmup > 0 {
		warmup = fmt.Sprintf(" + %d warm-up", per*d.Warmup)
	}
	s.note("%s", where(h))
	batch := trialSize(h.Target)
	s.note("%s x %s x %s = %d%s · seed %d", counted(len(h.Contenders), "contender"), counted(d.Rounds, "round"),
		batch, per*d.Rounds, warmup, d.Seed)
	s.note("%s · %s · timeout %v%s", flight(h, slots), over(h), time.Duration(d.TimeoutNS), longer(h))
	for _, c := range h.Contenders {
		if text := process(c); text != "" {
			s.note("%s", text)
		}
	}
	if again := resending(h); len(again) > 0 {
		s.note("the attempts of retries and hedges come on top: %s", list(again))
	}
	if lacks := report.TooFew(h); lacks != "" {
		s.note("%s", lacks)
	}
	if isTerminal(s.err) {
		s.note("(Ctrl-C keeps what is done)")
	}
}

// process says what a contender that speaks for itself is, empty for others.
func process(c results.Column) string {
	p := c.Process
	if p == nil || p.Line() != "" {
		return ""
	}
	name := report.Clean(c.Name)
	if p.Program == "" {
		return name + " did not start as it should; its trials will say why"
	}
	var words []string
	for _, word := range []string{p.Program, p.Language, p.Library} {
		if word != "" {
			words = append(words, report.Clean(word))
		}
	}
	return fmt.Sprintf("%s is %s; started in %v, which is in no time below", name, strings.Join(words, ", "), time.Duration(p.StartedNS).Round(time.Millisecond))
}

// resending lists the contenders whose policies may send a request more than once.
func resending(h results.Header) (names []string) {
	for _, c := range h.Contenders {
		if slices.ContainsFunc(c.Policies, func(p string) bool {
			return strings.HasPrefix(p, "retry") || strings.HasPrefix(p, "hedge")
		}) {
			names = append(names, report.Clean(c.Name))
		}
	}
	return names
}

// over names the transports of the contenders.
func over(h results.Header) string {
	if h.Target.Form == bench.FormMock {
		return "calls in this process, no connections"
	}
	var names []string
	for _, c := range h.Contenders {
		name := "http/1.1"
		if c.Process != nil {
			name = "their own"
		}
		if c.Transport != "" {
			name = "@" + c.Transport
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return h.Design.Connections + " connections · " + list(names)
}

// addresses are those that are fetched: the first of the list where a batch is smaller,
// and all where they are those of routes.
func addresses(h results.Header) []string {
	if slices.ContainsFunc(h.Contenders, func(c results.Column) bool { return c.Route == "" }) {
		return h.Target.URLs[:min(len(h.Target.URLs), h.Target.Requests)]
	}
	return h.Target.URLs
}

// where names what is fetched from.
func where(h results.Header) string {
	t := h.Target
	if t.Embedded != "" {
		scaled := "the same delays for everybody"
		if t.Scale != 0 && t.Scale != 1 {
			scaled = fmt.Sprintf("its delays times %v", t.Scale)
		}
		return fmt.Sprintf("embedded upstream (%s), profile %s: %s", t.Form, t.Embedded, scaled)
	}
	fetched := addresses(h)
	hosts := map[string]bool{}
	var names []string
	for _, address := range fetched {
		if u, err := url.Parse(address); err == nil && !hosts[u.Host] {
			hosts[u.Host] = true
			names = append(names, report.Clean(u.Host))
		}
	}
	on := list(names)
	const shown = 3
	if len(names) > shown {
		on = fmt.Sprintf("%s and %d more hosts", list(names[:shown]), len(names)-shown)
	}
	return fmt.Sprintf("%s on %s", counted(len(fetched), "URL"), on)
}
