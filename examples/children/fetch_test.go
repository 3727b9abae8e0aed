package children_test

import (
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/child"
	"github.com/fetchbench/fetchbench/results"
)

// plan is one of one round against a server in this process, of n requests that take
// 50 ms times scale each.
func plan(t *testing.T, n int, scale float64) bench.Plan {
	t.Helper()
	p, err := bench.Defaults("constant")
	if err != nil {
		t.Fatal(err)
	}
	p.Requests, p.Rounds, p.Warmup, p.Pause = n, 1, 0, 0
	p.Upstream.Form, p.Upstream.Scale = bench.FormServer, scale
	p.Makers = []bench.Maker{child.Maker()}
	return p
}

// trials makes the run of a plan, and checks that no process is left.
func trials(t *testing.T, p bench.Plan) (list []results.Trial) {
	t.Helper()
	left := marked(t)
	for trial, err := range bench.Run(t.Context(), p) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, trial)
	}
	if processes := left(); len(processes) > 0 {
		t.Errorf("there are left %q", processes)
	}
	return list
}

// good checks a trial in which every request was answered: the records are complete, and
// the upstream agrees with them.
func good(t *testing.T, trial *results.Trial, n int) {
	t.Helper()
	c := trial.Claimed
	if trial.Outcome != results.OK || trial.Tally.OK != n || len(trial.Requests) != n || c == nil || !c.Records {
		t.Errorf("%s: %s, %+v, claimed %+v", trial.Contender, trial.Outcome, trial.Tally, c)
		return
	}
	if len(trial.Seen.Differs) > 0 || trial.Seen.Requests != n {
		t.Errorf("%s: the upstream saw %+v", trial.Contender, trial.Seen)
	}
	begun(t, trial)
	if c.ElapsedNS <= 0 || c.CPUNS <= 0 || c.MaxBytes <= 0 {
		t.Errorf("%s says of itself %+v", trial.Contender, c)
	}
}

// begun checks that a trial tells of every answer when it began.
func begun(t *testing.T, trial *results.Trial) {
	t.Helper()
	for _, r := range trial.Requests {
		if r.Phases.WaitNS <= 0 {
			t.Errorf("%s does not say when the answer to request %d began: %+v", trial.Contender, r.Index, r.Phases)
		}
	}
}

// Every example makes one request after the other where it is asked to.
func TestExamplesFetchOneAfterTheOther(t *testing.T) {
	all := examples(t)
	for _, n := range []int{1, 10, 50} {
		p := plan(t, n, 0.02)
		p.Contenders = nil
		for _, e := range all {
			p.Contenders = append(p.Contenders, "exec/sequential:"+e.command)
		}
		list := trials(t, p)
		for i := range list {
			good(t, &list[i], n)
			if list[i].Seen.Max != 1 {
				t.Errorf("%s: %d in flight", list[i].Contender, list[i].Seen.Max)
			}
		}
		if len(list) != len(p.Contenders) {
			t.Errorf("%d trials of %d contenders", len(list), len(p.Contenders))
		}
	}
}

// Every example that can have several requests in flight has as many as its client has
// by default, and as many as the spec says. Half of that is enough here: curl begins with
// one, and the machine may be busy.
func TestExamplesFetchAtOnce(t *testing.T) {
	const some = 3
	all := examples(t)
	for _, n := range []int{1, 10, 50} {
		p, most := plan(t, n, 2), map[string]int{}
		p.Contenders = nil
		for _, e := range all {
			if e.alone {
				continue
			}
			many, few := "exec:"+e.command, "exec/3:"+e.command
			most[many], most[few] = n, min(n, some)
			if e.most > 0 {
				most[many] = min(n, e.most)
			}
			p.Contenders = append(p.Contenders, many)
			if n == 10 {
				p.Contenders = append(p.Contenders, few)
			}
		}
		list := trials(t, p)
		for i := range list {
			good(t, &list[i], n)
			if at, limit := list[i].Seen.Max, most[list[i].Contender]; at > limit || 2*at < limit {
				t.Errorf("%s: %d of %d in flight at most, want %d", list[i].Contender, at, n, limit)
			}
		}
	}
}

// Where connections are kept an example opens none in its second batch, or it refuses
// the plan because it cannot keep them.
func TestExamplesKeepConnections(t *testing.T) {
	p, cold := plan(t, 10, 0.05), map[string]bool{}
	p.Connections, p.Rounds, p.Contenders = bench.Warm, 2, nil
	for _, e := range examples(t) {
		spec := "exec/sequential:" + e.command
		cold[spec] = e.cold
		p.Contenders = append(p.Contenders, spec)
	}
	list := trials(t, p)
	for i := range list {
		switch trial := &list[i]; {
		case cold[trial.Contender]:
			if f := trial.Tally.Failures; len(f) != 1 || f[0].Class != child.ClassRefused || !strings.Contains(f[0].Text, "reuse_client") {
				t.Errorf("%s: %s, %+v", trial.Contender, trial.Outcome, trial.Tally)
			}
		default:
			good(t, trial, 10)
			if trial.Round == 1 && trial.Seen.Connections > 0 {
				t.Errorf("%s: %d new connections where they are kept", trial.Contender, trial.Seen.Connections)
			}
		}
	}
}

// An example that can only make one request after the other says so where it is asked
// for more, instead of passing for a slow one.
func TestExamplesRefuseWhatTheyCannot(t *testing.T) {
	p := plan(t, 1, 0.05)
	p.Contenders, p.Limits.Timeout = nil, bench.Duration(time.Second)
	for _, e := range examples(t) {
		if e.alone {
			p.Contenders = append(p.Contenders, "exec:"+e.command)
		}
	}
	if len(p.Contenders) == 0 {
		t.Skip("SKIPPED: none of those is here")
	}
	list := trials(t, p)
	for i := range list {
		if f := list[i].Tally.Failures; len(f) != 1 || f[0].Class != child.ClassRefused || !strings.Contains(f[0].Text, "no mode concurrent") {
			t.Errorf("%s: %s, %+v", list[i].Contender, list[i].Outcome, list[i].Tally)
		}
	}
}
