package results_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/fetchbench/fetchbench/results"
)

// A growing file has what was written to it so far.
type growing struct {
	text []byte
	at   int64
}

// Read reads what is there.
func (g *growing) Read(p []byte) (int, error) {
	if g.at >= int64(len(g.text)) {
		return 0, io.EOF
	}
	n := copy(p, g.text[g.at:])
	g.at += int64(n)
	return n, nil
}

// Seek goes to a place.
func (g *growing) Seek(to int64, whence int) (int64, error) {
	if whence != io.SeekStart {
		return 0, errors.ErrUnsupported
	}
	g.at = to
	return to, nil
}

// However a journal grows, a byte at a time or all at once, who follows it knows after
// each step what Read makes of the lines that are whole.
func TestFollowerKnowsWhatReadKnows(t *testing.T) {
	run := timed([]string{"sequential", "pool:2"}, []float64{1, 2}, []float64{0.5, 1})
	whole := content(t, journal(t, run))
	for _, step := range []int{1, 7, 300, len(whole)} {
		g := &growing{}
		f := results.Follow(g)
		for end := 0; end < len(whole); {
			end = min(end+step, len(whole))
			g.text = whole[:end]
			_, err := f.More(t.Context())
			must(t, err)
			lines := whole[:bytes.LastIndexByte(whole[:end], '\n')+1]
			if len(lines) == 0 {
				if f.Run().Schema != 0 {
					t.Fatalf("after %d bytes there is a header", end)
				}
				continue
			}
			want, err := results.Read(bytes.NewReader(lines))
			must(t, err)
			if !f.Ended() {
				want.Reason = ""
			}
			equal(t, "the run so far", f.Run(), want, cmpopts.EquateEmpty())
		}
		if !f.Ended() {
			t.Errorf("in steps of %d the run has not ended", step)
		}
		if grown, err := f.More(t.Context()); grown || err != nil {
			t.Errorf("at the end: grown is %v, %v", grown, err)
		}
	}
}

// A run that goes on after it was killed is followed over the place where the crash
// left half a line, which resuming cuts off.
func TestFollowerGoesOnWithAResumedRun(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.jsonl")
	j, err := results.Create(path, header("sequential"))
	must(t, err)
	first, again := succeeded(0, "sequential", 1e9), succeeded(1, "sequential", 2e9)
	must(t, j.Append(&first))
	must(t, j.Close())
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0)
	must(t, err)
	defer func() { must(t, file.Close()) }()
	for _, torn := range []string{`{"type":"trial","round":1,"contender":"half of a very long line, longer than what comes after it`, "\x00\x00\x00\x00\n"} {
		_, err = file.WriteString(torn)
		must(t, err)
		f := results.Follow(file)
		grown, err := f.More(t.Context())
		if before := len(f.Run().Trials); err != nil || !grown || before != 1 {
			t.Fatalf("before: %d trials, %v", before, err)
		}
		j, _, err = results.Reopen(path)
		must(t, err)
		must(t, j.Resume(1))
		must(t, j.Append(&again))
		must(t, j.Close())
		grown, err = f.More(t.Context())
		if trials := f.Run().Trials; err != nil || !grown || len(trials) != 2 || trials[1].ElapsedNS != 2e9 || len(f.Run().Resumed) == 0 {
			t.Errorf("after: %d trials, %v", len(trials), err)
		}
		j, _, err = results.Reopen(path)
		must(t, err)
		must(t, j.Resume(1)) // for the next kind of torn end
		must(t, j.Close())
	}
}

// What is no journal, and a line that is none, is an error; who does not wait gets
// no further.
func TestFollowerRefusesWhatIsDamaged(t *testing.T) {
	whole := content(t, journal(t, timed([]string{"sequential"}, []float64{1, 2})))
	first := bytes.IndexByte(whole, '\n') + 1
	for name, text := range map[string][]byte{
		"no journal": []byte("hello\nthere\n"), "no header": whole[first:],
		"damaged":      bytes.Join([][]byte{whole[:first], []byte("rubbish\n"), whole[first:]}, nil),
		"unknown line": append(bytes.Clone(whole), "{\"type\":\"x\"}\n"...), "another schema": []byte("{\"type\":\"run\",\"schema\":99}\n"),
	} {
		if _, err := results.Follow(&growing{text: text}).More(t.Context()); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	f := results.Follow(&growing{text: whole})
	if _, err := f.More(gone); !errors.Is(err, context.Canceled) || f.Run().Schema != 0 {
		t.Errorf("who has gone got %v", err)
	}
}
