package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// longestPlan is how long a plan may be to be typed with its command.
const longestPlan = 4 << 10

// repeatCommand is what to type to measure a run again: its plan, with the seed that
// was drawn, and the command that takes it. It is empty where there is no plan.
func repeatCommand(r *results.Run) string {
	if len(r.Plan) == 0 {
		return ""
	}
	command, written := "fetchbench run plan.json", []byte(r.Plan)
	switch sides, known := repeatSides(r); {
	case !known:
		return sides
	case sides != "":
		command, written = sides, withoutSides(r.Plan)
	case r.Design.Sweep:
		command = "fetchbench sweep plan.json"
	}
	hidden := bytes.Contains(written, []byte("hidden:")) || strings.Contains(command, "hidden:")
	var plan bytes.Buffer
	if json.Compact(&plan, written) != nil || plan.Len() > longestPlan {
		return command + "   # plan.json is the plan of this run"
	}
	if hidden {
		command = "# what stands as hidden:... was not recorded, and must be filled in\n" + command
	}
	return "cat > plan.json <<'END'\n" + plan.String() + "\nEND\n" + command
}

// repeatSides is the command that compares the two sides of a run again, empty for a run
// of contenders that a plan can name. Sides that were builds, or plans, are files that the
// journal does not have: then it says so.
func repeatSides(r *results.Run) (text string, known bool) {
	var sides, builds []string
	programs := 0
	for i, c := range r.Contenders {
		line := c.Process.Line()
		if line == "" {
			line = c.Name
		} else {
			programs++
			if c.Process.Program != "" || len(c.Process.Command) > 1 && c.Process.Command[1] == "run" {
				builds = append(builds, fmt.Sprintf("# %s was %s", c.Name, line))
			}
		}
		sides = append(sides, fmt.Sprintf("--%s %s", []string{"base", "head"}[min(i, 1)], results.Quoted(line)))
	}
	switch {
	case programs == 0:
		return "", true
	case len(builds) > 0 || len(r.Contenders) != 2:
		return strings.Join(append([]string{"# this cannot be repeated from the journal alone: it has neither the builds nor the plans of the sides"}, builds...), "\n"), false
	}
	return fmt.Sprintf("fetchbench ab %s --pairs %d plan.json", strings.Join(sides, " "), r.Design.Rounds), true
}

// withoutSides is a plan without the names of the sides, which no plan can name.
func withoutSides(plan []byte) []byte {
	fields := map[string]json.RawMessage{}
	if json.Unmarshal(plan, &fields) != nil {
		return plan
	}
	for _, name := range []string{"contenders", "baseline"} {
		delete(fields, name)
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return plan
	}
	return text
}
