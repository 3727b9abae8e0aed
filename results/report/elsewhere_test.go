package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// What a contender says of itself is somebody else's text, and one that tells nothing
// of its requests has that said of it.
func TestElsewhereSaysWhatIsNotKnown(t *testing.T) {
	run := &results.Run{
		Header: results.Header{Target: results.Target{Embedded: "article"}, Contenders: []results.Column{
			{Name: "exec:a", Process: &results.Process{Program: "py\x1b[2J", Language: "python 3.11.2", StartedNS: 210_400_000}},
			{Name: "exec:b", Process: &results.Process{}},
			{Name: "sequential"},
			{Name: "command"},
			{Name: "once"},
		}},
		Trials: []results.Trial{
			{Contender: "exec:a", Observed: results.Observed{Claimed: &results.Claimed{Records: true}}},
			{Contender: "exec:b", Observed: results.Observed{Claimed: &results.Claimed{Broken: "child_exit"}}},
			{Contender: "sequential"},
			{Contender: "command", Observed: results.Observed{Claimed: &results.Claimed{}}},
			{Contender: "once", Observed: results.Observed{Claimed: &results.Claimed{}}},
			{Contender: "once", Observed: results.Observed{Claimed: &results.Claimed{Records: true}}},
		},
	}
	var got []string
	for _, l := range elsewhere(run) {
		got = append(got, l.text)
	}
	want := []string{
		"exec:a is " + Clean("py\x1b[2J") + ", python 3.11.2 · started in 210ms, outside every time",
		"nothing is told of the requests of command: their latencies are not known, and in flight is what the upstream saw",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	run.Target.Embedded = "" // and nobody saw anything
	want[1] = "nothing is told of the requests of command: their latencies and what was in flight are not known"
	if lines := elsewhere(run); lines[1].text != want[1] {
		t.Errorf("got  %q\nwant %q", lines[1].text, want[1])
	}
}

// Who reads the table and none of the warnings reads which of its numbers are a program's
// own, and which program does one after the other: once, and in lines of 80 columns.
func TestTableSaysWhatIsUnproven(t *testing.T) {
	long := "exec:python3 /a/folder/of/somebody/base.py"
	j := &results.Judgement{
		Run: &results.Run{Header: results.Header{Contenders: []results.Column{
			{Name: long, Process: &results.Process{Command: []string{"python3", "/a/folder/of/somebody/base.py"}}},
		}}},
		Warnings: []results.Warning{
			{Code: results.WarnBlocked, Contender: long, Text: long + " asked for 10 in flight, got 1.0: the fetcher blocks its event loop"},
			{Code: results.WarnUnchecked, Contender: long, Text: "what " + long + " tells of its requests was not checked"},
			{Code: results.WarnOutliers, Contender: long, Text: "not this one"},
		},
	}
	want := []string{
		"exec:base.py asked for 10 in flight, got 1.0: the fetcher blocks its event loop",
		"not checked, beyond the clock: what exec:base.py tells",
	}
	var got []string
	for _, l := range below(j, Options{}) {
		if slices.Contains(want, l.text) {
			got = append(got, l.text)
		}
		if strings.Contains(l.text, "not this one") || len(l.text) > 80 {
			t.Errorf("%q", l.text)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for _, o := range []Options{{Warnings: true}, {Told: true}} {
		if again := unproven(j); len(again) != 2 || slices.ContainsFunc(below(j, o), func(l line) bool { return l.text == want[1] }) {
			t.Errorf("said twice where the warnings are there (%+v): %+v", o, again)
		}
	}
	var page strings.Builder
	if err := Markdown(&page, j, Options{Told: true}); err != nil || !strings.Contains(page.String(), want[1]) {
		t.Errorf("not said on a page that is read elsewhere: %v\n%s", err, page.String())
	}
}
