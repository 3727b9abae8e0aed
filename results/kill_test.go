package results_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// childVariable names the journal that this program is to write instead of
// running tests, as the process that TestR51KilledProcessLosesNothing kills.
const childVariable = "RESULTS_TEST_JOURNAL"

// TestMain is the test program, or the child of one.
func TestMain(m *testing.M) {
	if path := os.Getenv(childVariable); path != "" {
		if err := appendForever(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// appendForever appends trials and acknowledges each when Append has returned.
// It ends when nobody reads that any more, if it is not killed before.
func appendForever(path string) error {
	h := header("a")
	h.Target.Requests = 2500
	j, err := results.Create(path, h)
	for round := 0; err == nil; round++ {
		trial := drawnTrial(rand.New(rand.NewPCG(7, uint64(round))), round, "a", 2500)
		if err = j.Append(trial); err == nil {
			_, err = fmt.Println(round)
		}
	}
	return err
}

// killings is how many processes are killed: ten, or as many as CHAOS says.
func killings(t *testing.T) int {
	t.Helper()
	text, given := os.LookupEnv("CHAOS")
	if !given {
		return 10
	}
	n, err := strconv.Atoi(text)
	must(t, err)
	return n
}

// TestR51KilledProcessLosesNothing kills a process, which appends trials as fast
// as it can, with a signal that it cannot catch, again and again, after as many
// acknowledged trials as a generator says and wherever it is by then. Each
// acknowledged trial is read back, and at most one more.
func TestR51KilledProcessLosesNothing(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 51))
	for i := range killings(t) {
		path := filepath.Join(t.TempDir(), fmt.Sprint(i, ".jsonl"))
		acknowledged := appendUntilKilled(t, path, 1+draw.IntN(25))
		text := content(t, path)
		trials := streamed(t, text)
		if len(trials) != acknowledged && len(trials) != acknowledged+1 {
			t.Fatalf("%d trials acknowledged, %d read", acknowledged, len(trials))
		}
		for round := range trials {
			want := drawnTrial(rand.New(rand.NewPCG(7, uint64(round))), round, "a", 2500)
			equal(t, "trial", &trials[round], want)
		}
		run, err := results.Open(path)
		must(t, err)
		if run.Complete || run.Reason == "" {
			t.Errorf("complete %t, reason %q", run.Complete, run.Reason)
		}
	}
}

// appendUntilKilled starts the child and kills it when it has acknowledged n
// trials. It returns how many it had acknowledged when it was dead.
func appendUntilKilled(t *testing.T, path string, n int) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // only a hang takes so long
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0])
	child.Env = append(os.Environ(), childVariable+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	acknowledged := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		equal(t, "acknowledged", lines.Text(), fmt.Sprint(acknowledged))
		acknowledged++
		if acknowledged == n {
			must(t, child.Process.Kill())
		}
	}
	if err := child.Wait(); err == nil || acknowledged < n {
		t.Fatalf("the child ended by itself after %d trials: %v", acknowledged, err)
	}
	return acknowledged
}
