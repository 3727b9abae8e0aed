package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// permission is what the person at the keyboard has said about hosts that are not
// private, before any of them is asked.
type permission struct {
	// yes agrees to every load, dry sends nothing.
	yes, dry bool
}

// define adds the flags to a command that measures.
func (p *permission) define(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&p.yes, "yes", false, "agree to more than 1000 requests, 32 in flight or a program of yours (exec:) to a host that is not private")
	cmd.Flags().BoolVar(&p.dry, "dry-run", false, "say what would be sent to whom, and send and write nothing")
}

// consent says which hosts that are not private a run would ask, and how much, and
// asks for a yes where that is much. Without anybody to ask, and without --yes, it
// refuses. The hosts themselves get nothing: only their names are looked up. In a dry
// run it prints all that there is to know, and ends as the run itself would.
func (s *streams) consent(ctx context.Context, plan bench.Plan, own ...bench.Contender) (*bench.Footprint, *failure) {
	f, err := bench.Assess(ctx, plan, nil, own...)
	if err != nil {
		return nil, asFailure(err, exitUsage)
	}
	if s.may.dry {
		if err := plan.CheckReferences(); err != nil {
			return nil, notOpened(err)
		}
		if err := s.dryRun(plan, f, own); err != nil {
			return f, asFailure(err, exitUnwritten)
		}
	}
	if lost := s.unknown(plan, f); lost != nil {
		return f, lost
	}
	if elsewhere := f.Foreign(); len(elsewhere) > 0 && !s.may.dry {
		s.note("to %s that %s not private: %s", counted(len(elsewhere), "host"), are(len(elsewhere)), loads(elsewhere))
	}
	heavy := f.NeedsConsent()
	switch {
	case len(heavy) == 0, s.may.yes:
		return f, nil
	case !s.asks():
		return f, &failure{
			code: exitRefused, err: fmt.Errorf("%s: that needs consent, and nothing was sent", loads(heavy)),
			hint: "use --yes if the host can take it, or ask for less: " + least(heavy),
		}
	case s.may.dry:
		return f, nil
	}
	return f, s.ask(heavy)
}

// unknown refuses a run of which no host has a name that exists: every request would
// fail. Programs that dial by themselves may know names that nobody here does. Of one
// host among others it is said.
func (s *streams) unknown(plan bench.Plan, f *bench.Footprint) *failure {
	lost := f.Unknown()
	dials := slices.ContainsFunc(lost, func(l bench.Load) bool { return l.Elsewhere })
	switch {
	case len(lost) == 0:
		return nil
	case len(lost) == len(f.Hosts) && !dials && !plan.Limits.KeepGoing:
		return &failure{
			code: exitUsage, err: fmt.Errorf("no such name: %s; nothing was sent", hostNames(lost)),
			hint: "look at its spelling; --keep-going sends what must fail",
		}
	case !s.may.dry: // which has a line for each host
		s.note("no such name: %s; every request there will fail", hostNames(lost))
	}
	return nil
}

// hostNames are the names of hosts, of many the first few.
func hostNames(hosts []bench.Load) string {
	const shown = 3
	var names []string
	for _, l := range hosts[:min(shown, len(hosts))] {
		names = append(names, report.Clean(l.Host))
	}
	if more := len(hosts) - len(names); more > 0 {
		return fmt.Sprintf("%s and %d more", list(names), more)
	}
	return list(names)
}

// asks tells whether there is somebody who can answer: at a terminal that is read.
func (s *streams) asks() bool {
	file, ok := s.in.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// ask asks for consent. Everything but a yes is a no, the end of the input included.
// The question is asked however quiet a run is to be.
func (s *streams) ask(heavy []bench.Load) *failure {
	say(s.err, "Send %s? [y/N] ", loads(heavy))
	answer, err := bufio.NewReader(s.in).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	if err != nil {
		say(s.err, "\n") // nobody has ended the line
	}
	return &failure{code: exitRefused, err: errors.New("no consent, and nothing was sent"), hint: "ask for less: " + least(heavy)}
}

// least says what needs no consent.
func least(heavy []bench.Load) string {
	text := "1000 requests and 32 in flight to a host need none"
	if slices.ContainsFunc(heavy, func(l bench.Load) bool { return l.Elsewhere }) {
		text += "; a program of yours (exec:) always does, because it dials by itself and nobody here can check where and how often"
	}
	return text
}

// are is the verb for so many.
func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// loads says what each host gets, of many the first few.
func loads(list []bench.Load) string {
	const shown = 5
	var words []string
	for _, l := range list[:min(shown, len(list))] {
		word := fmt.Sprintf("%s to %s, %d in flight", counted(l.Requests, "request"), report.Clean(l.Host), l.InFlight)
		if l.Elsewhere && l.Foreign {
			word += ", if the programs that make them keep to it"
		}
		words = append(words, word)
	}
	if len(list) > shown {
		rest := list[shown:]
		most, flight := 0, 0
		for _, l := range rest {
			most, flight = max(most, l.Requests), max(flight, l.InFlight)
		}
		words = append(words, fmt.Sprintf("at most %s to each of %s, %d in flight", counted(most, "request"), counted(len(rest), "more host"), flight))
	}
	return "at most " + strings.Join(words, "; ")
}
