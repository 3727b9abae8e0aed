package bench_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers/fetchertest"
)

// Every strategy in the list keeps the contract, and its example is a spec.
func TestSpecsConform(t *testing.T) {
	for _, s := range bench.Specs() {
		t.Run(s.Name, func(t *testing.T) {
			strategy, err := bench.ParseStrategy(s.Example())
			if err != nil {
				t.Fatal(err)
			}
			var waived []fetchertest.Point
			if s.Name == "pond" { // as its documentation says
				waived = append(waived, fetchertest.Goexits)
			}
			fetchertest.Conform(t, strategy, waived...)
		})
	}
}

func TestBadSpecs(t *testing.T) {
	for _, c := range []struct{ spec, want, meant string }{
		{"pol:8", "unknown strategy \"pol\" (have sequential, goroutines, pool", "pool:8"},
		{"sequentail", "unknown strategy", "sequential"},
		{"seq", "unknown strategy", "sequential"},
		{"zzz", "unknown strategy", ""},
		{"", "no strategy is named", ""},
		{"pool", "needs a number of workers", "pool:8"},
		{"pool:0", "from 1 to 1048576, got \"0\"", "pool:8"},
		{"pool:-1", "got \"-1\"", "pool:8"},
		{"pool:x", "got \"x\"", "pool:8"},
		{"pool:+8", "got \"\"", "pool:8+8"},
		{"pool:99999999999999999999", "from 1 to", "pool:8"},
		{"sequential:4", "takes no number", "sequential"},
	} {
		_, err := bench.ParseContender(c.spec)
		var spec *bench.SpecError
		if !errors.As(err, &spec) || !strings.Contains(err.Error(), c.want) || spec.Meant != c.meant {
			t.Errorf("%q: error %v, want %q and the guess %q", c.spec, err, c.want, c.meant)
		}
	}
}

// FuzzParseStrategy: any text is a contender that prints as it was written, and reads
// back, or an error that says what is wrong with it. Who follows the guesses of such
// errors comes to a contender, or to an error without a guess, and never in a circle.
func FuzzParseStrategy(f *testing.F) {
	for _, s := range everyContender() {
		f.Add(s)
	}
	for _, s := range []string{
		"pool:", ":", "goroutines:1", "pol:8+retri:3@h4", "pool:8+hedge:p95+retry:3+limit:1e3/s@h2", "paced:0x1p3/s", "pool:8+timeout:1ns@",
		"pool:8+hedge:99h", "paced:NaN/s", "pool:8@h2@h2", "pool:\u0668", "pool:8+breaker+breaker", "+retry:3", "@h2",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := follow(t, text)
		if c == nil {
			return
		}
		spec := c.String()
		if c.Limit(5) < 1 || c.Limit(5) > 5 {
			t.Errorf("%q became %q with a limit of %d of 5", text, spec, c.Limit(5))
		}
		if again, err := bench.ParseContender(spec); err != nil || again.String() != spec {
			t.Errorf("%q reads back as %v, error %v", spec, again, err)
		}
	})
}

// follow makes the contender of a spec, or of the guesses at what it was to be. It
// is nil where there is none.
func follow(t *testing.T, spec string) bench.Contender {
	t.Helper()
	const most = 10 // parts that a spec has wrong: its strategy, its transport and each policy
	for range most {
		c, err := bench.ParseContender(spec)
		if err == nil && c.String() == spec {
			return c
		}
		var wrong *bench.SpecError
		if c != nil || !errors.As(err, &wrong) || wrong.Reason == "" || spec != "" && wrong.Meant == spec {
			t.Fatalf("%q: contender %v and error %#v", spec, c, err)
		}
		if spec = wrong.Meant; spec == "" {
			return nil
		}
	}
	t.Fatalf("%q is the last of %d guesses, and wrong", spec, most)
	return nil
}
