package report

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/fetchbench/fetchbench/results"
)

// A document is the JSON report. Programs of others rely on its names and
// units: fields are added, never renamed. It is assembled here rather than by
// tags on results.Judgement, because a run has its trials in it and those belong
// into the journal and the CSV.
type document struct {
	identity
	setting
	Requests    results.Requests     `json:"requests"`
	Contenders  []results.Contender  `json:"contenders"`
	Comparisons []results.Comparison `json:"comparisons"`
	Warnings    []warning            `json:"warnings"`
	Advice      *results.Advice      `json:"advice"` // null where there is none to give
	Sweep       *results.Sweep       `json:"sweep,omitempty"`
	Gates       []results.Gated      `json:"gates,omitempty"` // there only where limits were given
}

// identity says which run this is and whether it is all of it.
type identity struct {
	Schema   int       `json:"schema"`
	Run      string    `json:"run"`
	Started  time.Time `json:"started,omitzero"` // not known of imported times
	Complete bool      `json:"complete"`
	Reason   string    `json:"reason"` // why it is not complete
	Torn     int       `json:"torn_bytes"`
	// Resumed is there only where the run is not of one piece.
	Resumed []resumption `json:"resumed,omitempty"`
}

// setting is what was measured, where and how.
type setting struct {
	Plan        json.RawMessage     `json:"plan"`
	Environment results.Environment `json:"environment"`
	Target      results.Target      `json:"target"`
	Design      results.Design      `json:"design"`
}

// A warning has all of its fields, empty or not, so that a reader need not ask
// whether they are there.
type warning struct {
	Code      string `json:"code"`
	Contender string `json:"contender"`
	Text      string `json:"text"`
	Hint      string `json:"hint"`
}

// JSON writes the judgement as one indented document. Absent numbers are null,
// and so are those that JSON has no word for; lists and maps never are.
func JSON(w io.Writer, j *results.Judgement) error {
	doc := document{
		identity: identity{
			Schema: results.Schema, Run: j.Run.ID, Started: j.Run.Started,
			Complete: j.Run.Complete, Reason: j.Run.Reason, Torn: j.Run.Torn, Resumed: resumptions(j.Run),
		},
		setting: setting{
			Plan: j.Run.Plan, Environment: j.Run.Environment, Target: j.Run.Target, Design: j.Run.Design,
		},
		Requests:    j.Requests,
		Contenders:  j.Contenders,
		Comparisons: j.Comparisons,
		Advice:      j.Advice,
		Sweep:       j.Sweep,
		Gates:       j.Gates,
	}
	for _, w := range j.Warnings {
		doc.Warnings = append(doc.Warnings, warning(w))
	}
	text, err := json.MarshalIndent(tame(reflect.ValueOf(doc)), "", "  ")
	if err != nil {
		return fmt.Errorf("report of run %q: %w", j.Run.ID, err)
	}
	return write(w, Visible(string(text))+"\n")
}

// Visible writes JSON with what could do something to a terminal by its number, which
// JSON reads as the same text. Line ends are those between the fields: within a
// text they are numbers already.
func Visible(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch { // the escapes of encoding/json are ASCII and pass
		case r == '\n' || shows(r):
			out.WriteRune(r)
		default:
			for _, half := range utf16.AppendRune(nil, r) {
				fmt.Fprintf(&out, `\u%04x`, half)
			}
		}
	}
	return out.String()
}
