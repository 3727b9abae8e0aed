package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// Resumable returns the plan of a run that was cut short, so that it can be opened
// again and continued: see Continue. It is refused with the reason where the rest
// would not be of the same experiment. Nothing is sent, and nothing is started.
func Resumable(run *results.Run, tool Tool) (Plan, error) {
	switch {
	case run.Imported:
		return Plan{}, errors.New("its times come from elsewhere: there is nothing to go on with")
	case run.Complete:
		return Plan{}, errors.New("the run is complete: there is nothing left to measure")
	}
	if err := otherMachine(run.Environment, environment(tool.or().Name)); err != nil {
		return Plan{}, err
	}
	p, err := planIn(run.Header)
	if err != nil {
		return Plan{}, fmt.Errorf("the plan in its journal cannot be read back: %w", err)
	}
	if p.Order == Blocks {
		return Plan{}, fmt.Errorf("its order is %s: a pause would lie between two contenders and look like a difference", Blocks)
	}
	p.Makers, p.Launcher = tool.Makers, tool.Launcher
	for _, spec := range append(p.commands(), p.Contenders...) {
		if commandHidden.MatchString(spec) {
			return Plan{}, fmt.Errorf("the command of %s had a secret in it, which the journal does not hold", spec)
		}
	}
	for _, name := range p.Contenders {
		if !p.known(name) {
			return Plan{}, fmt.Errorf("its contender %q cannot be made again: commands, builds and those given as values are in no journal", name)
		}
	}
	if _, err := p.Resolve(); err != nil {
		return Plan{}, fmt.Errorf("its contenders cannot be made again from the journal, as those given as values never can: %w", err)
	}
	return p, nil
}

// commands are those of the programs that the plan starts.
func (p Plan) commands() (list []string) {
	for _, s := range p.Start {
		list = append(list, s.Command)
	}
	return list
}

// commandHidden finds where Conceal has taken something out of a spec.
var commandHidden = regexp.MustCompile(`(?:^|\W)` + hiddenWord + `(?:$|[^\w./-])`)

// otherMachine names the first thing in which two environments differ that would
// make the rest of a run another measurement. The load of the machine is not one
// of them: it changes from trial to trial.
func otherMachine(then, now results.Environment) error {
	for _, e := range []struct {
		what      string
		then, now any
	}{
		{"program", then.Tool, now.Tool},
		{"version of Go", then.Go, now.Go},
		{"system", then.OS, now.OS},
		{"kernel", then.Kernel, now.Kernel},
		{"processor", then.CPU, now.CPU},
		{"number of processors", then.CPUs, now.CPUs},
		{"GOMAXPROCS", then.MaxProcs, now.MaxProcs},
		{"GOGC", then.GOGC, now.GOGC},
	} {
		if e.then != e.now {
			return fmt.Errorf("another machine or program: the %s was %v and is %v", e.what, e.then, e.now)
		}
	}
	return nil
}

// planIn reads the plan out of a header. It must be the plan that was written:
// what a plan does not have, or would not write like this, is refused. Values that
// the journal does not hold, such as secrets, are not this function's to find:
// it returns the plan as it was written, and Open resolves it as it did then.
func planIn(h results.Header) (Plan, error) {
	var p Plan
	strict := json.NewDecoder(bytes.NewReader(h.Plan))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&p); err != nil {
		return Plan{}, err
	}
	text, err := json.Marshal(p)
	if err == nil && !bytes.Equal(text, h.Plan) {
		err = errors.New("it was written by another version, or changed since")
	}
	if err == nil {
		err = p.Validate()
	}
	return p, err
}

// An outset is where the trials of an experiment begin: before all rounds, or where
// an earlier run of the same plan was cut short.
type outset struct {
	first int // place of the first round in the order in which rounds are made
	// clock is what the run's clock had come to; it stood still since.
	clock time.Duration
	// made are the trials of the rounds before.
	made []results.Trial
}

// Continue lets the trials begin with the first round that the run lacks, and
// returns its number. A round of which a trial is missing or was cut short is made
// again whole. Rounds have the numbers, orders, pauses and ids that they would
// have had; an embedded upstream is new, and with it whatever its profile counts
// from its beginning. The time limit of the run counts anew.
//
// It is refused where the experiment is not that of the run.
func (e *Experiment) Continue(run *results.Run) (int, error) {
	if err := sameDesign(run.Header, e.header); err != nil {
		return 0, err
	}
	e.header = run.Header
	e.outset = outset{first: e.plan.missing(run)}
	first := e.plan.number(e.outset.first)
	for i := range run.Trials {
		if t := &run.Trials[i]; results.Precedes(t.Round, first) {
			e.outset.made = append(e.outset.made, *t)
			e.outset.clock = max(e.outset.clock, time.Duration(t.StartNS+t.ElapsedNS))
		}
	}
	return first, nil
}

// sameDesign refuses what would not be measured as before. An embedded upstream
// has other ports now.
func sameDesign(then, now results.Header) error {
	if then.Target.Embedded != "" {
		then.Target.URLs, now.Target.URLs = nil, nil
	}
	then.Contenders, now.Contenders = lasting(then.Contenders), lasting(now.Contenders)
	for reference, was := range then.Target.References {
		if is := now.Target.References[reference]; is != was {
			return fmt.Errorf("%s has another value than it had then, or the key of this machine is another: what was measured was asked with that value", reference)
		}
	}
	for _, part := range []struct {
		what      string
		then, now any
	}{{"target", then.Target, now.Target}, {"design", then.Design, now.Design}, {"list of contenders", then.Contenders, now.Contenders}} {
		before, err := json.Marshal(part.then)
		after, wrong := json.Marshal(part.now)
		if err = errors.Join(err, wrong); err != nil {
			return err
		}
		if !bytes.Equal(before, after) {
			return fmt.Errorf("its plan leads to another %s than it measured", part.what)
		}
	}
	return nil
}

// lasting are columns without what is new each time: how long a process took to start.
func lasting(list []results.Column) []results.Column {
	out := slices.Clone(list)
	for i, c := range out {
		if c.Process != nil {
			process := *c.Process
			process.StartedNS = 0
			out[i].Process = &process
		}
	}
	return out
}

// missing is the place of the first round that is to be made: the last one that
// was begun if it is not whole, else the one after it. Rounds before it that were
// cut short, as by a machine that slept, stay what they are in a run of one piece.
func (p Plan) missing(run *results.Run) int {
	if len(run.Trials) == 0 {
		return 0
	}
	last := run.Trials[len(run.Trials)-1].Round
	whole := map[string]bool{}
	for i := range run.Trials {
		if t := &run.Trials[i]; t.Round == last && t.Outcome != results.Aborted {
			whole[t.Contender] = true
		}
	}
	place := p.place(last)
	if len(whole) == len(run.Contenders) {
		place++
	}
	return min(place, p.Warmup+p.Rounds)
}

// Left is the plan of a run with the rounds that the run lacks and no others, to say
// what going on with it would send. With no Rounds left it is no plan to be opened.
func (p Plan) Left(run *results.Run) Plan {
	place := p.missing(run)
	p.Rounds -= max(0, place-p.Warmup)
	p.Warmup = max(0, p.Warmup-place)
	return p
}

// place is how many rounds are made before the one of this number.
func (p Plan) place(round int) int {
	if round < 0 {
		return -1 - round
	}
	return p.Warmup + round
}

// number is the inverse of place.
func (p Plan) number(place int) int {
	if place < p.Warmup {
		return -1 - place
	}
	return place - p.Warmup
}

// known tells whether a spec can be made a contender of again.
func (p *Plan) known(spec string) bool {
	if IsRoute(spec) || slices.ContainsFunc(p.Makers, func(m Maker) bool { return m.Is(spec) }) {
		return true
	}
	_, err := ParseContender(spec)
	return err == nil
}
