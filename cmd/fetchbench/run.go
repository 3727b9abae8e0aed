package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/cobra"
)

// newRun measures.
func newRun(s *streams) *cobra.Command {
	var plan planFlags
	var out outputFlags
	var saved saveFlags
	var dir string
	cmd := &cobra.Command{
		Use:   "run [URL... | PLAN | --urls FILE | --profile NAME]",
		Short: "Compare contenders, by default on the embedded profile article",
		Long: `Fetch the same URLs with every contender, round by round in an order drawn anew,
and report times, intervals, the speed-up and what was in flight.

Contenders are given as -s sequential,pool:4,goroutines: see fetchbench
strategies. PLAN is a YAML or JSON file that says all this and more; flags
override it.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := plan.build(cmd.Flags(), args, s.in)
			if err != nil {
				return err
			}
			wanted, err := out.products(s, append(args, plan.urls)...)
			if err == nil {
				err = saved.add(cmd, s, &wanted)
			}
			if err != nil {
				return err
			}
			plan.warn(s, args, p)
			return nothing(measure(cmd.Context(), s, p, wanted, dir))
		},
	}
	plan.define(cmd)
	s.may.define(cmd)
	saved.define(cmd)
	out.define(cmd)
	cmd.Flags().StringVar(&dir, "out", "", "`folder` for the journal (default in your state folder)")
	return cmd
}

// nothing turns a nil *failure into a nil error.
func nothing(f *failure) error {
	if f == nil {
		return nil
	}
	return f
}

// measure runs the plan and writes what came out. Contenders given as values
// replace those of the plan.
func measure(parent context.Context, s *streams, plan bench.Plan, wanted products, given string, own ...bench.Contender) *failure {
	dir, err := runsDir(given)
	if err != nil {
		return asFailure(err, exitUsage)
	}
	if unknown := wanted.known(columnNames(plan, own)); unknown != nil {
		return unknown
	}
	agreed, refused := s.consent(parent, plan, own...)
	if refused != nil || s.may.dry {
		return refused
	}
	ctx, stop := untilSignal(parent)
	defer stop()
	e, err := bench.Open(ctx, plan, tool(s, plan, agreed), own...)
	if err != nil {
		return notOpened(err)
	}
	header := e.Header()
	header.Design.Sides = wanted.sides
	journal, err := createJournal(dir, &header)
	if err != nil {
		return asFailure(errors.Join(err, e.Close()), exitUsage)
	}
	m := measurement{Experiment: e, journal: journal, header: header, given: given, final: len(own) > 0}
	return m.conduct(ctx, s, wanted)
}

// The memory of a run: so much for the program, so much for the record of each
// request of a trial, and so much for each request in flight.
const (
	programMemory = 32 << 20
	recordMemory  = 3 << 8
	flightMemory  = 64 << 10
)

// bound tells the runtime how much memory measuring is meant to take, and returns the
// function that takes it back. Without it a trial of a million requests would take
// twice its records before garbage is collected; other runs come nowhere near. Who
// has set GOMEMLIMIT knows better.
func bound(h results.Header) func() {
	if os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	slots := 0
	for _, c := range h.Contenders {
		slots = max(slots, c.Asked)
	}
	before := debug.SetMemoryLimit(programMemory + int64(h.Target.Planned())*recordMemory + int64(slots)*flightMemory)
	return func() { debug.SetMemoryLimit(before) }
}

// again is how to name the run to report: by the last part of its id, or by its
// path if it is in no usual place.
func again(id, path, given string) string {
	if given != "" {
		return path
	}
	return lastPart(id)
}

// asFailure gives an error its exit code, unless it has one.
func asFailure(err error, code int) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	return &failure{code: code, err: err}
}

// record appends each trial to the journal before the next begins, and the
// reason if there is no next.
func (m measurement) record(ctx context.Context, s *streams, wanted products) *failure {
	shown, journal := newProgress(s, newStanding(m.header, m.made), m.Upcoming(), len(wanted.each) > 0), m.journal
	defer shown.end() // of use where something panics
	var ended *failure
	for t, err := range m.Trials(ctx) {
		if err != nil {
			ended = stoppedBy(err)
			break
		}
		if err := journal.Append(&t); err != nil {
			ended = &failure{code: exitUnwritten, err: fmt.Errorf("journal: %w", err), hint: "the journal has the trials before this one"}
			break
		}
		shown.add(&t)
		if err := wanted.tell(&t); err != nil {
			ended = asFailure(err, exitUnwritten)
			break
		}
	}
	shown.end()
	end := func() error { return journal.End("") }
	if ended != nil {
		end = func() error { return journal.End(ended.Error()) }
	}
	if reached := m.Reached(); reached != "" && ended == nil {
		s.note("stopped: %s", reached)
		end = func() error { return journal.EndReached(reached) }
	}
	// A journal that could not take a trial cannot take this either: said once.
	if err := end(); err != nil && (ended == nil || ended.code != exitUnwritten) {
		ended = worse(ended, &failure{code: exitUnwritten, err: fmt.Errorf("journal: %w", err)})
	}
	return ended
}

// stoppedBy is the failure of a run that ended early.
func stoppedBy(err error) *failure {
	if signal, ok := asStopped(err); ok {
		return &failure{code: signal.code(), err: signal, hint: "what was done is kept and marked incomplete"}
	}
	f := &failure{code: exitIncomplete, err: err}
	switch {
	case errors.Is(err, bench.ErrRunLimit):
		f.hint = "what was done is kept; use --max-time for more, or fewer --rounds"
	case errors.Is(err, bench.ErrHostFails), errors.Is(err, bench.ErrMore):
		f.hint = "what was done is kept; more requests help nobody, but --keep-going makes them"
	}
	return f
}

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
	s.note("%s", where(h.Target))
	batch := trialSize(h.Target)
	s.note("%s x %s x %s = %d%s · seed %d", counted(len(h.Contenders), "contender"), counted(d.Rounds, "round"),
		batch, per*d.Rounds, warmup, d.Seed)
	s.note("at most %d in flight · %s · timeout %v%s", slots, over(h), time.Duration(d.TimeoutNS), longer(h))
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

// process says what a contender in a process of its own is, empty for others.
func process(c results.Column) string {
	p := c.Process
	if p == nil {
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

// where names what is fetched from.
func where(t results.Target) string {
	if t.Embedded != "" {
		scaled := "the same delays for everybody"
		if t.Scale != 0 && t.Scale != 1 {
			scaled = fmt.Sprintf("its delays times %v", t.Scale)
		}
		return fmt.Sprintf("embedded upstream (%s), profile %s: %s", t.Form, t.Embedded, scaled)
	}
	hosts := map[string]bool{}
	var names []string
	for _, address := range t.URLs {
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
	return fmt.Sprintf("%s on %s", counted(len(t.URLs), "URL"), on)
}
