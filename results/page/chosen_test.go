package page_test

import (
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/page"
)

// Six bars stand for all of a run: the baseline, and of strategies, routes and programs the
// fastest and the slowest. In a run of this maker each contender is faster than the one
// before it.
func TestTheBarsHaveTheFastestAndTheSlowestOfEachKind(t *testing.T) {
	run := maker{names: []string{
		"goroutines", "sequential", "pool:4", "route:http://127.0.0.1:1/slow", "route:http://127.0.0.1:1/mid", "route:http://127.0.0.1:1/quick",
		"exec:slow", "exec:mid", "exec:quick", "waves:4",
	}, rounds: 10}.run()
	for i := range run.Contenders {
		c := &run.Contenders[i]
		switch kind, rest, _ := strings.Cut(c.Name, ":"); kind {
		case "route":
			c.Route = rest
		case "exec":
			c.Process = &results.Process{}
		}
	}
	run.Contenders[1].Asked = 1
	text := written(t, run, page.Options{})
	_, bars, _ := strings.Cut(text, `id="medians"`)
	bars, _, _ = strings.Cut(bars, "</figure>")
	contains(t, bars, "6 of 10 contenders", ">goroutines<", ">sequential<", ">:1/quick<", ">exec:quick<", ">waves:4<", ">:1/slow<")
	for _, name := range []string{">exec:mid<", ">:1/mid<", ">pool:4<"} {
		if strings.Contains(bars, name) {
			t.Errorf("there is a bar %s", name)
		}
	}
	// Without a sequential contender of its own there is a place for the slow program.
	run = maker{names: []string{"goroutines", "exec:slow", "exec:mid", "exec:quick", "waves:1", "waves:2", "waves:3", "waves:4"}, rounds: 10}.run()
	for i := range run.Contenders[1:4] {
		run.Contenders[1+i].Process = &results.Process{}
	}
	text = written(t, run, page.Options{})
	_, bars, _ = strings.Cut(text, `id="medians"`)
	bars, _, _ = strings.Cut(bars, "</figure>")
	contains(t, bars, "6 of 8 contenders", ">goroutines<", ">exec:slow<", ">exec:quick<", ">waves:4<")
}
