package main

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"os"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/page"
)

// writePage writes the page of a run, which streams the requests from the journal.
func writePage(w io.Writer, j *results.Judgement, journal string) error {
	o := page.Options{Command: repeatCommand(j.Run)}
	if !j.Run.Imported && journal != "" {
		o.Trials = func() iter.Seq2[*results.Trial, error] { return streamed(journal) }
	}
	return page.Write(w, j, o)
}

// streamed streams the trials of a journal with their requests. The file is open while
// somebody takes them.
func streamed(journal string) iter.Seq2[*results.Trial, error] {
	return func(yield func(*results.Trial, error) bool) {
		file, err := os.Open(journal)
		if err != nil {
			yield(nil, err)
			return
		}
		defer func() { _ = file.Close() }() // it was only read
		for t, err := range results.Trials(file) {
			if !yield(t, err) {
				return
			}
		}
	}
}

// longestPlan is how long a plan may be to be typed with its command.
const longestPlan = 4 << 10

// repeatCommand is what to type to measure a run again: its plan, with the seed that
// was drawn, and the command that takes it. It is empty where there is no plan.
func repeatCommand(r *results.Run) string {
	if len(r.Plan) == 0 {
		return ""
	}
	command := "fetchbench run plan.json"
	if r.Design.Sweep {
		command = "fetchbench sweep plan.json"
	}
	var plan bytes.Buffer
	if json.Compact(&plan, r.Plan) != nil || plan.Len() > longestPlan {
		return command + "   # plan.json is the plan of this run"
	}
	if bytes.Contains(r.Plan, []byte("hidden:")) {
		command = "# what stands as hidden:... was not recorded, and must be filled in\n" + command
	}
	return "cat > plan.json <<'END'\n" + plan.String() + "\nEND\n" + command
}
