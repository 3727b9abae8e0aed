package gate

import (
	"fmt"
	"io"
	"strings"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// Summary writes what the page of a CI job is to show, as GitHub Flavored Markdown:
// what came out in one line, a table of the gates, and the report of the run.
func Summary(w io.Writer, j *results.Judgement, o report.Options) error {
	var out strings.Builder
	fmt.Fprintf(&out, "### fetchbench: %s\n\n", headline(j))
	if len(j.Gates) > 0 {
		out.WriteString("| Gate | Outcome | Measured |\n|---|---|---|\n")
		for i := range j.Gates {
			g := &j.Gates[i]
			fmt.Fprintf(&out, "| %s | %s | %s |\n", report.Escape(report.GateName(g)), shown(g.Outcome), report.Escape(report.GateReading(g)))
		}
		out.WriteString("\n")
	}
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("write summary: %w", err)
	}
	// The table above says it of the gates.
	rest := *j
	rest.Gates = nil
	if err := report.Markdown(w, &rest, o); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nrun %s\n", report.Escape(report.Clean(j.Run.ID)))
	return err
}

// shown is an outcome, the one that matters in bold.
func shown(outcome string) string {
	if outcome == results.GateFailed {
		return "**failed**"
	}
	return outcome
}

// headline says in one line what came out: first whether the run is to be believed at
// all.
func headline(j *results.Judgement) string {
	counts := map[string]int{}
	for _, g := range j.Gates {
		counts[g.Outcome]++
	}
	var parts []string
	if wrong := invalid(j); len(wrong) > 0 {
		parts = append(parts, "the run is not valid: "+report.Escape(report.Clean(wrong[0].Text)))
	}
	for _, outcome := range []string{results.GateFailed, results.GateUndecided, results.GatePassed} {
		if n := counts[outcome]; n == 1 {
			parts = append(parts, "1 gate "+outcome)
		} else if n > 1 {
			parts = append(parts, fmt.Sprintf("%d gates %s", n, outcome))
		}
	}
	switch n := len(j.Warnings); {
	case parts != nil:
	case n == 0:
		return "measured"
	case n == 1:
		return "measured, 1 warning"
	default:
		return fmt.Sprintf("measured, %d warnings", n)
	}
	return strings.Join(parts, ", ")
}
