package report_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// costly is a run with a hedging contender, of which everything was measured, and
// one on a mock, of which hardly anything was.
func costly() *results.Judgement {
	j := article()
	hedged, mock := contender("pool:8+hedge:p95@h2", 8, 0.61, 0.6), contender("adaptive@mock", 100, 0.01, 0.01)
	upstream, goroutines, memory := 9, 1234, int64(3<<20+1<<19)
	hedged.Protocol, hedged.Flight.Upstream, hedged.Connections = "HTTP/2.0", &upstream, results.Connections{Opened: 20, Reused: 86}
	hedged.Cost = results.Cost{
		CPU: some(0.0123), PerFetch: some(135.4), Highest: results.Highest{Goroutines: &goroutines, Memory: &memory},
		Sent: results.Sent{Attempts: 106, Wasted: 6, Shared: 3},
	}
	hedged.Latency = &results.Latencies{FirstByte: some(0.321), LastByte: some(0.00045)}
	mock.Protocol, mock.Flight.Mean, mock.Flight.Found = "", nil, some(37.5)
	mock.Latency = &results.Latencies{}
	mock.Cost.PerFetch = some(3.14)
	j.Contenders = append(j.Contenders, hedged, mock)
	j.Run.Contenders = append(j.Run.Contenders, results.Column{Name: hedged.Name, Asked: 8}, results.Column{Name: mock.Name, Asked: 100, Transport: "mock"})
	return j
}

// TestCostsAreAsAgreed holds the tables of the costs against files.
func TestCostsAreAsAgreed(t *testing.T) {
	for name, o := range map[string]report.Options{
		"cost.txt": {Cost: true}, "cost_narrow.txt": {Cost: true, Width: 40}, "cost_ascii.txt": {Cost: true, ASCII: true},
	} {
		golden(t, name, func(w io.Writer) error { return report.Text(w, costly(), o) })
	}
	golden(t, "cost.md", func(w io.Writer) error { return report.Markdown(w, costly(), report.Options{Cost: true}) })
}

// TestCostsAreThereWhenAskedFor, below the table that is there without them, and
// not for times of which nothing else is known.
func TestCostsAreThereWhenAskedFor(t *testing.T) {
	plain, cost := text(t, costly(), report.Options{}), text(t, costly(), report.Options{Cost: true})
	table, _, _ := strings.Cut(plain, "\n\n")
	if strings.Contains(plain, "On the wire") || !strings.HasPrefix(cost, table+"\n\nIn flight ") {
		t.Errorf("got\n%s", cost)
	}
	imported := costly()
	imported.Run.Imported = true
	if got := text(t, imported, report.Options{Cost: true}); strings.Contains(got, "On the wire") || strings.Contains(got, "costs:") {
		t.Errorf("imported:\n%s", got)
	}
}

// TestCostsHoldTheirWidth with every width and with names that do not want to fit.
func TestCostsHoldTheirWidth(t *testing.T) {
	for _, j := range []*results.Judgement{costly(), failing(), hostile()} {
		for width := 40; width < 140; width++ {
			for line := range strings.Lines(text(t, j, report.Options{Width: width, Cost: true})) {
				if got := twwidth.Width(strings.TrimRight(line, "\n")); got > width {
					t.Fatalf("width %d: %d columns: %q", width, got, line)
				}
			}
		}
	}
}

// TestCSVHasTheCosts, and no 0 for what nobody measured.
func TestCSVHasTheCosts(t *testing.T) {
	j := article()
	j.Run.Trials = j.Run.Trials[:2]
	trial := &j.Run.Trials[1]
	trial.Tally.Wasted, trial.Tally.Shared, trial.Found = 3, 2, 16
	trial.Machine.Peaks = results.Peaks{Goroutines: 31, Bytes: 4096}
	got := trialSheet(t, j)
	for i, want := range []map[string]string{
		{"wasted": "0", "shared": "0", "allocs_per_fetch": "120", "peak_goroutines": "", "peak_bytes": "", "limit_found": ""},
		{"wasted": "3", "shared": "2", "allocs_per_fetch": "120", "peak_goroutines": "31", "peak_bytes": "4096", "limit_found": "16"},
	} {
		for name, cell := range want {
			if got[i][name] != cell {
				t.Errorf("row %d: %s is %q, want %q", i, name, got[i][name], cell)
			}
		}
	}
}

// TestCSVOfLateAndRepeatedRequests: how late a request began has a column, and the
// address of one of a later fan-out is that of its place in the first.
func TestCSVOfLateAndRepeatedRequests(t *testing.T) {
	run := articleRun()
	run.Trials = run.Trials[:1]
	run.Target.Requests, run.Target.Repeat = 3, 2
	run.Trials[0].Requests = []results.Request{
		{Index: 0, Class: results.ClassOK, ServiceNS: 2e9, Phases: results.Phases{LateNS: 250e6}},
		{Index: 4, Class: results.ClassOK, ServiceNS: 2e9, Phases: results.Phases{WaitNS: 1e9}},
		{Index: 5},
	}
	got := requestSheet(t, run)
	for i, want := range []map[string]string{
		{"url": "http://127.0.0.1:8080/0", "late_s": "0.25", "service_s": "2", "wait_s": "", "body_s": ""},
		{"url": "http://127.0.0.1:8080/1", "late_s": "0", "wait_s": "1", "body_s": "0"},
		{"url": "http://127.0.0.1:8080/2", "late_s": ""},
	} {
		for name, cell := range want {
			if got[i][name] != cell {
				t.Errorf("row %d: %s is %q, want %q", i, name, got[i][name], cell)
			}
		}
	}
}

// TestLimitsOfFanOuts: the slowest calls of two fan-outs add up, in the sentence
// that more cannot help as in the one that says how far that is.
func TestLimitsOfFanOuts(t *testing.T) {
	for makespan, want := range map[int64]string{
		820e6: "More cannot help: the slowest calls of the 2 fan-outs alone take 0.80 s.",
		2e9:   "limits: 0.80 s = the slowest call of each fan-out · 3.60 s = all calls one after the other",
	} {
		j := article()
		j.Run.Target.Repeat = 2
		for i := range j.Run.Trials {
			trial := &j.Run.Trials[i]
			trial.Tally.Flight.LatencyNS, trial.Tally.Flight.LongestNS = 3.6e9, 400e6
			trial.Tally.Flight.Parts = []results.Part{{LatencyNS: 1.8e9, LongestNS: 400e6}, {LatencyNS: 1.8e9, LongestNS: 400e6}}
			if trial.Contender == "goroutines" {
				trial.ElapsedNS = makespan
			}
		}
		if got := text(t, j, report.Options{Width: 120}); !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// TestMocksBesideOthersAreNamed: only of them is nothing but scheduling known.
func TestMocksBesideOthersAreNamed(t *testing.T) {
	var out bytes.Buffer
	if err := report.Text(&out, costly(), report.Options{}); err != nil {
		t.Fatal(err)
	}
	if want := "\nscheduling only: adaptive@mock ran on a mock within this process, without a\n"; !strings.Contains(out.String(), want) {
		t.Errorf("no %q in\n%s", want, out.String())
	}
}
