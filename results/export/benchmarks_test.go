package export_test

import (
	"bytes"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/perf/benchfmt"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/export"
)

// benchmarks writes the lines of a run.
func benchmarks(t *testing.T, run *results.Run) string {
	t.Helper()
	var out bytes.Buffer
	if err := export.Benchmarks(&out, results.Judge(run)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A row is what one line says of a trial.
type row struct {
	contender string
	ns        float64
}

// readBack reads lines as the tools of Go do, each of which must be understood, and
// checks what is the same for all.
func readBack(t *testing.T, text string) (rows []row) {
	t.Helper()
	in := benchfmt.NewReader(strings.NewReader(text), "out")
	for in.Scan() {
		switch record := in.Result().(type) {
		case *benchfmt.SyntaxError:
			t.Fatalf("%v in\n%s", record, text)
		case *benchfmt.Result:
			base, parts := record.Name.Parts()
			name, ok := strings.CutPrefix(string(parts[0]), "/strategy=")
			contender, err := url.PathUnescape(name)
			if string(base) != "Fetch" || !ok || err != nil || !strings.HasPrefix(string(parts[1]), "/upstream=") || record.Iters != 1 {
				t.Fatalf("%s is no name of ours: %v", record.Name, err)
			}
			rows = append(rows, row{contender, record.Values[0].OrigValue})
		}
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestEveryTrialThatSucceededIsALine, with its time to the nanosecond, and no other,
// whatever contenders are called.
func TestEveryTrialThatSucceededIsALine(t *testing.T) {
	for name, run := range extremes() {
		var want []row
		for trial := range run.Measured {
			ns := float64(trial.ElapsedNS)
			if trial.Exact > 0 {
				ns = trial.Exact * 1e9
			}
			if trial.Outcome == results.OK {
				want = append(want, row{trial.Contender, ns})
			}
		}
		if diff := cmp.Diff(want, readBack(t, benchmarks(t, run)), cmp.AllowUnexported(row{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestBenchmarkLines looks at what is written once, by eye. Both requests of the
// first trial took 50 of 100 ms, one after the other.
func TestBenchmarkLines(t *testing.T) {
	got := benchmarks(t, measured([]string{"sequential", "pool:4"}, 1, func(_, i int) int64 { return []int64{100e6, 0}[i] }))
	want := `# run 20261120-3f2k by fetchbench 0.1.0, go1.26.8
# seed 7, started 2026-11-20T09:00:00Z
# 1 of 2 trials failed, have no time and are no lines
Unit fetches/s better=higher
Unit efficiency better=higher
goos: linux
goarch: amd64
pkg: github.com/fetchbench/fetchbench/bench
cpu: Some CPU
connections: fresh
form: process
requests: 2

BenchmarkFetch/strategy=sequential/upstream=article-2 1 1e+08 ns/op 20 fetches/s 1 in-flight 1 efficiency
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestUpstreamsOfUsersAreNamedByHost, and by how many others there are.
func TestUpstreamsOfUsersAreNamedByHost(t *testing.T) {
	run := three()
	run.Target.Embedded, run.Target.Form = "", ""
	run.Target.URLs = []string{"https://a.example/x?token=hidden:1", "https://a.example/y", "https://b.example/"}
	if got := benchmarks(t, run); !strings.Contains(got, "/upstream=a.example+1-2 ") || strings.Contains(got, "token") {
		t.Errorf("got\n%s", got)
	}
}

// TestDigitsOfAProfileAreNoProcessors where nobody knows how many there were.
func TestDigitsOfAProfileAreNoProcessors(t *testing.T) {
	run := three()
	run.Target.Embedded, run.Environment.MaxProcs = "cold-2", 0
	if got := benchmarks(t, run); !strings.Contains(got, "/upstream=cold%2D2 1 ") {
		t.Errorf("got\n%s", got)
	}
}

// TestBenchstatComparesRuns gives two runs to the program itself: one table, with the
// medians that were put in and an interval.
func TestBenchstatComparesRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("builds benchstat")
	}
	dir, second := t.TempDir(), three()
	second.ID, second.Design.Seed, second.Environment.Go = "20261121-aaaa", 8, "go1.27"
	for i := range second.Trials {
		second.Trials[i].ElapsedNS *= 2
	}
	var files []string
	for name, run := range map[string]*results.Run{"new.txt": second, "old.txt": three()} {
		files = append(files, filepath.Join(dir, name))
		if err := os.WriteFile(files[len(files)-1], []byte(benchmarks(t, run)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(files)
	slices.Reverse(files) // old.txt first
	command := exec.CommandContext(t.Context(), "go", append([]string{"tool", "-modfile=tools/go.mod", "benchstat", "-format=csv"}, files...)...)
	command.Dir = filepath.Join("..", "..")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// Nine rounds from 100 ms in steps of 0.1: the median is 0.1004 s, and doubled.
	if n := strings.Count(string(out), "pkg: "); n != 1 || !strings.Contains(string(out), "Fetch/strategy=sequential/upstream=article-2,0.1004,") ||
		!strings.Contains(string(out), "0.2008,") || !strings.Contains(string(out), "+100.00%") {
		t.Errorf("%d tables:\n%s", n, out)
	}
}
