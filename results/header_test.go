package results_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// TestReadRefusesHeadersThatNoRunWrites, wherever a journal is read: what names a
// contender twice, a baseline that is none, or so many that they could not be judged.
func TestReadRefusesHeadersThatNoRunWrites(t *testing.T) {
	twice, stray, none, crowd := header("a", "a"), header("a", "b"), header("a", "b"), header()
	stray.Design.Baseline, none.Design.Baseline, crowd.Design.Baseline = "c", "", "0"
	for i := range results.MaxContenders + 1 {
		crowd.Contenders = append(crowd.Contenders, results.Column{Name: fmt.Sprint(i), Asked: 1})
	}
	most := crowd
	most.Contenders = crowd.Contenders[:results.MaxContenders]
	for _, c := range []struct {
		name, want string
		header     results.Header
	}{
		{"a name twice", `two of its contenders are called "a"`, twice},
		{"a baseline that is none", `its baseline "c" is none of its contenders`, stray},
		{"no baseline", "", none},
		{"too many", "it has 1001 contenders, at most 1000", crowd},
		{"as many as there may be", "", most},
	} {
		path := journal(t, &results.Run{Header: c.header, Complete: true})
		for how, err := range everyReader(t, path) {
			if c.want == "" {
				must(t, err)
				continue
			}
			wantError(t, c.name+", "+how, err, c.want)
		}
	}
}

// everyReader reads a journal in all ways that there are.
func everyReader(t *testing.T, path string) map[string]error {
	t.Helper()
	file, err := os.Open(path)
	must(t, err)
	defer func() { must(t, file.Close()) }()
	info, err := file.Stat()
	must(t, err)
	_, read := results.Open(path)
	_, latencies := results.OpenLatencies(path)
	_, skim := results.Skim(file, info.Size())
	_, more := results.Follow(file).More(t.Context())
	return map[string]error{
		"read": read, "latencies": latencies, "skimmed": skim, "followed": more, "streamed": lastError(string(content(t, path))),
	}
}

// TestReadRefusesRoundsThatTheRunDoesNotHave: a list would say that a billion of eight
// rounds are complete.
func TestReadRefusesRoundsThatTheRunDoesNotHave(t *testing.T) {
	run := timed([]string{"a"}, []float64{1, 2})
	run.Trials[1].Round = 1_000_000_000
	for how, err := range everyReader(t, journal(t, run)) {
		wantError(t, how, err, "a trial of round 1000000001 in a run of 2")
	}
}

// TestR57NothingIsWrittenThatCouldNotBeRead: a plan whose header is too long for a line
// leaves no file behind.
func TestR57NothingIsWrittenThatCouldNotBeRead(t *testing.T) {
	h := header("a")
	h.Target.URLs = []string{strings.Repeat("x", 16<<20)}
	path := t.TempDir() + "/long.jsonl"
	_, err := results.Create(path, h)
	wantError(t, "a long header", err, "the plan or its list of URLs is too long")
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file is there: %v", err)
	}
}
