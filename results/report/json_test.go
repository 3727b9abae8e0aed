package report_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// TestJSONIsAsAgreed holds the document against a file, order and layout included.
func TestJSONIsAsAgreed(t *testing.T) {
	golden(t, "article.json", func(w io.Writer) error { return report.JSON(w, article()) })
}

// document is what a program that reads the report would declare.
type document struct {
	Schema      int                  `json:"schema"`
	Run         string               `json:"run"`
	Complete    bool                 `json:"complete"`
	Plan        json.RawMessage      `json:"plan"`
	Environment results.Environment  `json:"environment"`
	Requests    results.Requests     `json:"requests"`
	Contenders  []results.Contender  `json:"contenders"`
	Comparisons []results.Comparison `json:"comparisons"`
	Warnings    []results.Warning    `json:"warnings"`
}

// read writes the report and decodes it.
func read(t *testing.T, j *results.Judgement, into any) string {
	t.Helper()
	var out bytes.Buffer
	if err := report.JSON(&out, j); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), into); err != nil {
		t.Fatalf("%v in\n%s", err, out.String())
	}
	return out.String()
}

// TestJSONReadsBack compares with the structs themselves: encoding/json is the
// other program here, since the report is not written by it alone.
func TestJSONReadsBack(t *testing.T) {
	for _, j := range []*results.Judgement{article(), failing(), hostileValid()} {
		var got document
		read(t, j, &got)
		want := document{
			Schema: results.Schema, Run: j.Run.ID, Complete: j.Run.Complete,
			Environment: j.Run.Environment, Requests: j.Requests,
			Contenders: j.Contenders, Comparisons: j.Comparisons, Warnings: j.Warnings,
		}
		got.Plan = nil // the layout of the raw text changes
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b []results.Warning) bool { return slices.Equal(a, b) })); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// hostileValid is hostile without the names that are no UTF-8, which JSON cannot
// hold.
func hostileValid() *results.Judgement {
	j := hostile()
	for i := range j.Contenders {
		j.Contenders[i].Name = strings.ToValidUTF8(j.Contenders[i].Name, "?")
		j.Comparisons[i].Contender = strings.ToValidUTF8(j.Comparisons[i].Contender, "?")
	}
	return j
}

// TestJSONHasEveryField that other programs rely on, by name and in every object, whatever
// is absent from the run.
func TestJSONHasEveryField(t *testing.T) {
	j := article()
	j.Contenders = append(j.Contenders, results.Contender{})
	j.Comparisons = append(j.Comparisons, results.Comparison{})
	j.Warnings = []results.Warning{{}}
	var got map[string]any
	read(t, j, &got)
	has := func(v any, names string) {
		t.Helper()
		keys := slices.Collect(maps.Keys(v.(map[string]any)))
		for _, name := range strings.Fields(names) {
			if !slices.Contains(keys, name) {
				t.Errorf("no %q among %q", name, keys)
			}
		}
	}
	has(got, "schema run complete plan environment requests contenders comparisons warnings")
	has(got["requests"], "planned ok failed cancelled not_started attempts by_class")
	for _, c := range got["contenders"].([]any) {
		has(c, "name trials ok mean_s median_s min_s max_s sd_s mad_s mean_ci median_ci success in_flight "+
			"slowdown ideal_s efficiency packing connections")
		has(c.(map[string]any)["in_flight"], "asked mean max upstream_max limit_found")
		has(c.(map[string]any)["cost"], "cpu_s allocs allocs_per_fetch peak_goroutines peak_bytes attempts wasted_attempts shared wire_bytes bytes")
		has(c.(map[string]any)["connections"], "opened reused")
	}
	has(got["contenders"].([]any)[0].(map[string]any)["median_ci"], "lo_s hi_s level")
	for _, c := range got["comparisons"].([]any) {
		has(c, "contender baseline speedup p p_holm ratio_of_means ratio_of_medians faster_in rounds verdict")
	}
	has(got["comparisons"].([]any)[0].(map[string]any)["speedup"], "estimate lo hi level method")
	has(got["warnings"].([]any)[0], "code contender text hint")
}

// TestJSONHasNoNullList: lists and maps are there when they are empty.
func TestJSONHasNoNullList(t *testing.T) {
	var got map[string]any
	out := read(t, &results.Judgement{Run: &results.Run{}}, &got)
	// The version is that of the document, whatever wrote the journal.
	if got["schema"] != float64(results.Schema) {
		t.Errorf("schema is %v", got["schema"])
	}
	for _, name := range []string{"contenders", "comparisons", "warnings"} {
		if list, ok := got[name].([]any); !ok || len(list) != 0 {
			t.Errorf("%s is %v in\n%s", name, got[name], out)
		}
	}
	if counts, ok := got["requests"].(map[string]any)["by_class"].(map[string]any); !ok || len(counts) != 0 {
		t.Errorf("by_class is not {} in\n%s", out)
	}
}

// TestJSONHasNoNaN: encoding/json refuses a whole document for one NaN. It puts the values that JSON has no word for where a number may
// be; the finite ones next to them must survive.
func TestJSONHasNoNaN(t *testing.T) {
	j := article()
	j.Contenders[0].Mean = some(math.NaN())
	j.Contenders[0].MedianCI.Hi = some(math.Inf(1))
	j.Comparisons[0].SpeedUp.Hi = some(math.Inf(1))
	j.Comparisons[0].RatioOfMeans = &results.Ratio{Estimate: math.Inf(-1), Lo: some(2)}
	j.Run.Environment.Load = math.NaN()
	var got map[string]any
	read(t, j, &got)
	contender, comparison := got["contenders"].([]any)[0].(map[string]any), got["comparisons"].([]any)[0].(map[string]any)
	want := map[string]any{
		"mean": nil, "hi_s": nil, "lo_s": 3.419 * 0.95, "hi": nil, "lo": 6.9, "ratio": nil, "ratio lo": 2.0, "load": nil,
	}
	diff := cmp.Diff(want, map[string]any{
		"mean":     contender["mean_s"],
		"lo_s":     contender["median_ci"].(map[string]any)["lo_s"],
		"hi_s":     contender["median_ci"].(map[string]any)["hi_s"],
		"lo":       comparison["speedup"].(map[string]any)["lo"],
		"hi":       comparison["speedup"].(map[string]any)["hi"],
		"ratio":    comparison["ratio_of_means"].(map[string]any)["estimate"],
		"ratio lo": comparison["ratio_of_means"].(map[string]any)["lo"],
		"load":     got["environment"].(map[string]any)["load_1m"],
	})
	if diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestJSONIsInertOnATerminal: what JSON lets through by its own rules, such as
// direction overrides, is a number in ours, and reads back as it was.
func TestJSONIsInertOnATerminal(t *testing.T) {
	j := article()
	j.Run.Reason = "\u202e\u009b\x7f\x1b\U000e0041 <b>日本"
	var got map[string]any
	out := read(t, j, &got)
	if got["reason"] != j.Run.Reason {
		t.Errorf("read back as %q", got["reason"])
	}
	if !strings.Contains(out, `"\u202e\u009b\u007f\u001b\udb40\udc41 \u003cb\u003e日本"`) {
		t.Errorf("got\n%s", out)
	}
}
