package report_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"math/big"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// trials streams what a run has, as reading its journal would.
func trials(run *results.Run) iter.Seq2[*results.Trial, error] {
	return func(yield func(*results.Trial, error) bool) {
		for i := range run.Trials {
			if !yield(&run.Trials[i], nil) {
				return
			}
		}
	}
}

// rows reads CSV back as a list of rows by column name. The reader refuses rows
// of unequal length.
func rows(t *testing.T, text string) []map[string]string {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	var out []map[string]string
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		out = append(out, row)
	}
	return out
}

// trialSheet is CSV as rows.
func trialSheet(t *testing.T, j *results.Judgement) []map[string]string {
	t.Helper()
	var out bytes.Buffer
	if err := report.CSV(&out, j); err != nil {
		t.Fatal(err)
	}
	return rows(t, out.String())
}

// requestSheet is CSVRequests as rows.
func requestSheet(t *testing.T, run *results.Run) []map[string]string {
	t.Helper()
	var out bytes.Buffer
	if err := report.CSVRequests(&out, run.Header, trials(run)); err != nil {
		t.Fatal(err)
	}
	return rows(t, out.String())
}

// TestCSVIsAsAgreed holds both sheets against files, line ends included.
func TestCSVIsAsAgreed(t *testing.T) {
	golden(t, "article.csv", func(w io.Writer) error { return report.CSV(w, article()) })
	golden(t, "requests.csv", func(w io.Writer) error {
		run := requestRun()
		return report.CSVRequests(w, run.Header, trials(run))
	})
}

// TestCSVBeginsWithTheAgreedNames: other programs look columns up by name, and
// some by number. A sheet without a row is its header.
func TestCSVBeginsWithTheAgreedNames(t *testing.T) {
	var a, b bytes.Buffer
	run := &results.Run{}
	if err := errors.Join(report.CSV(&a, &results.Judgement{Run: run}), report.CSVRequests(&b, run.Header, trials(run))); err != nil {
		t.Fatal(err)
	}
	if want := "round,position,contender,outcome,time_s,ok,failed,attempts,bytes,in_flight_mean,in_flight_max," +
		"slowdown,ideal_s,efficiency,packing,cpu_s,"; !strings.HasPrefix(a.String(), want) {
		t.Errorf("got %s", a.String())
	}
	if want := "round,contender,request,url,class,phase,status,bytes,attempts,start_s,service_s,response_s,"; !strings.HasPrefix(b.String(), want) {
		t.Errorf("got %s", b.String())
	}
	for _, header := range []string{a.String(), b.String()} {
		if strings.Count(header, "\n") != 1 || !strings.HasSuffix(header, "\r\n") {
			t.Errorf("not one line with CR LF: %q", header)
		}
	}
}

// TestCSVOfTrials: warm-up and aborted trials are left out, a trial that failed
// has no time, and numbers have all their digits.
func TestCSVOfTrials(t *testing.T) {
	j := article()
	j.Run.Trials = j.Run.Trials[:6]
	j.Run.Trials[0].Round, j.Run.Trials[1].Round = -1, -1
	j.Run.Trials[3].Outcome = results.Failed
	j.Run.Trials[4].ElapsedNS = 12_000_000_345
	j.Run.Trials[4].Seen = nil
	j.Run.Trials[5].Outcome = results.Aborted
	got := trialSheet(t, j)
	if len(got) != 3 {
		t.Fatalf("got %d rows: %v", len(got), got)
	}
	// In round 1 the slowest call takes 401 ms, all together nine times that.
	for i, want := range []map[string]string{
		{
			"round": "1", "position": "0", "contender": "sequential", "outcome": "ok", "time_s": "3.609", "attempts": "10",
			"efficiency": "1", "packing": "1", "slowdown": "1", "ideal_s": "3.609", "in_flight_mean": "1",
			"cpu_s": "0.002345678", "gc_pause_s": "0.00005", "alloc_bytes": "98765", "upstream_requests": "10",
		},
		{"outcome": "failed", "time_s": "", "efficiency": "", "ok": "10", "latency_max_s": "0.401"},
		{"round": "2", "time_s": "12.000000345", "upstream_requests": "", "upstream_in_flight_mean": ""},
	} {
		for name, cell := range want {
			if got[i][name] != cell {
				t.Errorf("row %d: %s is %q, want %q", i, name, got[i][name], cell)
			}
		}
	}
}

// requestRun has a trial with one request of each kind, one warm-up trial and
// one that was aborted.
func requestRun() *results.Run {
	run := articleRun()
	run.Trials = run.Trials[:3]
	run.Trials[0].Round, run.Trials[1].Outcome = -1, results.Aborted
	for i := range 2 {
		run.Trials[i].Requests = []results.Request{{Class: results.ClassOK}}
	}
	run.Trials[2].Requests = []results.Request{
		{
			Index: 0, Class: results.ClassOK, Status: 200, Bytes: 512, WireBytes: 400, Attempts: 1, StartNS: 1, ServiceNS: 250_000_000,
			Phases: results.Phases{ConnectNS: 1_000_000, WaitNS: 240_000_000, BodyNS: 9_000_000},
		},
		{Index: 1, Class: "timeout", Phase: "wait", Attempts: 1, StartNS: 1_500_000_000, ServiceNS: 10_000_000_000},
		{Index: 12},
	}
	return run
}

// TestCSVOfRequests: times that were not measured are empty, not 0, and both
// clocks are there, that of the request and that of the trial.
func TestCSVOfRequests(t *testing.T) {
	got := requestSheet(t, requestRun())
	if len(got) != 3 {
		t.Fatalf("got %d rows: %v", len(got), got)
	}
	for i, want := range []map[string]string{
		{
			"round": "1", "contender": "sequential", "request": "0", "url": "http://127.0.0.1:8080/0", "class": "ok", "phase": "",
			"status": "200", "bytes": "512", "wire_bytes": "400", "start_s": "0.000000001", "service_s": "0.25",
			"response_s": "0.250000001", "dns_s": "0", "connect_s": "0.001", "wait_s": "0.24", "body_s": "0.009",
		},
		{"class": "timeout", "phase": "wait", "status": "", "start_s": "1.5", "service_s": "10", "response_s": "11.5", "wait_s": ""},
		// Request 12 of ten URLs is the third of the list, and was never started.
		{"request": "12", "url": "http://127.0.0.1:8080/2", "class": "", "start_s": "", "service_s": "", "response_s": ""},
	} {
		for name, cell := range want {
			if got[i][name] != cell {
				t.Errorf("row %d: %s is %q, want %q", i, name, got[i][name], cell)
			}
		}
	}
}

// TestCSVRequestsWithoutAnAddress: a journal that was edited by hand may have
// requests that no URL of its list belongs to.
func TestCSVRequestsWithoutAnAddress(t *testing.T) {
	run := requestRun()
	run.Trials[2].Requests[1].Index = -1
	if got := requestSheet(t, run)[1]["url"]; got != "" {
		t.Errorf("request -1 has the address %q", got)
	}
	run.Target.URLs = nil
	if got := requestSheet(t, run)[0]["url"]; got != "" {
		t.Errorf("without URLs: %q", got)
	}
}

// TestCSVRequestsStopsAtAnError, because half a sheet that looks whole is worse
// than none.
func TestCSVRequestsStopsAtAnError(t *testing.T) {
	torn := errors.New("journal is damaged")
	err := report.CSVRequests(io.Discard, results.Header{}, func(yield func(*results.Trial, error) bool) {
		if yield(nil, torn) {
			t.Error("asked for more")
		}
	})
	if !errors.Is(err, torn) {
		t.Errorf("got %v", err)
	}
}

// TestR39FormulaeAreHarmless in both sheets, whatever stands before them; what is
// not a formula is left alone.
func TestR39FormulaeAreHarmless(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-2+3": "'-2+3", "@SUM(A1)": "'@SUM(A1)", "\t=1": `'\t=1`, "\r=1": `'\r=1`, "\n": `'\n`,
		` "=1`: `' "=1`, "'=1": "''=1", "`-1": "'`-1", "＝1": "'＝1",
		"pool:8": "pool:8", "a=1": "a=1", "": "", "a,b\"c": "a,b\"c", " x": " x", "a\nb": `a\nb`, "\u00a0=1": `\u00a0=1`,
	} {
		j := article()
		j.Run.Trials = j.Run.Trials[:1]
		trial := &j.Run.Trials[0]
		trial.Contender, trial.Tally.Protocol = text, text
		j.Run.Target.URLs = []string{text}
		trial.Requests = []results.Request{{Class: text, Phase: text}}
		got, request := trialSheet(t, j)[0], requestSheet(t, j.Run)[0]
		for _, cell := range []string{
			got["contender"], got["protocol"], request["contender"], request["url"], request["class"], request["phase"],
		} {
			if cell != want {
				t.Errorf("%q became %q, want %q", text, cell, want)
			}
		}
	}
}

// TestSecondsAreExact at the ends of what 64 bits can hold, where a float is not.
func TestSecondsAreExact(t *testing.T) {
	for ns, want := range map[int64]string{
		0: "0", 1: "0.000000001", 100: "0.0000001", 1_000_000_000: "1", -1_500_000_000: "-1.5",
		1<<63 - 1: "9223372036.854775807", -1 << 63: "-9223372036.854775808",
	} {
		run := articleRun()
		run.Trials = run.Trials[:1]
		run.Trials[0].Requests = []results.Request{{Class: results.ClassOK, ServiceNS: ns}}
		if got := requestSheet(t, run)[0]["service_s"]; got != want {
			t.Errorf("%d ns: got %s, want %s", ns, got, want)
		}
	}
}

// FuzzCSV: what is written reads back, as many cells in every row, and nothing
// of it begins a formula.
func FuzzCSV(f *testing.F) {
	for i, name := range hostileNames() {
		f.Add(name, "http://127.0.0.1/"+name, "ok", int64(i)*1_234_567_891)
	}
	f.Fuzz(func(t *testing.T, contender, url, class string, ns int64) {
		run := articleRun()
		run.Trials = run.Trials[:2]
		for i := range run.Trials {
			run.Trials[i].Contender = contender
			run.Trials[i].Requests = []results.Request{{Class: class, ServiceNS: ns}, {Index: 1, Class: class}}
		}
		run.Target.URLs = []string{url, "http://127.0.0.1/"}
		got := requestSheet(t, run)
		if len(got) != 4 {
			t.Fatalf("got %d rows", len(got))
		}
		for name, text := range map[string]string{"contender": contender, "url": url, "class": class} {
			intact(t, text, got[0][name])
		}
		if class != "" && !nanoseconds(got[0]["service_s"], ns) {
			t.Errorf("%d ns became %q", ns, got[0]["service_s"])
		}
	})
}

// intact checks that a cell is the text, cleaned, and opens no formula.
func intact(t *testing.T, text, cell string) {
	t.Helper()
	if strings.TrimPrefix(cell, "'") != strings.TrimPrefix(report.Clean(text), "'") {
		t.Errorf("%q became %q", text, cell)
	}
	if start := strings.TrimLeft(cell, " \""); start != "" && strings.IndexByte("=+-@\t\r\n", start[0]) >= 0 {
		t.Errorf("%q became the formula %q", text, cell)
	}
}

// nanoseconds tells whether a cell of seconds is so many, by other means than it
// was written with.
func nanoseconds(cell string, ns int64) bool {
	got, ok := new(big.Rat).SetString(cell)
	return ok && got.Cmp(big.NewRat(ns, 1_000_000_000)) == 0
}
