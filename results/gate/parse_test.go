package gate_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fetchbench/fetchbench/results/gate"
)

// TestParseReadsFromTheRight: names of contenders have all the signs in them that an
// expression has.
func TestParseReadsFromTheRight(t *testing.T) {
	for expr, want := range map[string]gate.Gate{
		"pool:8.median > 500ms":                  {Subject: "pool:8", Metric: "median", Op: ">", Value: 500, Unit: "ms"},
		"goroutines.speedup < 4":                 {Subject: "goroutines", Metric: "speedup", Op: "<", Value: 4},
		"goroutines.speedup<4x":                  {Subject: "goroutines", Metric: "speedup", Op: "<", Value: 4, Unit: "x"},
		"*.failed > 0":                           {Subject: "*", Metric: "failed", Op: ">"},
		"pool:8.in_flight < 6":                   {Subject: "pool:8", Metric: "in_flight", Op: "<", Value: 6},
		"goroutines.efficiency < 80%":            {Subject: "goroutines", Metric: "efficiency", Op: "<", Value: 80, Unit: "%"},
		"goroutines.efficiency < 2":              {Subject: "goroutines", Metric: "efficiency", Op: "<", Value: 2},
		"goroutines.efficiency <= 0.8":           {Subject: "goroutines", Metric: "efficiency", Op: "<=", Value: 0.8},
		"median +5%":                             {Metric: "median", Op: "+", Value: 5, Unit: "%"},
		"  median   +  5 % ":                     {Metric: "median", Op: "+", Value: 5, Unit: "%"},
		"goroutines.median +10%":                 {Subject: "goroutines", Metric: "median", Op: "+", Value: 10, Unit: "%"},
		"pool:8+timeout:1.5s@h2.mean>=1.5s":      {Subject: "pool:8+timeout:1.5s@h2", Metric: "mean", Op: ">=", Value: 1.5, Unit: "s"},
		"pool:8+retry:3.median +5%":              {Subject: "pool:8+retry:3", Metric: "median", Op: "+", Value: 5, Unit: "%"},
		"pool:4 again.p95 > 20us":                {Subject: "pool:4 again", Metric: "p95", Op: ">", Value: 20, Unit: "us"},
		`"a < b + 5%".median +5%`:                {Subject: "a < b + 5%", Metric: "median", Op: "+", Value: 5, Unit: "%"},
		`'it''s'.attempts > 10`:                  {Subject: "it's", Metric: "attempts", Op: ">", Value: 10},
		`"say ""hi""".connections > 2`:           {Subject: `say "hi"`, Metric: "connections", Op: ">", Value: 2},
		"a<b.median > 5ns":                       {Subject: "a<b", Metric: "median", Op: ">", Value: 5, Unit: "ns"},
		"https://x.example/?a=1&b.max > 00.50ms": {Subject: "https://x.example/?a=1&b", Metric: "max", Op: ">", Value: 0.5, Unit: "ms"},
	} {
		got, err := gate.Parse(expr)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", expr, diff)
		}
		again, err := gate.Parse(got.String())
		if err != nil || again != got {
			t.Errorf("%s is printed as %s, which is read as %+v, %v", expr, got, again, err)
		}
	}
}

// TestParseSaysWhatIsWrongAndWhere: the place is that of the first letter of the word
// that is wrong, counted here by the text before it.
func TestParseSaysWhatIsWrongAndWhere(t *testing.T) {
	for _, c := range []struct{ before, rest, text string }{
		{"", "", "there is no expression"},
		{"", "   ", "there is no expression"},
		{"pool:8.", "medain > 500ms", `unknown metric "medain"`},
		{"pool:8.median > ", "soon", `"soon" is no number`},
		{"pool:8.median > ", "1.2.3s", "is no number"},
		{"pool:8.median > ", "-5ms", "a limit is not negative"},
		{"pool:8.median > ", "1e400s", `"1e400s" is no number: a limit is plain digits`},
		{"pool:8.failed > ", "1E+3", `"1E+3" is no number: a limit is plain digits`},
		{"median +", "1e1%", `"1e1%" is no number: a limit is plain digits`},
		{"pool:8.median > ", strings.Repeat("9", 400) + "s", "is no number"},
		{"pool:8.median > 500", "", "median needs a unit: s, ms, us, µs, ns"},
		{"pool:8.median > 500", "min", "median takes a unit of"},
		{"pool:8.failed > 5", "%", "failed has no unit"},
		{"pool:8.efficiency > ", "80", "efficiency is a share, and 80 of the whole is none"},
		{"pool:8.packing < ", "2.1", "packing is a share"},
		{"pool:8.median >", "", "is no number"},
		{"pool:8.median", "", "there is no comparison"},
		{"pool:8.median = 5ms", "", "there is no comparison"},
		{"", "median > 5ms", "whose median?"},
		{"pool:8.", "> 5ms", "there is no metric"},
		{"", "> 5ms", "there is no metric"},
		{"", "+5%", "there is no metric"},
		{"median +5", "", "is in %"},
		{"median +5", "x", "is in %"},
		{"pool:8.", "in_flight +5%", "has no interval"},
		{"", `"pool:8.median > 5ms`, "the quote is not closed"},
		{"", `"".median > 5ms`, "is empty"},
		{`"pool:8"`, " median > 5ms", "a point and a metric follow"},
		{`"pool:8"`, "", "a point and a metric follow"},
		{strings.Repeat("a", 4096), "a", "at most 4096"},
		{"", "\xff.median > 5ms", "not UTF-8"},
	} {
		expr := c.before + c.rest
		_, err := gate.Parse(expr)
		var wrong *gate.SyntaxError
		switch {
		case !errors.As(err, &wrong):
			t.Errorf("%q is taken, want %q", expr, c.text)
		case !strings.Contains(wrong.Error(), c.text) || wrong.At != len(c.before) || wrong.Expr != expr:
			t.Errorf("%q: %q at %d, want %q at %d", expr, wrong, wrong.At, c.text, len(c.before))
		}
	}
}

// TestLimitIsInTheBaseUnit.
func TestLimitIsInTheBaseUnit(t *testing.T) {
	for expr, want := range map[string]float64{
		"a.median > 500ms": 0.5, "a.median > 500us": 0.0005, "a.median > 500µs": 0.0005, "a.median > 2ns": 2e-9, "a.median > 2s": 2,
		"a.efficiency < 80%": 0.8, "a.efficiency < 0.8": 0.8, "median +5%": 0.05, "a.failed > 3": 3, "a.speedup < 4x": 4,
	} {
		g, err := gate.Parse(expr)
		if err != nil || g.Limit() != want {
			t.Errorf("%s: limit %v, %v; want %v", expr, g.Limit(), err, want)
		}
	}
}

// TestCheckNamesWhatThereIs: a gate that could never be judged is refused beforehand.
func TestCheckNamesWhatThereIs(t *testing.T) {
	names := []string{"sequential", "pool:8"}
	for expr, want := range map[string]string{
		"pool:9.median > 5ms":    `no contender is called "pool:9" (have sequential, pool:8)`,
		"sequential.speedup < 4": "sequential is the baseline",
		"sequential.median +5%":  "sequential is the baseline",
		"pool:8.speedup < 4":     "", "*.speedup < 4": "", "*.failed > 0": "", "median +5%": "", "sequential.median > 5ms": "",
	} {
		g, err := gate.Parse(expr)
		if err != nil {
			t.Fatal(err)
		}
		err = gate.Check([]gate.Gate{g}, names, "sequential")
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", expr, err, want)
		}
	}
	g, _ := gate.Parse("median +5%")
	if err := gate.Check([]gate.Gate{g}, names[:1], "sequential"); err == nil {
		t.Error("one contender is held against nobody")
	}
}

// FuzzParse: whatever is read is printed so that it is read again, and an error lies
// within the expression.
func FuzzParse(f *testing.F) {
	for _, expr := range []string{
		"pool:8.median > 500ms", "median +5%", `"a < b".failed>=0`, "pool:8+retry:3.median +5%", "*.efficiency<80%", "a..median<1s", `".".p95 > 1s`, " x .median > 1s",
	} {
		f.Add(expr)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		g, err := gate.Parse(expr)
		var wrong *gate.SyntaxError
		if errors.As(err, &wrong) {
			if wrong.At < 0 || wrong.At > len(expr) || wrong.Text == "" {
				t.Fatalf("%q: %q at %d", expr, wrong, wrong.At)
			}
			return
		}
		again, err := gate.Parse(g.String())
		if err != nil || again != g {
			t.Fatalf("%q is %+v, printed as %q, which is %+v, %v", expr, g, g.String(), again, err)
		}
	})
}
