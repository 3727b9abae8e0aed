package export_test

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/export"
	"github.com/fetchbench/fetchbench/results/report"
)

// samples are values by name and labels, as in "name k=v k=v" with labels in order.
type samples map[string]float64

// put adds a number if there is one.
func (s samples) put(value *float64, key string) {
	if value != nil {
		s[key] = *value
	}
}

// exposed writes a judgement for Prometheus, and wants nothing of it that a linter
// or the textfile collector would object to.
func exposed(t *testing.T, j *results.Judgement) (string, samples) {
	t.Helper()
	var out bytes.Buffer
	if err := export.Prometheus(&out, j); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v, %v in\n%s", problems, err, text)
	}
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.NewReplacer("# HELP ", "", "# TYPE ", "").Replace(line), "fetchbench_") || report.Clean(strings.TrimSuffix(line, "\n")) != strings.TrimSuffix(line, "\n") {
			t.Errorf("%q is no line of ours", line)
		}
	}
	return text, parsed(t, text)
}

// parsed reads the samples back with the library that Prometheus has.
func parsed(t *testing.T, text string) samples {
	t.Helper()
	parser, got := expfmt.NewTextParser(model.LegacyValidation), samples{}
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	for name, family := range families {
		for _, m := range family.GetMetric() {
			key := name
			for _, l := range m.GetLabel() {
				key += " " + l.GetName() + "=" + l.GetValue()
			}
			if _, twice := got[key]; twice || m.TimestampMs != nil {
				t.Errorf("%s is there twice (%v) or has a time", key, twice)
			}
			got[key] = m.GetGauge().GetValue() + m.GetCounter().GetValue() // one of which is nil, and 0
		}
	}
	return got
}

// wanted is all that there is to say of a judgement, put together from its fields.
func wanted(j *results.Judgement) samples {
	want, run := samples{}, " run="+report.Clean(j.Run.ID)
	want["fetchbench_run_complete"+run], want["fetchbench_run_rounds"+run] = 0, float64(len(j.Run.Rounds()))
	if j.Run.Complete {
		want["fetchbench_run_complete"+run] = 1
	}
	if !j.Run.Imported {
		want["fetchbench_run_start_timestamp_seconds"+run] = float64(j.Run.Started.Unix())
	}
	for _, w := range j.Warnings {
		want["fetchbench_run_warnings code="+w.Code+run]++
	}
	for i := range j.Contenders {
		want.contender(&j.Contenders[i], " contender="+report.Clean(j.Contenders[i].Name)+run, j.Run.Imported)
	}
	for t := range j.Run.Measured {
		who := " contender=" + report.Clean(t.Contender)
		want["fetchbench_trials_total"+who+" outcome="+string(t.Outcome)+run]++
		for _, r := range t.Requests {
			want["fetchbench_requests_total class="+r.Class+who+run]++
		}
		if !j.Run.Imported {
			want["fetchbench_requests_total class=ok"+who+run] += 0 // which is there also when none was
		}
	}
	for _, c := range j.Comparisons {
		if between := "_ratio baseline=" + report.Clean(c.Baseline) + " contender=" + report.Clean(c.Contender) + run; c.SpeedUp != nil {
			want.put(&c.SpeedUp.Estimate, "fetchbench_speedup"+between)
			want.put(c.SpeedUp.Lo, "fetchbench_speedup_lower"+between)
			want.put(c.SpeedUp.Hi, "fetchbench_speedup_upper"+between)
		}
	}
	return want
}

// contender is wanted of one contender.
func (s samples) contender(c *results.Contender, who string, imported bool) {
	s.put(c.Mean, "fetchbench_trial_mean_seconds"+who)
	s.put(c.Median, "fetchbench_trial_median_seconds"+who)
	s.put(c.Min, "fetchbench_trial_min_seconds"+who)
	s.put(c.Max, "fetchbench_trial_max_seconds"+who)
	if ci := c.MeanCI; ci != nil {
		s.put(&ci.Lo, "fetchbench_trial_mean_lower_seconds"+who)
		s.put(ci.Hi, "fetchbench_trial_mean_upper_seconds"+who)
	}
	if ci := c.MedianCI; ci != nil {
		s.put(&ci.Lo, "fetchbench_trial_median_lower_seconds"+who)
		s.put(ci.Hi, "fetchbench_trial_median_upper_seconds"+who)
	}
	if c.Latency != nil && c.Latency.Service != nil {
		s.put(&c.Latency.Service.Mean, "fetchbench_request_mean_seconds"+who)
		s.put(c.Latency.Service.P50, "fetchbench_request_median_seconds"+who)
		s.put(c.Latency.Service.P95, "fetchbench_request_p95_seconds"+who)
		s.put(c.Latency.Service.P99, "fetchbench_request_p99_seconds"+who)
	}
	s.put(c.Flight.Mean, "fetchbench_in_flight"+who)
	s.put(c.Efficiency, "fetchbench_efficiency_ratio"+who)
	if !imported {
		s["fetchbench_attempts_total"+who] = float64(c.Cost.Attempts)
		s["fetchbench_connections_opened_total"+who] = float64(c.Connections.Opened)
		s["fetchbench_received_bytes_total"+who] = float64(c.Cost.WireBytes)
	}
}

// collected are runs of every kind: whole, cut short, failed, swept, imported, of
// one round and of none, and one whose every name is hostile.
func collected() map[string]*results.Run {
	runs := extremes()
	runs["swept"] = swept()
	names := append(hostileNames(), "\xff\xfe", "c\r\n# EOF\n# TYPE evil counter\nevil 1", `d\`, "\"} 1\n", "\u202efdp.x", "e\x00")
	runs["evil"] = measured(names, 7, steady)
	runs["evil"].ID, runs["evil"].Environment.Tool, runs["evil"].Target.Embedded = "\"} 1\n\xffevil 2", "x\n\"\u202e", "\\\n"
	return runs
}

// latent is the judgement of a run whose first contender has latencies, as one
// has whose journal was read with its requests. A run cut short has no percentile
// as high as the 99th.
func latent(run *results.Run) *results.Judgement {
	j, half, most := results.Judge(run), 0.05, 0.0625
	service := &results.LatencySummary{N: 2, Mean: 0.051}
	service.P50, service.P95 = &half, &most
	if run.Complete {
		service.P99 = &most
	}
	j.Contenders[0].Latency = &results.Latencies{Service: service}
	return j
}

// TestPrometheusSaysWhatTheRunSays: what is read back is each number of the
// judgement to the last digit, and nothing else, whatever was measured.
func TestPrometheusSaysWhatTheRunSays(t *testing.T) {
	for name, run := range collected() {
		t.Run(name, func(t *testing.T) {
			j := latent(run)
			_, got := exposed(t, j)
			infos := 0
			for key, value := range got {
				if strings.HasPrefix(key, "fetchbench_run_info go=") && value == 1 {
					infos++
					delete(got, key)
				}
			}
			if diff := cmp.Diff(wanted(j), got); diff != "" || infos != 1 {
				t.Errorf("%d infos (-want +got):\n%s", infos, diff)
			}
		})
	}
}

// TestPrometheusText looks at a few lines by eye: the fifth of nine trials is the
// median, three of nine failed with one of two requests, and two quotes are escaped.
func TestPrometheusText(t *testing.T) {
	run := measured([]string{`say "hi"`, "pool:4", "pool:8"}, 9, steady)
	text, _ := exposed(t, results.Judge(run))
	for _, line := range []string{
		"# HELP fetchbench_trial_median_seconds Median wall time of the trials.",
		"# TYPE fetchbench_trial_median_seconds gauge",
		`fetchbench_trial_median_seconds{contender="say \"hi\"",run="20261120-3f2k"} 0.1004`,
		"# TYPE fetchbench_requests_total counter",
		`fetchbench_requests_total{class="timeout",contender="pool:8",run="20261120-3f2k"} 3`,
		`fetchbench_trials_total{contender="pool:8",outcome="failed",run="20261120-3f2k"} 3`,
		`fetchbench_run_info{go="go1.26.8",run="20261120-3f2k",upstream="article",version="fetchbench 0.1.0"} 1`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no %s", line)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// TestR43NoSampleIsNaN: a number that is none, an infinity and one that is absent
// are no sample, and names that look alike once they are inert stay apart.
func TestR43NoSampleIsNaN(t *testing.T) {
	nan, inf, second := math.NaN(), math.Inf(-1), 1.0
	j := &results.Judgement{Run: &results.Run{}}
	j.Contenders = []results.Contender{{Name: "\x1b"}, {Name: `\x1b`}}
	j.Contenders[0].Mean, j.Contenders[0].Max, j.Contenders[0].Min, j.Contenders[1].Mean = &nan, &inf, &second, &second
	j.Comparisons = []results.Comparison{{Contender: `\x1b`, Baseline: "\x1b"}}
	j.Comparisons[0].SpeedUp = &results.SpeedUp{Estimate: 2, Lo: &nan}
	text, got := exposed(t, j)
	want := samples{
		`fetchbench_trial_min_seconds contender=\x1b run=`:               1,
		`fetchbench_trial_mean_seconds contender=\x1b (2) run=`:          1,
		`fetchbench_speedup_ratio baseline=\x1b contender=\x1b (2) run=`: 2,
	}
	for key := range got {
		if !strings.Contains(key, "_trial_") && !strings.Contains(key, "_speedup_") {
			delete(got, key)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, text)
	}
}

// TestClassesThatLookAlikeAreOne, because their labels would be: nothing is lost of
// the sum, and the file can be read.
func TestClassesThatLookAlikeAreOne(t *testing.T) {
	run := measured([]string{"a"}, 2, func(int, int) int64 { return 0 })
	for i, class := range []string{"\x1b", `\x1b`} {
		run.Trials[i].Requests[1].Class = class
		run.Trials[i].Tally = run.Trials[i].Count(2)
	}
	_, got := exposed(t, results.Judge(run))
	if n := got[`fetchbench_requests_total class=\x1b contender=a run=20261120-3f2k`]; n != 2 {
		t.Errorf("%v of 2 in %v", n, got)
	}
}

// TestPrometheusWritesAllOrSaysWhy: figures that cannot be told apart are no file,
// and a disk that is full is no success.
func TestPrometheusWritesAllOrSaysWhy(t *testing.T) {
	var out bytes.Buffer
	twice := &results.Judgement{Run: &results.Run{}}
	twice.Contenders = []results.Contender{{Name: "a"}, {Name: "a"}}
	if err := export.Prometheus(&out, twice); err == nil || out.Len() > 0 {
		t.Errorf("%v after %q", err, out.String())
	}
	for writes := range 5 {
		if err := export.Prometheus(&fullDisk{writes}, results.Judge(three())); !errors.Is(err, errFull) {
			t.Errorf("after %d writes: %v", writes, err)
		}
	}
}

// TestEveryMetricIsDocumented in docs/formats.md, and nothing else is.
func TestEveryMetricIsDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	documented, emitted := map[string]bool{}, map[string]bool{}
	for _, name := range regexp.MustCompile("`(fetchbench_[a-z0-9_]+)").FindAllSubmatch(text, -1) {
		documented[string(name[1])] = true
	}
	for _, run := range collected() {
		_, got := exposed(t, latent(run))
		for key := range got {
			name, _, _ := strings.Cut(key, " ")
			emitted[name] = true
		}
	}
	if diff := cmp.Diff(emitted, documented); diff != "" {
		t.Errorf("(-emitted +documented):\n%s", diff)
	}
}
