package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// Of a run under way its page says how far it is and where to watch it, and nothing of a
// run that was killed; what there is of its report is behind a link.
func TestRunUnderWayIsNoReport(t *testing.T) {
	dir := t.TempDir()
	page := shown(t, dir)
	j := begin(t, dir, header("a", "sequential", "pool:2"))
	for i, name := range []string{"sequential", "pool:2"} {
		took := trialOf(0, name, 100*time.Millisecond)
		took.Position = i
		must(t, j.Append(&took))
	}
	text := ask(t, page, http.MethodGet, "/runs/a").text
	for _, want := range []string{"Under way: round 1 of 8, about ", `href="/live/a"`, `href="/runs/a?sofar=1"`} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s in %s", want, text)
		}
	}
	if strings.Contains(text, "killed") || strings.Contains(text, "no comparison") {
		t.Errorf("the page says %s", text)
	}
	if text := ask(t, page, http.MethodGet, "/runs/a?sofar=1").text; !strings.Contains(text, `id="numbers"`) {
		t.Errorf("the report so far says %s", text)
	}
	must(t, j.Close())
	if text := ask(t, page, http.MethodGet, "/runs/a").text; !strings.Contains(text, "killed") {
		t.Errorf("the report of a killed run says %s", text)
	}
}

// What is left of a run: the contender of 100 ms has 5 of 8 trials to go, that of 20 ms
// has 6, and 30 ms lie between two trials. So 5 x 130 ms + 6 x 50 ms = 950 ms.
func TestTimeLeft(t *testing.T) {
	run := &results.Run{Header: header("a", "sequential", "pool:2")}
	at := int64(0)
	for i := range 5 {
		name, took := run.Contenders[i%2].Name, time.Duration(100-80*(i%2))*time.Millisecond
		trial := trialOf(i/2, name, took)
		trial.StartNS = at
		at += took.Nanoseconds() + 30e6
		run.Trials = append(run.Trials, trial)
	}
	if left, ok := rest(run); !ok || left != 950*time.Millisecond {
		t.Errorf("%v left (%v), want 950ms", left, ok)
	}
	for precision, want := range map[float64]string{0: "Under way: round 3 of 8, about 1s left.", 0.05: "Under way: round 3 of at most 8, about 1s left."} {
		run.Design.Precision = precision
		if got := status(run, false, true); got != want {
			t.Errorf("precision %v: %q, want %q", precision, got, want)
		}
	}
	run.Trials, run.Design.Precision = run.Trials[:1], 0
	if got, want := status(run, false, true), "Under way: round 1 of 8."; got != want {
		t.Errorf("of a contender that nobody has seen: %q, want %q", got, want)
	}
}
