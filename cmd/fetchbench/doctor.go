package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/cobra"
)

// The states of a finding.
const (
	stateOK      = "ok"
	stateMissing = "missing" // something that only some contenders or tests need
	stateDoubt   = "doubt"   // run works, and its numbers, its sizes or a command have a limit
	stateBroken  = "broken"  // run cannot work
)

// A finding is what doctor has to say of one thing: what is there and, if that is not
// enough, the way out.
type finding struct {
	Name  string `json:"name"`
	State string `json:"state"`
	Found string `json:"found"`
	Help  string `json:"help,omitempty"`
}

// A doctor looks at a machine.
type doctor struct {
	dir   string        // the folder of runs
	limit time.Duration // of each program that is asked for its version
	look  time.Duration // how long the noise is listened to
}

// newDoctor looks at this machine.
func newDoctor(s *streams) *cobra.Command {
	var asJSON bool
	d := doctor{limit: 10 * time.Second, look: 200 * time.Millisecond}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say what is here for runs and contenders, and how to get the rest",
		Long: `Look at this machine, a line for each thing: what run needs, what contenders
in other languages and the tests need, and whether the machine is quiet. A
line that is not ok ends with the way out.

Programs are only asked for their version, without the tokens of the
environment. The exit code is 2 if run cannot work here, and 0 otherwise,
whatever is missing.`,
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if d.dir, err = runsDir(d.dir); err != nil {
				return err
			}
			ctx, stop := untilSignal(cmd.Context())
			defer stop()
			return s.diagnose(d.examine(ctx), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object instead of lines")
	cmd.Flags().StringVar(&d.dir, "out", "", "`folder` of the journals (default in your state folder)")
	return cmd
}

// examine looks at everything, at the machine last: the programs that are asked for
// their versions are no noise of it.
func (d doctor) examine(ctx context.Context) []finding {
	out := []finding{d.folder(), d.disk(), loopback()}
	probes := []func(context.Context) []finding{d.python, func(context.Context) []finding { return []finding{d.undici()} }}
	for _, t := range aids() {
		probes = append(probes, func(ctx context.Context) []finding { return []finding{d.tool(ctx, t)} })
	}
	asked := make([][]finding, len(probes))
	var calls sync.WaitGroup
	for i, probe := range probes {
		calls.Go(func() { asked[i] = probe(ctx) })
	}
	calls.Wait()
	return slices.Concat(append([][]finding{out, d.machine(ctx)}, asked...)...)
}

// diagnose prints the findings. Only what run needs is worth an exit code.
func (s *streams) diagnose(list []finding, asJSON bool) error {
	var broken, missing []string
	for _, f := range list {
		switch f.State {
		case stateBroken:
			broken = append(broken, f.Name)
		case stateMissing:
			missing = append(missing, f.Name)
		}
	}
	if err := s.findings(list, asJSON, len(broken) == 0); err != nil {
		return err
	}
	if len(broken) > 0 {
		return &failure{
			code: exitUsage, err: fmt.Errorf("run cannot work here: %s", strings.Join(broken, ", ")),
			hint: "the lines that begin with broken have the way out",
		}
	}
	if len(missing) > 0 {
		s.note("run works without %s; in a checkout make setup installs what Debian has", strings.Join(missing, ", "))
	}
	return nil
}

// findings prints the list. What programs say of themselves is cleaned, and is hostile
// text like any other.
func (s *streams) findings(list []finding, asJSON, works bool) error {
	if asJSON {
		text, err := json.MarshalIndent(struct {
			Schema   int       `json:"schema"`
			Works    bool      `json:"works"`
			Findings []finding `json:"findings"`
		}{1, works, list}, "", "  ")
		if err != nil {
			return err
		}
		return s.result("%s\n", text)
	}
	for _, f := range list {
		text := report.Clean(f.Found)
		if f.Help != "" {
			text = strings.TrimPrefix(text+": "+report.Clean(f.Help), ": ")
		}
		if err := s.result("%-8s %-12s %s\n", f.State, f.Name, text); err != nil {
			return err
		}
	}
	return nil
}
