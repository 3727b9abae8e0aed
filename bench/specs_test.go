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
			fetchertest.Conform(t, strategy)
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

func FuzzParseStrategy(f *testing.F) {
	for _, s := range []string{"pool:8", "sequential", "pool:", ":", "goroutines:1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		c, err := bench.ParseContender(spec)
		if (c == nil) == (err == nil) {
			t.Fatalf("%q: contender %v and error %v", spec, c, err)
		}
		if err == nil && (c.String() != spec || c.Limit(5) < 1 || c.Limit(5) > 5) {
			t.Errorf("%q became %q with a limit of %d of 5", spec, c, c.Limit(5))
		}
	})
}
