package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/gate"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/cobra"
)

// gateFlags are the limits that a run is held to.
type gateFlags struct {
	exprs  []string
	strict bool
}

// define adds the flags to a command.
func (f *gateFlags) define(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.exprs, "fail-if", nil, "exit with 4 if this `limit` is broken, such as 'pool:8.median > 500ms' or 'median +5%'")
	cmd.Flags().BoolVar(&f.strict, "strict", false, "exit with 6 if nothing can be decided, with 5 if this machine was the limit")
}

// gates reads the expressions. The first that is wrong is the error.
func (f *gateFlags) gates() (held, error) {
	h := held{strict: f.strict, written: map[string]string{}}
	for _, expr := range f.exprs {
		g, err := gate.Parse(expr)
		if err != nil {
			return h, misread(err, expr)
		}
		h.gates, h.written[g.String()] = append(h.gates, g), expr
	}
	return h, nil
}

// Held is what a run is held to.
type held struct {
	gates  []gate.Gate
	strict bool
	// written has the expressions as they were given.
	written map[string]string
	// sides says that two sides are compared.
	sides bool
}

// misread is the failure of an expression, which it shows with a mark under the place.
func misread(err error, expr string) error {
	var wrong *gate.SyntaxError
	if !errors.As(err, &wrong) {
		return usage(err)
	}
	f := &failure{code: exitUsage, err: fmt.Errorf("--fail-if: %w", err), hint: wrong.Hint}
	if strings.TrimSpace(expr) != "" { // else there is no place to mark
		f.place = report.Place(bench.Conceal(expr), wrong.At)
	}
	if guess := bench.Closest(wrong.Word, wrong.Have); wrong.Word != "" && guess != "" {
		f.hint = fmt.Sprintf("did you mean %q?", guess)
	}
	return f
}

// known refuses gates that name no contender of what is to be judged.
func (h held) known(names []string, baseline string) *failure {
	for _, g := range h.gates {
		if err := gate.Check([]gate.Gate{g}, names, baseline); err != nil {
			return asFailure(misread(err, h.written[g.String()]), exitUsage)
		}
	}
	return nil
}

// ofTimes refuses gates about what imported times do not have.
func (h held) ofTimes() *failure {
	for _, g := range h.gates {
		if err := gate.CheckTimes([]gate.Gate{g}); err != nil {
			return asFailure(misread(err, h.written[g.String()]), exitUsage)
		}
	}
	return nil
}

// knownIn is known for a run.
func (h held) knownIn(header results.Header) *failure {
	var names []string
	for _, c := range header.Contenders {
		names = append(names, c.Name)
	}
	return h.known(names, header.Design.Baseline)
}

// verdict is what the gates of a judgement make of the exit code: 4 if one failed, and
// 6 if one was not decided and that is asked for.
func (h held) verdict(s *streams, j *results.Judgement) *failure {
	var failed, open []error
	for i := range j.Gates {
		switch g := &j.Gates[i]; g.Outcome {
		case results.GateFailed:
			failed = append(failed, errors.New(report.Regression(g)))
		case results.GateUndecided:
			open = append(open, fmt.Errorf("gate not decided: %s: %s", report.GateName(g), report.GateReading(g)))
		}
	}
	if h.strict && len(h.gates) == 0 {
		open = gate.Undecided(j)
	}
	if failed == nil && h.strict && open != nil {
		return &failure{code: exitUndecided, err: errors.Join(open...), hint: "more --rounds decide finer differences; without --strict this is no failure"}
	}
	for _, one := range open {
		s.note("fetchbench: %s", oneLine(one))
	}
	if failed == nil {
		return nil
	}
	return &failure{code: exitGate, err: errors.Join(failed...)}
}

// github is the value of --summary that means the page of the job that this runs in.
const github = "github"

// stepSummary is where that page is written.
const stepSummary = "GITHUB_STEP_SUMMARY"

// appended writes a summary behind what is in the file that GitHub names. It is
// appended to because all steps of a job share it.
func appended(write writer) (ending, error) {
	path := os.Getenv(stepSummary)
	if path == "" {
		return nil, &failure{code: exitUsage, err: fmt.Errorf("--summary %s: %s is not set", github, stepSummary), hint: "it is set in the jobs of GitHub Actions; elsewhere give a file"}
	}
	return func(j *results.Judgement, journal string) *failure {
		file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err == nil {
			err = errors.Join(write(file, j, journal), file.Close())
		}
		if err != nil {
			return &failure{code: exitUnwritten, err: fmt.Errorf("writing %s: %w", path, cause(err)), hint: kept(j, journal)}
		}
		return nil
	}, nil
}

// writeSummary is the summary as a format.
func writeSummary(o looks) writer {
	return func(w io.Writer, j *results.Judgement, _ string) error { return gate.Summary(w, j, o()) }
}

// columnNames are the contenders of a plan as its run will call them.
func columnNames(plan bench.Plan, own []bench.Contender) (names []string, baseline string) {
	names = plan.Contenders
	if len(own) > 0 {
		names = nil
		for _, c := range own {
			names = append(names, c.String())
		}
	}
	baseline = plan.Baseline
	if baseline == "" && len(names) > 0 {
		baseline = names[0]
	}
	if plan.AA {
		names = []string{baseline, baseline + " again"}
	}
	return names, strings.TrimSpace(baseline)
}
