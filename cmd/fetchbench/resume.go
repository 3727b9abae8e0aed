package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
	"github.com/spf13/cobra"
)

// newResume goes on with a run.
func newResume(s *streams) *cobra.Command {
	var out outputFlags
	var saved saveFlags
	var dir string
	var limit time.Duration
	var keepGoing bool
	cmd := &cobra.Command{
		Use:   "resume RUN",
		Short: "Go on with a run that was cut short, with the missing rounds only",
		Long: `Go on with a run that was killed, stopped, out of time or out of disk. RUN is
the id that the run printed, a beginning or the last part of it, or the path
of its journal. Only the missing rounds are made, in the orders that the run's
seed gives them; a round that was cut short is made again whole. What comes
out is what the run would have said, but for the times.

Files for results (--csv and the like) are named again: the run does not know
them.

It is refused on another machine, by another version, and for a run that is
complete or still under way: then nothing is sent.`,
		Args: exactly(1, "one RUN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			runs, err := runsDir(dir)
			if err != nil {
				return err
			}
			path, err := findRun(runs, args[0])
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("max-time") && limit <= 0 {
				return fmt.Errorf("--max-time must be above 0, got %v", limit)
			}
			wanted, err := out.products(s, path)
			if err == nil {
				err = saved.add(cmd, s, &wanted)
			}
			if err != nil {
				return err
			}
			return nothing(rest{path: path, limit: limit, given: dir, keepGoing: keepGoing}.resume(cmd.Context(), s, wanted))
		},
	}
	out.defineSweep(cmd)
	s.may.define(cmd)
	saved.define(cmd)
	cmd.Flags().BoolVar(&keepGoing, "keep-going", false, "go on when a host that is not private fails 20 requests in a row")
	cmd.Flags().DurationVar(&limit, "max-time", 0, "limit of what is left (default the run's own, which counts anew)")
	cmd.Flags().StringVar(&dir, "out", "", "`folder` of the journals (default in your state folder)")
	cmd.ValidArgsFunction = completeRuns(&dir, cobra.ShellCompDirectiveDefault)
	return cmd
}

// A rest is a journal to go on with, the time that this may take if it is not the
// run's own, and the folder of journals if it is not the usual one.
type rest struct {
	path  string
	limit time.Duration
	given string
	// keepGoing says what --keep-going does.
	keepGoing bool
}

// resume opens the journal, which nobody else may have, and goes on with its run.
// Whatever refuses it leaves the journal as it is.
func (r rest) resume(parent context.Context, s *streams, wanted products) *failure {
	journal, run, err := results.Reopen(r.path)
	if err != nil {
		return notResumed(r.path, err)
	}
	if unknown := wanted.suited(run.Header); unknown != nil {
		return asFailure(errors.Join(unknown, journal.Close()), exitUsage)
	}
	plan, agreed, err := r.plan(parent, s, run)
	if err != nil {
		return asFailure(errors.Join(notResumed(r.path, err), journal.Close()), exitUsage)
	}
	if s.may.dry { // which has said all there is, and has written nothing
		_ = journal.Close()
		return nil
	}
	ctx, stop := untilSignal(parent) // from here on there is something to keep
	defer stop()
	e, round, err := reopen(ctx, plan, tool(s, plan, agreed), run)
	if err == nil && ctx.Err() != nil {
		err = errors.Join(stoppedBy(context.Cause(ctx)), e.Close())
	}
	if err != nil {
		return asFailure(errors.Join(notResumed(r.path, err), journal.Close()), exitUsage)
	}
	if err := journal.Resume(round); err != nil {
		failed := &failure{code: exitUnwritten, err: fmt.Errorf("journal: %w", err), hint: "nothing was sent; the journal has what it had"}
		return asFailure(errors.Join(failed, e.Close(), journal.Close()), exitUnwritten)
	}
	m := measurement{Experiment: e, journal: journal, header: run.Header, given: r.given}
	for i := range run.Trials {
		if t := &run.Trials[i]; results.Precedes(t.Round, round) {
			m.made = append(m.made, *t)
		}
	}
	s.note("resuming run %s: %s of %d done, %s to go", run.ID, counted(max(0, round), "round"), run.Design.Rounds, counted(toGo(run, round), "request"))
	return m.conduct(ctx, s, wanted)
}

// toGo is how many requests a run sends yet, from a round on.
func toGo(run *results.Run, round int) int {
	rounds := run.Design.Rounds - max(0, round)
	if round < 0 {
		rounds += run.Design.Warmup + 1 + round // the first of them is -1
	}
	return rounds * len(run.Contenders) * run.Target.Planned()
}

// plan is that of the run, with what is given for the rest of it, and what was agreed
// to.
func (r rest) plan(ctx context.Context, s *streams, run *results.Run) (bench.Plan, *bench.Footprint, error) {
	plan, err := bench.Resumable(run, bench.Tool{Name: fullVersion(), Makers: makers(), Launcher: launcher()})
	if err != nil {
		return plan, nil, err
	}
	if r.limit > 0 {
		plan.Limits.Run = bench.Duration(r.limit)
	}
	plan.Limits.KeepGoing = plan.Limits.KeepGoing || r.keepGoing
	if plan.Upstream.Profile != "" {
		if plan.Upstream.Command, err = childCommand(); err != nil {
			return plan, nil, err
		}
	}
	left := plan.Left(run)
	if s.may.dry {
		told := s.result("%-11s %s of %d, and %d to warm up\n", "missing", counted(left.Rounds, "round"), plan.Rounds, left.Warmup)
		if told != nil || left.Rounds == 0 {
			return plan, nil, told
		}
	}
	left.Rounds = max(1, left.Rounds) // all may be there, and only their end be missing
	agreed, refused := s.consent(ctx, left)
	return plan, agreed, nothing(refused)
}

// reopen makes the experiment of a run again and finds the round from which it
// goes on.
func reopen(ctx context.Context, plan bench.Plan, tool bench.Tool, run *results.Run) (*bench.Experiment, int, error) {
	e, err := bench.Open(ctx, plan, tool)
	if err != nil {
		return nil, 0, notOpened(err)
	}
	round, err := e.Continue(run)
	if err != nil {
		return nil, 0, errors.Join(err, e.Close())
	}
	return e, round, nil
}

// notResumed is the failure of a run that cannot be continued. Nothing was sent.
func notResumed(path string, err error) *failure {
	var f *failure
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, results.ErrBusy):
		return &failure{code: exitUsage, err: fmt.Errorf("cannot resume: %w", err), hint: "the run goes on there; wait for its end, or stop it first"}
	}
	return &failure{
		code: exitUsage, err: fmt.Errorf("cannot resume: %w", err),
		hint: "what it has is kept: fetchbench report " + called(path),
	}
}

// sinceResumed says that a time is that of the last part of a run, where it has several.
func sinceResumed(run *results.Run) string {
	if len(run.Resumed) > 0 {
		return " since it was resumed"
	}
	return ""
}

// sealed tells whether a secret of the plan is concealed, so that nobody can go on with
// the run.
func sealed(h results.Header) bool { return bytes.Contains(h.Plan, []byte("hidden:")) }

// A measurement is an experiment on its way into its journal.
type measurement struct {
	*bench.Experiment
	journal *results.Journal
	header  results.Header
	// made are the trials that the journal had before.
	made []results.Trial
	// given is the folder of journals if it is not the usual one.
	given string
	// final says that nobody can go on with it: its contenders are in no plan.
	final bool
}

// conduct measures and writes what came out. What was started for it is ended by
// whatever way it is left: a contender may panic.
func (m measurement) conduct(ctx context.Context, s *streams, wanted products) *failure {
	closed := sync.OnceValue(m.Close)
	defer func() { _ = closed() }() // what it says is asked for below
	announce(s, m.header)
	wanted = wanted.begin(s, &m.header, m.made)
	began := time.Now()
	unbound := bound(m.header)
	ended := m.record(ctx, s, wanted)
	runtime.GC() // the records of the last trial are nobody's any more
	unbound()
	if err := closed(); err != nil {
		ended = worse(ended, &failure{code: exitIncomplete, err: fmt.Errorf("embedded upstream: %w", err)})
	}
	path := m.journal.Path()
	run, err := results.OpenLatencies(path)
	if err != nil {
		return worse(ended, &failure{code: exitUnwritten, err: err})
	}
	torn := ended != nil && ended.code == exitUnwritten // the journal itself
	if torn && !run.Complete {
		run.Reason = oneLine(ended) // which the journal could not take down
	}
	judgement := results.Judge(run)
	ended = worse(ended, wanted.make(s, judgement, path))
	if signal, ok := asStopped(context.Cause(ctx)); ok && run.Complete { // it came after the last trial
		ended = worse(ended, &failure{code: signal.code(), err: signal, hint: "the run is complete, and all of it is written"})
	}
	name := again(m.header.ID, path, m.given)
	ended = verdict(s, judgement, ended).seeAlso(judgement, name)
	saved := "saved as run " + m.header.ID
	if torn {
		ended.hint = rounds(run, path)
		saved = "what there is of it is run " + m.header.ID
	}
	s.note("%s after %v%s · next: fetchbench report %s", saved, elapsed(time.Since(began)), sinceResumed(run), name)
	if !run.Complete && !m.final && !sealed(m.header) {
		s.note("to go on with it: fetchbench resume %s", name)
	}
	return ended
}
