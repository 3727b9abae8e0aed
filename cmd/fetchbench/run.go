package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
	"github.com/spf13/cobra"
)

// newRun measures.
func newRun(s *streams) *cobra.Command {
	var flags runFlags
	cmd := &cobra.Command{
		Use:   "run [URL... | PLAN | --urls FILE | --profile NAME]",
		Short: "Compare contenders, by default on the embedded profile article",
		Long: `Fetch the same URLs with every contender, round by round in an order drawn anew,
and report times, intervals, the speed-up and what was in flight.

Contenders are given as -s sequential,pool:4,goroutines: see fetchbench
strategies. PLAN is a YAML or JSON file that says all this and more; flags
override it.`,
		RunE: func(cmd *cobra.Command, args []string) error { return flags.measure(cmd, args, s) },
	}
	flags.plan.define(cmd)
	s.may.define(cmd)
	flags.saved.define(cmd)
	flags.out.define(cmd)
	flags.defineDir(cmd)
	return cmd
}

// runFlags are those of a command that measures one plan.
type runFlags struct {
	plan  planFlags
	out   outputFlags
	saved saveFlags
	dir   string
}

// defineDir adds the last flag to the command.
func (f *runFlags) defineDir(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.dir, "out", "", "`folder` for the journal (default in your state folder)")
}

// measure builds the plan, refuses what could not be written, and measures.
func (f *runFlags) measure(cmd *cobra.Command, args []string, s *streams) error {
	p, err := f.plan.build(cmd.Flags(), args, s.in)
	if err != nil {
		return err
	}
	wanted, err := f.out.products(s, append(args, f.plan.urls)...)
	if err == nil {
		err = f.saved.add(cmd, s, &wanted)
	}
	if err != nil {
		return err
	}
	f.plan.warn(s, args, p)
	return nothing(measure(cmd.Context(), s, p, wanted, f.dir))
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
