package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// swept is the sweep of a hundred and twenty requests against eight slots of 50
// ms: throughput up to 160 a second, and from there on a queue. Its figures are
// put down, not computed.
func swept() *results.Judgement {
	j := &results.Judgement{Run: &results.Run{Complete: true, Header: articleRun().Header}}
	j.Run.Design.Sweep, j.Run.Target.Embedded, j.Run.Target.Requests = true, "", 120
	j.Requests = results.Requests{Count: results.Count{Planned: 4800, OK: 4800}, Attempts: 4800, ByClass: map[string]int{"ok": 4800}}
	s := &results.Sweep{Budget: 0.005, Slots: &results.Slots{Count: 8, Service: 0.0501, RMSE: 0.004}}
	s.Recommendation = results.Recommendation{Use: "pool:8", Size: 8, Reason: results.ReasonEnough, Best: 32}
	for _, p := range []struct {
		size                  int
		perS, p50, p95, ratio float64
	}{
		{1, 19.7, 0.0501, 0.0503, 7.975},
		{4, 78.6, 0.0501, 0.051, 1.999},
		{8, 156.6, 0.0502, 0.052, 1.003},
		{12, 156.9, 0.0511, 0.1021, 1.001},
		{32, 157.1, 0.2031, 0.2042, 1},
	} {
		s.Points = append(s.Points, sized(p.size, p.perS, p.p50, p.p95, p.ratio))
	}
	s.Points[2].Smaller = &results.Step{Size: 4, Time: some(1.993), Connections: some(-4), Latency: some(-0.0001)}
	s.Points[2].Larger = &results.Step{Size: 12, Time: some(0.998), Connections: some(4), Latency: some(0.0009)}
	s.Points[4].P = nil
	s.Curve = &results.Curve{Contention: 0.01, Crosstalk: 1e-4, Rate: 20, RMSE: 0.12}
	j.Sweep = s
	for i := range s.Points {
		j.Contenders = append(j.Contenders, contender(s.Points[i].Contender, s.Points[i].Size, *s.Points[i].Median, *s.Points[i].Median))
	}
	return j
}

// sized is one size of which nothing failed.
func sized(size int, perS, p50, p95, ratio float64) results.Point {
	p := results.Point{Size: size, Contender: fmt.Sprintf("pool:%d", size), Rounds: 10}
	p.Failures = results.Failures{FailedShare: some(0), FailedTrials: some(0)}
	p.Median, p.Throughput, p.Ratio, p.P = some(120/perS), some(perS), some(ratio), some(0.001953125)
	p.MedianCI = &results.Band{Range: results.Range{Lo: 119 / perS, Hi: some(121 / perS)}, Level: 0.978515625}
	p.Latency = results.PointLatency{Mean: some(p50), P50: some(p50), P95: some(p95), Added: some(p50 - 0.0501)}
	p.Flight, p.Connections = some(float64(size)), some(float64(size))
	return p
}

// limitedSweep is one against an upstream that refuses more than twelve, over six
// rounds, read without requests.
func limitedSweep() *results.Judgement {
	j := swept()
	j.Run.Design.Rounds = 6
	s := j.Sweep
	s.Slots = nil
	s.Recommendation = results.Recommendation{Use: "pool:12", Size: 12, Reason: results.ReasonProvisional, Best: 12, Limited: true}
	s.Failing = &results.Failing{Above: 12, Class: "http_429", Lo: 0.31, Hi: 0.781}
	for i := range s.Points {
		p := &s.Points[i]
		p.Rounds, p.Latency.P50, p.Latency.P95 = 6, nil, nil
		p.Smaller, p.Larger = nil, nil
	}
	s.Points[0].FailedShare = some(0.0004)
	s.Points[3].Ratio, s.Points[3].P = some(1), nil
	s.Points[3].Larger = &results.Step{Size: 32, Connections: some(20.5)}
	p := &s.Points[4]
	p.Failures, p.Pace = results.Failures{FailedShare: some(0.781), FailedTrials: some(1), Class: "http_429"}, results.Pace{}
	return j
}

// improving ends before the throughput does.
func improving() *results.Judgement {
	j := swept()
	s := j.Sweep
	s.Points, s.Slots = s.Points[:2], nil
	s.Recommendation = results.Recommendation{Use: "pool:4", Size: 4, Reason: results.ReasonImproving, Best: 4, Open: true}
	return j
}

// exhausted ends with as many in flight as a batch has requests.
func exhausted() *results.Judgement {
	j := improving()
	j.Run.Target.Requests = 4
	return j
}

// collapsingSweep is slower the larger it is, from four on, which is the smallest.
func collapsingSweep() *results.Judgement {
	j := swept()
	s := j.Sweep
	s.Points, s.Slots = s.Points[1:], nil
	s.Recommendation = results.Recommendation{Use: "pool:4", Size: 4, Reason: results.ReasonEnough, Best: 4}
	s.Curve.Peak, s.Curve.RMSE = some(5.2), 0.021
	for i, perS := range []float64{78.6, 60, 45, 20} {
		s.Points[i].Throughput, s.Points[i].Ratio = some(perS), some(78.6/perS)
	}
	return j
}

// hostileSweep has names that would like to own the terminal.
func hostileSweep() *results.Judgement {
	j := limitedSweep()
	for i := range j.Sweep.Points {
		j.Sweep.Points[i].Contender = "=po\x1b[2Jol, \"with\" a long name|:" + fmt.Sprint(i)
	}
	j.Sweep.Recommendation.Use, j.Sweep.Failing.Class = j.Sweep.Points[1].Contender, "http_\x07\n*"
	return j
}

// nothingSwept is a sweep that recommends nothing.
func nothingSwept(why results.Why) *results.Judgement {
	j := swept()
	j.Sweep.Recommendation = results.Recommendation{Reason: results.ReasonNone, Why: why}
	j.Sweep.Slots, j.Sweep.Curve = nil, nil
	return j
}

// TestSweepIsAsAgreed holds whole reports of sweeps against files that people have
// read.
func TestSweepIsAsAgreed(t *testing.T) {
	for name, c := range map[string]struct {
		j *results.Judgement
		o report.Options
	}{
		"sweep.txt":            {swept(), report.Options{Warnings: true}},
		"sweep_limited.txt":    {limitedSweep(), report.Options{}},
		"sweep_improving.txt":  {improving(), report.Options{}},
		"sweep_whole.txt":      {exhausted(), report.Options{}},
		"sweep_collapsing.txt": {collapsingSweep(), report.Options{}},
		"sweep_narrow.txt":     {limitedSweep(), report.Options{Width: 40}},
		"sweep_ascii.txt":      {limitedSweep(), report.Options{ASCII: true}},
		"sweep_hostile.txt":    {hostileSweep(), report.Options{Width: 40}},
		"sweep_mock.txt":       {nothingSwept(results.WhyMock), report.Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, func(w io.Writer) error { return report.Text(w, c.j, c.o) })
			for line := range strings.Lines(text(t, c.j, c.o)) {
				if width := twwidth.Width(strings.TrimRight(line, "\n")); width > max(c.o.Width, 40) && width > 80 || c.o.Width == 40 && width > 40 {
					t.Errorf("%d columns: %q", width, line)
				}
			}
		})
	}
	golden(t, "sweep.md", func(w io.Writer) error { return report.Markdown(w, swept(), report.Options{}) })
	golden(t, "sweep.csv", func(w io.Writer) error { return report.SweepCSV(w, limitedSweep()) })
	golden(t, "sweep.json", func(w io.Writer) error { return report.JSON(w, limitedSweep()) })
}

// TestSweepSaysWhy: each way to recommend nothing has words of its own, none of
// which recommends, and a reason of a later version is repeated.
func TestSweepSaysWhy(t *testing.T) {
	seen := map[string]bool{}
	for _, why := range []results.Why{results.WhyMock, results.WhyNothing, results.WhyFailures, results.WhyUpstream, results.WhyOrder, "tomorrow"} {
		out := text(t, nothingSwept(why), report.Options{Width: 200})
		_, reason, ok := strings.Cut(out, "No size is recommended: ")
		reason, _, _ = strings.Cut(reason, "\n")
		if !ok || seen[reason] || strings.Contains(out, "Use ") || strings.Contains(out, "<-") {
			t.Errorf("%s:\n%s", why, out)
		}
		seen[reason] = true
	}
}

// TestSweepThatWasCutShortIsNotToldToPlanMore: ten rounds were planned.
func TestSweepThatWasCutShortIsNotToldToPlanMore(t *testing.T) {
	j := limitedSweep()
	j.Run.Design.Rounds = 10
	if out := text(t, j, report.Options{}); !strings.Contains(out, "provisional: 6 rounds; it takes 10\n") {
		t.Error(out)
	}
}

// TestSweepOfNothingIsShown: no sizes, no numbers, and no panic.
func TestSweepOfNothingIsShown(t *testing.T) {
	empty := nothingSwept(results.WhyNothing)
	empty.Sweep.Points = nil
	bare := nothingSwept(results.WhyNothing)
	for i := range bare.Sweep.Points {
		bare.Sweep.Points[i] = results.Point{Size: i + 1, Contender: "errgroup:1"}
	}
	for _, j := range []*results.Judgement{empty, bare} {
		for _, write := range []func(io.Writer) error{
			func(w io.Writer) error { return report.Text(w, j, report.Options{Width: 40}) },
			func(w io.Writer) error { return report.Markdown(w, j, report.Options{}) },
			func(w io.Writer) error { return report.SweepCSV(w, j) },
			func(w io.Writer) error { return report.JSON(w, j) },
		} {
			var out bytes.Buffer
			if err := write(&out); err != nil || strings.Contains(out.String(), "NaN") || strings.Contains(out.String(), "#") {
				t.Errorf("%v\n%s", err, out.String())
			}
		}
	}
}

// TestSweepIsThereForMachines: the object of the JSON report reads back into the
// type that it came from, and an ordinary run has neither it nor rows.
func TestSweepIsThereForMachines(t *testing.T) {
	var doc struct {
		Sweep *results.Sweep `json:"sweep"`
	}
	read(t, swept(), &doc)
	if doc.Sweep == nil || doc.Sweep.Recommendation != swept().Sweep.Recommendation || *doc.Sweep.Points[2].Larger.Latency != 0.0009 {
		t.Errorf("%+v", doc.Sweep)
	}
	var all map[string]json.RawMessage
	read(t, article(), &all)
	var out bytes.Buffer
	if err := report.SweepCSV(&out, article()); err != nil || strings.Count(out.String(), "\n") != 1 || all["sweep"] != nil {
		t.Errorf("%v, %s, %s", err, all["sweep"], out.String())
	}
}

// TestSweepCSVReadsBack: each number stands under its name, what there is not is
// empty, and no name is a formula.
func TestSweepCSVReadsBack(t *testing.T) {
	var out bytes.Buffer
	if err := report.SweepCSV(&out, hostileSweep()); err != nil {
		t.Fatal(err)
	}
	table := rows(t, out.String())
	for i, want := range map[int]map[string]string{
		1: {"recommended": "provisional", "contender": `'=po\x1b[2Jol, "with" a long name|:1`, "size": "4"},
		4: {"median_s": "", "median_hi_s": "", "failed_share": "0.781", "failed_class": "http_429", "connections_per_trial": "32", "recommended": ""},
	} {
		for name, cell := range want {
			if table[i][name] != cell {
				t.Errorf("row %d has %q in %s, want %q", i, table[i][name], name, cell)
			}
		}
	}
}

// TestSweepHasNoMinusOfNothing: what rounds to zero has no sign.
func TestSweepHasNoMinusOfNothing(t *testing.T) {
	j := swept()
	for i := range j.Sweep.Points {
		j.Sweep.Points[i].Latency.Added = some(-1e-9)
	}
	view, err := report.Look(j, report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range view.Table.Rows {
		if strings.HasPrefix(row[4], "-0") || !strings.HasPrefix(row[4], "0") {
			t.Errorf("added latency %q of %v", row[4], view.Table.Head)
		}
	}
}

// TestLeadOfASweepSaysProvisional in the words that are largest.
func TestLeadOfASweepSaysProvisional(t *testing.T) {
	j := swept()
	j.Sweep.Recommendation.Reason = results.ReasonProvisional
	if got := report.Lead(j).Claim; got != "Use "+j.Sweep.Recommendation.Use+", provisionally" {
		t.Errorf("%q", got)
	}
}
