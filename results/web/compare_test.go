package web

import (
	"html/template"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// The page of two runs says what the terminal says of them, word by word and number by
// number: no p of its own, and which p it is.
func TestCompareSaysWhatTheTerminalSays(t *testing.T) {
	dir := t.TempDir()
	one, two := header("20261120-aaaa", "sequential", "pool:2"), header("20261120-bbbb", "sequential", "pool:2", "pool:3")
	two.Started = two.Started.Add(time.Hour)
	two.Environment.CPUs = 4
	finished(t, dir, one)
	finished(t, dir, two)
	got := ask(t, shown(t, dir), http.MethodGet, "/compare?run=20261120-bbbb&run=20261120-aaaa")
	if got.StatusCode != http.StatusOK {
		t.Fatal(got.Status)
	}
	var runs [2]*results.Run
	for i, id := range []string{one.ID, two.ID} {
		run, err := results.Open(dir + "/" + id + ".jsonl")
		must(t, err)
		runs[i] = run
	}
	table, lines := report.LookAcross(results.Across(runs[0], runs[1]), report.Options{})
	for i, row := range rows(t, got.text) {
		if want := strings.Join(table.Rows[i], " "); row != want {
			t.Errorf("row %d is %q, want %q", i, row, want)
		}
	}
	for _, line := range lines {
		if !strings.Contains(got.text, ">"+template.HTMLEscapeString(line.Text)+"</li>") {
			t.Errorf("there is no %q", line.Text)
		}
	}
	if !strings.Contains(got.text, "p is adjusted for 2 comparisons (Holm)") || !strings.Contains(got.text, `<li class="bad">warning: the runs were not made on the same machine`) {
		t.Errorf("the page says %s", got.text)
	}
}

// Runs that did not fetch the same are refused as on the command line, with the way to
// compare them all the same.
func TestCompareRefusesOtherWork(t *testing.T) {
	dir := t.TempDir()
	one, two := header("a", "sequential"), header("b", "sequential")
	two.Target.URLs = []string{"http://127.0.0.1:1/<b>", "http://127.0.0.1:1/c"}
	finished(t, dir, one)
	finished(t, dir, two)
	page := shown(t, dir)
	got := ask(t, page, http.MethodGet, "/compare?run=a&run=b")
	const anyway = "/compare?anyway=1&amp;run=a&amp;run=b"
	if got.StatusCode != http.StatusConflict || !strings.Contains(got.text, `href="`+anyway+`">Compare anyway`) || strings.Contains(got.text, "<table") {
		t.Errorf("%s: %s", got.Status, got.text)
	}
	got = ask(t, page, http.MethodGet, strings.ReplaceAll(anyway, "&amp;", "&"))
	if got.StatusCode != http.StatusOK || !strings.Contains(got.text, "warning: the runs did not fetch the same") {
		t.Errorf("%s: %s", got.Status, got.text)
	}
}

// Who has chosen another number of runs is told what to do, and led back.
func TestCompareTakesTwo(t *testing.T) {
	dir := t.TempDir()
	finished(t, dir, header("a", "sequential"))
	page := shown(t, dir)
	for query, want := range map[string]string{
		"": "none was chosen", "?run=a": "one was chosen. Go back and tick the box of another", "?run=a&run=b&run=c": "3 were chosen. Go back and leave two",
		"?run=a&run=a": "not compared with itself",
	} {
		got := ask(t, page, http.MethodGet, "/compare"+query)
		if got.StatusCode != http.StatusBadRequest || !strings.Contains(got.text, want) || !strings.Contains(got.text, `<a href="/">All runs</a>`) {
			t.Errorf("%s: %s: %s", query, got.Status, got.text)
		}
	}
}
