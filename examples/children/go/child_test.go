package main

import (
	"os"
	"testing"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/child"
	"github.com/fetchbench/fetchbench/results"
)

// childArg makes the test binary the child.
const childArg = "be-the-child"

// TestMain is also the door for the child that the tests start.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == childArg {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// plan is one of two rounds against a server in this process.
func plan(t *testing.T) bench.Plan {
	t.Helper()
	p, err := bench.Defaults("constant")
	if err != nil {
		t.Fatal(err)
	}
	p.Upstream.Form, p.Upstream.Scale = bench.FormServer, 0.2
	p.Rounds, p.Warmup, p.Pause = 2, 0, 0
	p.Makers = []bench.Maker{child.Maker()}
	return p
}

// The template is a good child in every mode, with fresh connections and with warm
// ones: the upstream agrees with all that it says.
func TestTemplateIsAGoodChild(t *testing.T) {
	command := ":'" + os.Args[0] + "' " + childArg
	for _, connections := range []string{bench.Fresh, bench.Warm} {
		p := plan(t)
		p.Connections = connections
		p.Contenders = []string{"exec" + command, "exec/sequential" + command, "exec/2" + command}
		most := map[string]int{p.Contenders[0]: 10, p.Contenders[1]: 1, p.Contenders[2]: 2}
		n := 0
		for trial, err := range bench.Run(t.Context(), p) {
			if err != nil {
				t.Fatal(err)
			}
			n++
			if trial.Outcome != results.OK || len(trial.Seen.Differs) > 0 || trial.Seen.Max > most[trial.Contender] {
				t.Errorf("%s, %s: %s, %+v, %+v", connections, trial.Contender, trial.Outcome, trial.Tally, trial.Seen)
			}
			if again := trial.Round > 0 && connections == bench.Warm && trial.Contender == p.Contenders[1]; again && trial.Seen.Connections > 0 {
				t.Errorf("%d connections where they are kept", trial.Seen.Connections)
			}
		}
		if n != 6 {
			t.Errorf("%d trials", n)
		}
	}
}
