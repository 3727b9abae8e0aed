package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/bench"
)

// TestWorse holds every pair of exit codes against the order that the help topic
// promises, whichever comes first.
func TestWorse(t *testing.T) {
	order := []int{
		exitInternal, exitUnwritten, 129, exitIncomplete, exitInvalid, exitGate, exitUndecided,
	}
	for i, more := range order {
		for _, less := range order[i+1:] {
			a, b := &failure{code: more, err: errors.New("a")}, &failure{code: less, err: errors.New("b")}
			if got := worse(a, b); got != a {
				t.Errorf("worse(%d, %d) is %d", more, less, got.code)
			}
			if got := worse(b, a); got != a {
				t.Errorf("worse(%d, %d) is %d", less, more, got.code)
			}
		}
	}
	if got := worse(nil, nil); got != nil {
		t.Errorf("worse of nothing is %v", got)
	}
}

// TestTell prints one line for each error and one hint, whatever is in the text
// of the errors: it may come from a server or a file.
func TestTell(t *testing.T) {
	for _, c := range []struct {
		err  error
		code int
		want string
	}{
		{nil, 0, ""},
		{errors.New("a\nb\x1b[31m"), exitUsage, "fetchbench: error: a b\\x1b[31m\n"},
		{errors.Join(errors.New("a"), errors.New("b")), exitUsage, "fetchbench: error: a\nfetchbench: error: b\n"},
		{&failure{code: exitGate, err: errors.New("a"), hint: "b"}, exitGate, "fetchbench: error: a\nfetchbench: hint: b\n"},
		{fmt.Errorf("around: %w", &failure{code: exitInvalid, err: errors.New("a")}), exitInvalid, "fetchbench: error: a\n"},
		{&failure{code: 130}, 130, ""}, // all has been said
		{
			worse(&failure{code: 5, err: errors.New("a"), hint: "b"}, &failure{code: 5, err: errors.New("c"), hint: "d"}), 5,
			"fetchbench: error: c\nfetchbench: error: a\nfetchbench: hint: d\n",
		},
	} {
		var said bytes.Buffer
		if code := tell(&said, c.err); code != c.code || said.String() != c.want {
			t.Errorf("tell(%v) = %d, %q; want %d, %q", c.err, code, said.String(), c.code, c.want)
		}
	}
}

// A bomb panics where a program reads or writes.
type bomb struct{}

func (bomb) Read([]byte) (int, error)  { panic("bang") }
func (bomb) Write([]byte) (int, error) { panic("bang") }

// TestPanicIsAnInternalError: what is wrong with the program is told from what is
// wrong with its use, with the place to report.
func TestPanicIsAnInternalError(t *testing.T) {
	var said bytes.Buffer
	code := run(context.Background(), []string{"run", "--urls", "-"}, bomb{}, io.Discard, &said)
	if code != exitInternal {
		t.Errorf("exit code %d, want %d", code, exitInternal)
	}
	for _, want := range []string{"fetchbench: error: internal error: bang\n", "fetchbench: hint: please report", "bomb"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("no %q in\n%s", want, &said)
		}
	}
	if code := run(context.Background(), []string{"version"}, strings.NewReader(""), bomb{}, &said); code != exitInternal {
		t.Errorf("exit code %d, want %d", code, exitInternal)
	}
}

// A bombed contender panics in its trial, and counts how often it was closed.
type bombed struct{ closed int }

func (*bombed) String() string                            { return "bombed" }
func (*bombed) Limit(n int) int                           { return n }
func (*bombed) Fetch(context.Context, *bench.Batch) error { panic("bang") }
func (b *bombed) Close() error                            { b.closed++; return context.Canceled }

// TestPanicOfAContenderLeavesNothing: what was started for the run is ended first.
func TestPanicOfAContenderLeavesNothing(t *testing.T) {
	plan, err := bench.Defaults("article")
	if err != nil {
		t.Fatal(err)
	}
	plan.Upstream.Form, plan.Baseline = bench.FormMock, ""
	own := &bombed{}
	defer func() {
		if v := recover(); v == nil || own.closed != 1 {
			t.Errorf("recovered %v, and the contender was closed %d times, want once", v, own.closed)
		}
	}()
	s := &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}
	t.Errorf("it ended with %v", measure(t.Context(), s, plan, products{}, t.TempDir(), own))
}
