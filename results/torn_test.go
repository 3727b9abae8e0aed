package results_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/fetchbench/fetchbench/results"
)

// TestR60JournalCutAnywhereIsItsWholeTrials cuts a journal after every byte, as a
// crash may. What is read are the trials whose line is whole, and the rest of
// the last line is counted. Without a whole header there is no run.
func TestR60JournalCutAnywhereIsItsWholeTrials(t *testing.T) {
	long(t)
	run := timed([]string{"a", "b"}, []float64{1, 2}, []float64{3, 4})
	for i := range 1001 { // the second trial takes two lines of requests
		run.Trials[1].Requests = append(run.Trials[1].Requests, results.Request{Index: 2 + i, Class: results.ClassOK})
	}
	text := content(t, journal(t, run))
	for cut := range len(text) + 1 {
		part := text[:cut]
		got, err := results.Read(bytes.NewReader(part))
		if !bytes.Contains(part, []byte("\n")) {
			if err == nil {
				t.Fatalf("cut after %d bytes: no error without a header", cut)
			}
			continue
		}
		must(t, err)
		lines := part[:bytes.LastIndexByte(part, '\n')+1]
		whole, torn := bytes.Count(lines, []byte(`{"type":"trial"`)), cut-len(lines)
		equal(t, "trials", got.Trials, run.Trials[:whole], cmpopts.IgnoreFields(results.Trial{}, "Requests"), cmpopts.EquateEmpty())
		if torn < 2 || torn%16 == 0 { // a thousand requests each time are slow to compare
			alike(t, "streamed", streamed(t, part), run.Trials[:whole])
		}
		equal(t, "torn", got.Torn, torn)
		equal(t, "complete", got.Complete, cut == len(text))
		equal(t, "has a reason", got.Reason != "", cut < len(text))
	}
}

// TestTornTailMayBeGarbage: where the machine crashed, the last line may have
// its newline and not its content.
func TestTornTailMayBeGarbage(t *testing.T) {
	run := timed([]string{"a"}, []float64{1})
	run.Complete = false
	text := append(content(t, journal(t, run)), "\x00\x00\x00\n"...)
	got, err := results.Read(bytes.NewReader(text))
	must(t, err)
	equal(t, "trials", len(got.Trials), 1)
	equal(t, "torn", got.Torn, 4)
}

// TestR60ReadRefusesWhatIsNoJournal, and says where and why. Trials refuses the
// same.
func TestR60ReadRefusesWhatIsNoJournal(t *testing.T) {
	text := string(content(t, journal(t, timed([]string{"a"}, []float64{1, 2}))))
	lines := strings.SplitAfter(text, "\n") // header, requests, trial, requests, trial, end
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "the first line is missing"},
		{"one torn line", lines[0][:20], "the first line is missing"},
		{"text", "hello\nworld\n", "line 1: this is no journal of fetchbench"},
		{"a line of text", "hello\n", "line 1: this is no journal of fetchbench"},
		{"JSON of another kind", "[1,2]\n", "line 1: this is no journal of fetchbench"},
		{"no header", lines[2] + lines[5], "line 1: this is no journal of fetchbench"},
		{
			"newer schema", strings.Replace(lines[0], `"schema":1`, `"schema":2`, 1) + lines[5],
			"line 1: written by fetchbench 1.2.3 in schema 2, this program reads schema 1",
		},
		{"newer header", `{"type":"run","schema":9,"target":"x","environment":{"tool":"fetchbench 9"}}` + "\n", "line 1: written by fetchbench 9 in schema 9"},
		{"garbage", lines[0] + lines[1] + "}{\n" + lines[2], "line 3: this is no line of a journal"},
		{"a line of no type", lines[0] + "{}\n" + lines[5], `line 2: unknown type ""`},
		{"a line of another type", lines[0] + `{"type":"x"}` + "\n", `line 2: unknown type "x"`},
		{"two headers", lines[0] + lines[0], `line 2: unknown type "run"`},
		{"a trial of another form", lines[0] + `{"type":"trial","round":"x"}` + "\n", "line 2: json:"},
		{"an end of another form", lines[0] + `{"type":"end","complete":3}` + "\n", "line 2: json:"},
		{"a line without end", strings.Repeat("x", 65<<20), "line 1: a line of more than 16777216 bytes"},
	} {
		_, err := results.Read(strings.NewReader(c.text))
		wantError(t, c.name, err, c.want)
		wantError(t, c.name+", streamed", lastError(c.text), c.want)
	}
}

// TestTrialsRefusesRequestsThatDoNotFit: Read does not look at them.
func TestTrialsRefusesRequestsThatDoNotFit(t *testing.T) {
	lines := strings.SplitAfter(string(content(t, journal(t, timed([]string{"a"}, []float64{1})))), "\n")
	for _, c := range []struct{ name, old, new, want string }{
		{"a gap", `"first":0`, `"first":7`, "line 2: 2 requests from 7 on after 0 requests"},
		{"before the first", `"first":0`, `"first":-1`, "line 2: 2 requests from -1 on"},
		{"none", `"n":2`, `"n":0`, "line 2: 0 requests"},
		{"too many", `"n":2`, `"n":1001`, "line 2: 1001 requests"},
		{"a short column", `"n":2`, `"n":3`, "values for 3 requests"},
		{"an unknown class", `"class":[0]`, `"class":[1]`, "line 2: class 1 of 1"},
		{"a class below 0", `"class":[0]`, `"class":[-1]`, "line 2: class -1 of 1"},
		{"words for numbers", `"status":[200]`, `"status":["ok"]`, "line 2: json:"},
	} {
		line := strings.Replace(strings.Replace(lines[1], `"bytes":[50]`, `"bytes":[50,50]`, 1), c.old, c.new, 1)
		wantError(t, c.name, lastError(lines[0]+line+lines[2]), c.want)
	}
}

// TestRequestsWithoutTheirTrialAreIgnored: its line never came, and those of the
// next trial begin with request 0 again.
func TestRequestsWithoutTheirTrialAreIgnored(t *testing.T) {
	run := timed([]string{"a"}, []float64{1})
	lines := strings.SplitAfter(string(content(t, journal(t, run))), "\n")
	got := streamed(t, []byte(lines[0]+lines[1]+lines[1]+lines[2]))
	alike(t, "trials", got, run.Trials)
}

// TestOpenNamesTheFile in its errors.
func TestOpenNamesTheFile(t *testing.T) {
	folder := t.TempDir()
	_, err := results.Open(folder + "/none.jsonl")
	wantError(t, "missing", err, "none.jsonl")
	_, err = results.Open(folder)
	wantError(t, "a folder", err, folder)
}

// lastError is what streaming a text ends with.
func lastError(text string) (last error) {
	for _, err := range results.Trials(strings.NewReader(text)) {
		last = err
	}
	return last
}

// wantError wants an error with some words.
func wantError(t *testing.T, name string, err error, words string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), words) {
		t.Errorf("%s: got %v, want %q", name, err, words)
	}
}
