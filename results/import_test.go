package results_test

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// imported is the judgement of an import that must be taken.
func imported(t testing.TB, text string) *results.Judgement {
	t.Helper()
	run, err := results.Import("times.json", []byte(text))
	must(t, err)
	return results.Judge(run)
}

// TestImportAgreesWithGolden: the input of every case of golden/report.json is
// an import as it stands, and all that comes out is what other programs say.
func TestImportAgreesWithGolden(t *testing.T) {
	inputs := golden[struct{ Input json.RawMessage }](t, "report.json", 2)
	for name, c := range golden[report](t, "report.json", 2) {
		t.Run(name, func(t *testing.T) {
			j := imported(t, string(inputs[name].Input))
			equal(t, "baseline", j.Run.Design.Baseline, c.Input.Baseline)
			equal(t, "contenders", len(j.Contenders), len(c.Expect.Strategies))
			for i := range j.Contenders {
				got := &j.Contenders[i]
				want := c.Expect.Strategies[got.Name]
				want.check(t, got, floats(c.Input.Times[got.Name]))
				near(t, "inflation", got.Inflation, want.MedianCI.Inflation)
			}
			equal(t, "comparisons", len(j.Comparisons), len(c.Expect.Comparisons))
			for i := range j.Comparisons {
				c.Expect.Comparisons[i].check(t, &j.Comparisons[i])
			}
		})
	}
}

// TestImportIsARun: the contenders in the order of the file, a trial of each in
// every round, failed ones without a time, and nothing that nobody measured.
func TestImportIsARun(t *testing.T) {
	run, err := results.Import("times.json", []byte(
		`{"times_in_round_order": {"z": [4, "Infinity"], "a": [1e-12, 1000000000000]}, "delta": 0.1, "alpha": 0.01, "baseline": "a"}`))
	must(t, err)
	equal(t, "contenders", run.Contenders, []results.Column{{Name: "z"}, {Name: "a"}})
	equal(t, "design", run.Design, results.Design{Rounds: 2, Baseline: "a", Judging: results.Judging{Alpha: 0.01, Delta: 0.1}})
	equal(t, "whole", [2]bool{run.Complete, run.Imported}, [2]bool{true, true})
	equal(t, "trials", run.Trials, []results.Trial{
		{Round: 0, Contender: "z", Outcome: results.OK, Exact: 4, ElapsedNS: 4e9},
		{Round: 0, Contender: "a", Outcome: results.OK, Exact: 1e-12, ElapsedNS: 1},
		{Round: 1, Contender: "z", Outcome: results.Failed},
		{Round: 1, Contender: "a", Outcome: results.OK, Exact: 1e12, ElapsedNS: 1 << 62},
	})
	j := results.Judge(run)
	equal(t, "in flight", j.Contenders[1].Flight, results.InFlight{})
	equal(t, "cost", j.Contenders[1].Cost, results.Cost{})
	equal(t, "requests", j.Requests, results.Requests{ByClass: map[string]int{}})
	equal(t, "ok", j.Contenders[0].OK, 1)
}

// TestImportHasDefaults: the first contender, and 0.05 twice.
func TestImportHasDefaults(t *testing.T) {
	run, err := results.Import("times.json", []byte(`{"times_in_round_order": {"b": [1], "a": [2]}}`))
	must(t, err)
	equal(t, "baseline", run.Design.Baseline, "b")
	equal(t, "judging", run.Design.Judging, results.Judging{Alpha: 0.05, Delta: 0.05})
}

// TestImportKeepsEveryDigit: whole nanoseconds would leave two of these nine. The
// same times a million million times as long have the same speed-up.
func TestImportKeepsEveryDigit(t *testing.T) {
	const form = `{"times_in_round_order": {"a": [1.23456789e%[1]d, 2.34567891e%[1]d], "b": [1.11111111e%[1]d, 3e%[1]d]}}`
	tiny, large := imported(t, fmt.Sprintf(form, -8)), imported(t, fmt.Sprintf(form, 4))
	near(t, "mean", tiny.Contenders[0].Mean, 1.7901234e-8)
	near(t, "speed-up", &tiny.Comparisons[0].SpeedUp.Estimate, large.Comparisons[0].SpeedUp.Estimate)
}

// TestShapeByHand: of 1 to 8, 20 and 55 the mean of the middle six is 5.5; n_eff is n
// where the order is that of chance; the shape of nothing is nothing.
func TestShapeByHand(t *testing.T) {
	c := imported(t, `{"times_in_round_order": {"a": [5, 55, 1, 7, 3, 20, 2, 8, 4, 6], "b": ["Infinity","Infinity","Infinity",
		"Infinity","Infinity","Infinity","Infinity","Infinity","Infinity","Infinity"], "c": [1,2,3,4,5,6,7,8,9,10]}}`).Contenders
	near(t, "trimmed mean", c[0].TrimmedMean, 5.5)
	near(t, "effective", c[0].Effective, 10)
	within(t, "geometric mean", c[0].GeometricMean, geometric(5, 55, 1, 7, 3, 20, 2, 8, 4, 6), 1e-12)
	equal(t, "skewed", *c[0].Skewness > 2, true)
	equal(t, "of failures", c[1].Shape, results.Shape{})
	near(t, "n = n_eff f", c[2].Effective, 10 / *c[2].Inflation)
	equal(t, "dependent", *c[2].Inflation > 2, true)
	equal(t, "symmetric", math.Abs(*c[2].Skewness) < 1e-12, true)
}

// geometric is the root of the product.
func geometric(times ...float64) *float64 {
	product := 1.0
	for _, t := range times {
		product *= t
	}
	product = math.Pow(product, 1/float64(len(times)))
	return &product
}

// TestImportRefuses with the place, the reason and a way out.
func TestImportRefuses(t *testing.T) {
	const form, above = `this reads {"baseline": NAME, "times_in_round_order"`, "a time is a number of seconds above 0"
	for _, c := range []struct{ name, text, place, want string }{
		{"empty", ``, "1:1", "this is no JSON: unexpected end of JSON input; " + form},
		{"cut", "{\"alpha\":\n ", "2:2", "unexpected end"},
		{"text", `{"alpha" 0.1}`, "1:10", "invalid character '0' after object key"},
		{"NaN", "{\n\"times_in_round_order\": {\"ä\": [1, NaN]}}", "2:35", "invalid character 'N'"},
		{"bare Infinity", `{"times_in_round_order": {"a": [Infinity]}}`, "1:33", `or "Infinity" for a failed trial`},
		{"two values", `{} {}`, "1:4", "after top-level value"},
		{"not UTF-8", "{\"\xff\": 1}", "1:3", "this is no UTF-8 text"},
		{"a list", `[1, 2]`, "1:1", "an object is expected here, and not [; " + form},
		{"unknown key", "{\n  \"time\": 1}", "2:3", `unknown key "time" (have baseline, alpha, delta, times_in_round_order)`},
		{"a key twice", "{\"alpha\": 0.1,\n \"alpha\": 0.1}", "2:2", `"alpha" is here for the second time, after line 1`},
		{"a contender twice", `{"times_in_round_order": {"a": [1], "\u0061": [2]}}`, "1:37", `"a" is here for the second time`},
		{"no name", `{"times_in_round_order": {" ": [1]}}`, "1:27", "without a name"},
		{"no times", `{"baseline": "a"}`, "1:1", "times_in_round_order is missing: " + form},
		{"no contenders", `{"times_in_round_order": {}}`, "1:2", "no contenders"},
		{"a list of contenders", `{"times_in_round_order": [1]}`, "1:26", "an object is expected here, and not ["},
		{"a time for a list", `{"times_in_round_order": {"a": 1}}`, "1:32", "a list of times is expected here, and not 1"},
		{"no rounds", `{"times_in_round_order": {"a": [], "b": []}}`, "1:32", `"a" has no times`},
		{"unequal", "{\"times_in_round_order\": {\"a\": [1, 2],\n\"b\": [1]}}", "2:6", `the list of "b" is 1 long and that of "a" 2`},
		{"zero", `{"times_in_round_order": {"a": [1, 0]}}`, "1:36", above + `, or "Infinity" for a trial that failed, and not 0`},
		{"less than any", `{"times_in_round_order": {"a": [1e-999]}}`, "1:33", above},
		{"negative", `{"times_in_round_order": {"a": [-2.5]}}`, "1:33", "and not -2.5"},
		{"-Infinity", `{"times_in_round_order": {"a": ["-Infinity"]}}`, "1:33", `and not "-Infinity"`},
		{"another word", `{"times_in_round_order": {"a": ["NaN"]}}`, "1:33", `and not "NaN"`},
		{"null", `{"times_in_round_order": {"a": [null]}}`, "1:33", "and not null"},
		{"a list of lists", `{"times_in_round_order": {"a": [[1]]}}`, "1:33", "and not ["},
		{"nanoseconds", `{"times_in_round_order": {"a": [1e13]}}`, "1:33", "1e13 seconds are no time that a trial takes"},
		{"beyond float64", `{"times_in_round_order": {"a": [1e999]}}`, "1:33", "1e999 seconds are no time"},
		{"too short", `{"times_in_round_order": {"a": [1e-13]}}`, "1:33", "times are in seconds, from 1e-12 to 1e+12"},
		{"a long word", `{"times_in_round_order": {"a": ["` + strings.Repeat("x", 99) + `"]}}`, "1:33", `and not "` + strings.Repeat("x", 39) + "…"},
		{"alpha 0", `{"alpha": 0}`, "1:11", "alpha is between 0 and 1, as in 0.05, and not 0"},
		{"delta 1", `{"delta": 1}`, "1:11", "delta is between 0 and 1, as in 0.05, and not 1"},
		{"a word for alpha", `{"alpha": "0.05"}`, "1:11", `alpha is a number between 0 and 1, as in 0.05, and not "0.05"`},
		{"a number for a name", `{"baseline": 1}`, "1:14", "the baseline is the name of a contender, in quotes, and not 1"},
		{"an unknown baseline", "{\"baseline\": \"c\",\n\"times_in_round_order\": {\"a\": [1], \"b\": [1]}}", "1:14", `the baseline "c" is none of the contenders (have a, b)`},
		{"too many rounds", `{"times_in_round_order": {"a": [` + strings.Repeat("1,", 10_000) + "1]}}", "1:20033", "more than 10000 times"},
		{"too many contenders", crowd(1001, 1), "1:11917", "more than 1000 contenders"},
		{"too many times", crowd(21, 10_000), "1:400204", "more than 200000 times"},
		{"too long", strings.Repeat(" ", 64<<20+1), "", "67108865 bytes are too many, at most 67108864"},
	} {
		run, err := results.Import("times.json", []byte(c.text))
		equal(t, c.name, run, (*results.Run)(nil))
		wantError(t, c.name, err, c.want)
		if c.place != "" {
			wantError(t, c.name, err, "times.json:"+c.place+": ")
		}
	}
}

// crowd is an import of so many contenders with so many times each.
func crowd(n, times int) string {
	var fields []string
	for i := range n {
		fields = append(fields, fmt.Sprintf(`"%d": [1%s]`, i, strings.Repeat(",1", times-1)))
	}
	return `{"times_in_round_order": {` + strings.Join(fields, ", ") + `}}`
}

// TestImportOfFewRoundsHasNoVerdict, and one contender nothing to compare.
func TestImportOfFewRoundsHasNoVerdict(t *testing.T) {
	j := imported(t, `{"times_in_round_order": {"a": [1, 2, 3, 4, 5], "b": [1, 2, 3, 4, 5]}}`)
	equal(t, "verdict", j.Comparisons[0].Verdict, "insufficient rounds")
	equal(t, "alone", len(imported(t, `{"times_in_round_order": {"a": [1]}}`).Comparisons), 0)
}

// FuzzImport: any text is an error with a place or a run whose judgement is JSON,
// without NaN and infinities, and has a trial of every contender in every round.
func FuzzImport(f *testing.F) {
	text := content(f, filepath.Join("stats", "testdata", "golden", "report.json"))
	var file struct {
		Cases []struct{ Input json.RawMessage }
	}
	must(f, json.Unmarshal(text, &file))
	for _, c := range file.Cases {
		f.Add([]byte(c.Input))
	}
	f.Add([]byte(`{"alpha": 1e-300, "delta": 0.999, "times_in_round_order": {"a": [1e-12, 1e12, 1], "b": ["Infinity", 1e-12, 1e12]}}`))
	f.Add([]byte(`{"times_in_round_order": {"a": [1,1,1,1,1,1,1e12], "b": [1,1,1,1,1,1,1], "c": [1,2,3,4,5,6,7]}}`))
	f.Add([]byte("{\"baseline\": \"\\ud800\", \"times_in_round_order\": {\"\xff\": [NaN]}}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		run, err := results.Import("times.json", text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "times.json:") {
				t.Fatalf("no place: %v", err)
			}
			return
		}
		if len(run.Trials) > 100 {
			return // judged in time, but not as often as a fuzzer would have it
		}
		equal(t, "trials", len(run.Trials), run.Design.Rounds*len(run.Contenders))
		equal(t, "rounds", len(run.Rounds()), run.Design.Rounds)
		if _, err := json.Marshal(results.Judge(run)); err != nil {
			t.Fatal(err)
		}
	})
}
