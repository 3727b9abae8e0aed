package bench_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
)

// TestPictureOfDrift draws what docs/statistics.md shows: the trials of the same
// contender twice against an upstream that becomes slower, in blocks and in rounds.
func TestPictureOfDrift(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 300" font-family="sans-serif" font-size="13" role="img">` + "\n")
	b.WriteString("<title>The same contender twice while the upstream becomes slower: in blocks the second seems slower, in rounds neither does</title>\n")
	b.WriteString(`<rect width="720" height="300" fill="#fff"/>` + "\n")
	for i, order := range []string{bench.Blocks, bench.Random} {
		run := drifting(t, order)
		verdict := results.Compare(run, "pool:5")[0].Verdict
		panel(&b, 360*i, order, verdict, run)
	}
	b.WriteString("</svg>\n")
	const file = "../docs/drift.svg"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	drawn, err := os.ReadFile(file)
	if err != nil || string(drawn) != b.String() {
		t.Errorf("docs/drift.svg is not what this draws (error %v): UPDATE=1 go test ./bench -run Picture", err)
	}
}

// drifting is a run of one contender twice against the profile drift.
func drifting(t *testing.T, order string) *results.Run {
	t.Helper()
	path := filepath.Join(t.TempDir(), "run.jsonl")
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "drift", "pool:5")
		p.AA, p.Order, p.Rounds, p.Warmup = true, order, 20, 0
		p.Pause = bench.Duration(200 * time.Millisecond)
		journal(t, path, p)
	})
	run, err := results.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// panel draws the trials of one run, their time over when they began.
func panel(b *strings.Builder, left int, order, verdict string, run *results.Run) {
	const top, height, width = 60, 190, 320
	last := run.Trials[len(run.Trials)-1]
	fmt.Fprintf(b, `<text x="%d" y="24" font-weight="bold">--order %s</text>`+"\n", left+20, order)
	fmt.Fprintf(b, `<text x="%d" y="44" fill="#444">verdict: %s</text>`+"\n", left+20, verdict)
	fmt.Fprintf(b, `<path d="M%d %dv%dh%d" fill="none" stroke="#888"/>`+"\n", left+20, top, height, width)
	for i := range run.Trials {
		t := &run.Trials[i]
		x := float64(left+24) + float64(width-10)*float64(t.StartNS)/float64(last.StartNS)
		y := float64(top+height) - float64(height-10)*float64(t.ElapsedNS)/float64(2*run.Trials[0].ElapsedNS)
		colour, shape := "#0b62a4", `<circle cx="%.1f" cy="%.1f" r="4" fill="%s"/>`
		if t.Contender != "pool:5" {
			colour, shape = "#c2410c", `<path d="M%.1f %.1fm-4 3.5l4-7 4 7z" fill="%s"/>`
		}
		fmt.Fprintf(b, shape+"\n", x, y, colour)
	}
	fmt.Fprintf(b, `<text x="%d" y="270" fill="#444">higher is slower; from left to right the %.0f s of the run</text>`+"\n", left+20, float64(last.StartNS)/1e9)
	fmt.Fprintf(b, `<text x="%d" y="290"><tspan fill="#0b62a4">● pool:5</tspan> <tspan fill="#c2410c">▲ pool:5 again</tspan></text>`+"\n", left+20)
}
