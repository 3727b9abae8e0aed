package results_test

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// golden reads the cases of a file of vectors computed by other programs, by
// their names, and wants so many.
func golden[T any](t *testing.T, file string, cases int) map[string]T {
	t.Helper()
	var list struct{ Cases []json.RawMessage }
	must(t, json.Unmarshal(content(t, filepath.Join("stats", "testdata", "golden", file)), &list))
	out := map[string]T{}
	for _, text := range list.Cases {
		var name struct{ Name string }
		must(t, json.Unmarshal(text, &name))
		var c T
		must(t, json.Unmarshal(text, &c))
		out[name.Name] = c
	}
	equal(t, "cases of "+file, len(out), cases)
	return out
}

// near wants a number that is there to be right to twelve digits.
func near(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	within(t, what, got, &want, 1e-12)
}

// within wants a number that is near another one, or absent where that is.
func within(t *testing.T, what string, got, want *float64, relative float64) {
	t.Helper()
	switch {
	case got == nil && want == nil:
	case got == nil || want == nil:
		t.Errorf("%s: got %v, want %v", what, got, want)
	case !(math.Abs(*got-*want) <= relative*math.Abs(*want)):
		t.Errorf("%s = %.17g, want %.17g", what, *got, *want)
	}
}

// A word is a float64 that may be written as "Infinity".
type word float64

// UnmarshalJSON reads a number or the word.
func (w *word) UnmarshalJSON(text []byte) error {
	f, err := strconv.ParseFloat(strings.Trim(string(text), `"`), 64)
	*w = word(f)
	return err
}

// floats are words as numbers.
func floats(words []word) []float64 {
	out := make([]float64, len(words))
	for i, w := range words {
		out[i] = float64(w)
	}
	return out
}

// ends are those of an interval, absent where they lie at infinity.
type ends struct {
	Lo       word
	Hi       *word
	Achieved float64
}

// hi is the upper end.
func (e ends) hi() *float64 {
	if e.Hi == nil || math.IsInf(float64(*e.Hi), 1) {
		return nil
	}
	hi := float64(*e.Hi)
	return &hi
}

// check wants an interval to have these ends.
func (e *ends) check(t *testing.T, what string, lo, hi *float64, relative float64) {
	t.Helper()
	if e == nil {
		equal(t, what, [2]bool{lo != nil, hi != nil}, [2]bool{})
		return
	}
	want := float64(e.Lo)
	within(t, what+", lower end", lo, &want, relative)
	within(t, what+", upper end", hi, e.hi(), relative)
}

// TestSpeedUpWithFailuresAgreesWithGolden runs golden/paired_with_failures.json
// through Compare: a failure is the worst rank, and an upper end among failures
// of the baseline is absent.
func TestSpeedUpWithFailuresAgreesWithGolden(t *testing.T) {
	type paired struct {
		Input  struct{ Base, Cand []word }
		Expect struct {
			N, Rounds  int
			Faster     int     `json:"cand_faster_rounds"`
			P          float64 `json:"sign_p"`
			Median     float64 `json:"median_speedup"`
			CI         ends
			BaseOK     int `json:"base_ok"`
			CandidateK int `json:"cand_ok"`
		}
	}
	for name, c := range golden[paired](t, "paired_with_failures.json", 4) {
		if name == "no failures" {
			continue // then the estimate is that of Hodges and Lehmann
		}
		run := timed([]string{"base", "cand"}, floats(c.Input.Base), floats(c.Input.Cand))
		contenders := results.Summarize(run).Contenders
		equal(t, name+": trials", contenders[0].Trials, c.Expect.Rounds)
		equal(t, name+": ok", [2]int{contenders[0].OK, contenders[1].OK}, [2]int{c.Expect.BaseOK, c.Expect.CandidateK})
		got := results.Compare(run, "base")[0]
		equal(t, name+": rounds", [2]int{got.Rounds, got.FasterIn}, [2]int{c.Expect.N, c.Expect.Faster})
		within(t, name+": p", got.P, &c.Expect.P, 1e-10)
		within(t, name+": speed-up", &got.SpeedUp.Estimate, &c.Expect.Median, 1e-10)
		c.Expect.CI.check(t, name, got.SpeedUp.Lo, got.SpeedUp.Hi, 1e-10)
		within(t, name+": level", &got.SpeedUp.Level, &c.Expect.CI.Achieved, 1e-10)
		equal(t, name+": method", got.SpeedUp.Method, "worst-rank median")
		equal(t, name+": ratio of means", got.RatioOfMeans, (*results.Ratio)(nil))
	}
}

// inflation is what dependence between rounds adds to a variance.
func inflation(t *testing.T, times []float64, want float64) {
	t.Helper()
	got := stats.Inflation(times)
	within(t, "inflation", &got, &want, 1e-7)
}
