package docs_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	kept "github.com/fetchbench/fetchbench/results"
)

// cells are those of the first table of README.md whose rows name a contender that is a
// program, by contender: what was in flight, the median and the speed-up.
func cells(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## Other languages\n")
	section, _, _ = strings.Cut(section, "\n## ")
	if !found {
		t.Fatal("README.md has no passage about other languages")
	}
	rows := map[string][]string{}
	for line := range strings.Lines(section) {
		row := strings.Split(strings.Trim(line, "| \n"), "|")
		if spec := strings.Trim(row[min(1, len(row)-1)], " `"); len(row) == 5 && spec != "" && spec != "spec" && !strings.HasPrefix(spec, "--") {
			rows[spec] = []string{strings.TrimSpace(row[2]), strings.TrimSpace(row[3]), strings.TrimSpace(row[4])}
		}
	}
	return rows
}

// The table of other languages is what the run says that is kept, and has all of it.
func TestReadmeShowsTheRunOfOtherLanguages(t *testing.T) {
	run, err := kept.Open("../results/published/readme/children.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	judged, rows := kept.Judge(run), cells(t)
	speedups := map[string]string{"sequential": "1.0x"}
	for i := range judged.Comparisons {
		c := &judged.Comparisons[i]
		speedups[c.Contender] = fmt.Sprintf("%.2gx", c.SpeedUp.Estimate)
	}
	for i := range judged.Contenders {
		c := &judged.Contenders[i]
		want := []string{fmt.Sprintf("%.1f", *c.Flight.Mean), fmt.Sprintf("%.0f ms", 1000**c.Median), speedups[c.Name]}
		if got := rows[c.Name]; strings.Join(got, ", ") != strings.Join(want, ", ") {
			t.Errorf("%s: README.md has %q, the run says %q", c.Name, got, want)
		}
	}
	if len(rows) != len(judged.Contenders) {
		t.Errorf("%d rows of %d contenders", len(rows), len(judged.Contenders))
	}
}
