package history_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/history"
)

// TestListHasTheNewestFirst, whatever their ids say, and knows of each what its two
// ends tell.
func TestListHasTheNewestFirst(t *testing.T) {
	dir := t.TempDir()
	complete(t, dir, "20261120-aaaa", 1)
	complete(t, dir, "20261120-cccc", 0)
	complete(t, dir, "20261120-bbbb", 2)
	put(t, "not looked at", dir, "notes.txt")
	entries, err := history.List(dir)
	must(t, err)
	var ids []string
	for _, e := range entries {
		ids = append(ids, e.ID)
	}
	equal(t, "order", ids, []string{"20261120-bbbb", "20261120-aaaa", "20261120-cccc"})
	e := entries[0]
	equal(t, "state", e.State, history.Complete)
	equal(t, "brief", e.Brief, history.Brief{
		Started: noon(2), Target: history.Target{Hosts: []string{"127.0.0.1:1", "localhost:2"}, Requests: 3},
		Contenders: []string{"sequential", "pool:4"}, Done: 2, Planned: 2, Tool: "fetchbench 1.2.3",
	})
	equal(t, "path", e.Path, filepath.Join(dir, "20261120-bbbb.jsonl"))
	equal(t, "size", e.Size, int64(len(content(t, e.Path))))
}

// TestListOfNoFolderIsEmpty: nobody has measured yet.
func TestListOfNoFolderIsEmpty(t *testing.T) {
	entries, err := history.List(filepath.Join(t.TempDir(), "none"))
	if entries != nil || err != nil {
		t.Errorf("%v, %v", entries, err)
	}
}

// TestR60EveryJournalIsListedOrHasItsReason: damaged, older, newer, torn, empty,
// foreign and unreadable ones, a folder and a link that leads nowhere stand in the
// list with what is wrong with them, and a good one beside them is as if alone.
func TestR60EveryJournalIsListedOrHasItsReason(t *testing.T) {
	dir := t.TempDir()
	complete(t, dir, "good", 0)
	whole := content(t, dir, "good.jsonl")
	first, rest, _ := strings.Cut(whole, "\n")
	killed := whole[:strings.Index(whole, `{"type":"end"`)]
	put(t, content(t, "..", "testdata", "schema-1.jsonl"), dir, "old.jsonl")
	put(t, content(t, "testdata", "schema-2.jsonl"), dir, "newer.jsonl")
	put(t, "", dir, "empty.jsonl")
	put(t, first, dir, "begun.jsonl")
	put(t, "Dear journal\n", dir, "letter.jsonl")
	put(t, whole+`{"type":"dance"}`+"\n", dir, "strange.jsonl")
	put(t, killed+"garbage\n"+`{"type":"end","complete":true}`+"\n", dir, "damaged.jsonl")
	put(t, killed, dir, "killed.jsonl")
	put(t, killed+`{"type":"trial","rou`, dir, "torn.jsonl")
	put(t, killed+"\x00\x00\x00\n", dir, "zeros.jsonl")
	put(t, first+"\n", dir, "header.jsonl")
	put(t, killed+`{"type":"end","complete":false,"reason":"stopped by SIGINT"}`+"\n", dir, "stopped.jsonl")
	put(t, killed+`{"type":"resumed","round":1}`+"\n", dir, "resumed.jsonl")
	put(t, first+"\n"+rest[:strings.Index(rest, "\n")+1], dir, "warming.jsonl")
	must(t, os.Mkdir(filepath.Join(dir, "folder.jsonl"), 0o700))
	must(t, os.Symlink("nowhere.jsonl", filepath.Join(dir, "dangling.jsonl")))
	want := map[string]string{
		"good": "complete 2/2 ", "old": "complete 0/1 ", "killed": "incomplete 2/2 killed: the journal has no end",
		"torn": "incomplete 2/2 killed: the journal has no end", "zeros": "incomplete 2/2 killed: the journal has no end",
		"header":  "incomplete 0/2 killed: the journal has no end",
		"stopped": "incomplete 2/2 stopped by SIGINT", "resumed": "incomplete 1/2 killed: the journal has no end",
		"warming": "incomplete 0/2 killed: the journal has no end",
		"newer":   "line 1: written by fetchbench 2.0.0 in schema 2, this program reads schema 1",
		"empty":   "line 1: no journal: the first line is missing", "begun": "line 1: no journal: the first line is missing",
		"letter": "line 1: this is no journal of fetchbench", "strange": `near the end: unknown type "dance"`,
		"damaged": "near the end: this is no line of a journal", "folder": "this is no regular file",
		"dangling": "a link that leads to no file of this folder",
	}
	got := listed(t, dir)
	for id, text := range want {
		e := got[id]
		said := string(e.State) + " " + itoa(e.Done) + "/" + itoa(e.Planned) + " " + e.Reason
		if e.State == history.Unreadable {
			said = e.Problem
		}
		equal(t, id, said, text)
	}
	equal(t, "entries", len(got), len(want))
}

// itoa writes a small number.
func itoa(n int) string {
	if n < 0 {
		return "-" + itoa(-n)
	}
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

// TestSkimAgreesWithRead on how a run ended and how many rounds it has, for journals
// cut after every line and in the middle of every line.
func TestSkimAgreesWithRead(t *testing.T) {
	dir := t.TempDir()
	complete(t, dir, "run", 0)
	whole := content(t, dir, "run.jsonl")
	first := strings.Index(whole, "\n") + 1
	for size := first; size <= len(whole); size++ {
		text := whole[:size]
		run, err := results.Read(strings.NewReader(text))
		must(t, err)
		g, err := results.Skim(strings.NewReader(text), int64(size))
		must(t, err)
		if g.Done != len(run.Rounds()) || g.Complete != run.Complete || g.Torn != run.Torn || g.ID != run.ID {
			t.Fatalf("cut after %d bytes: %d rounds, complete %v, torn %d, want %d, %v, %d", size, g.Done, g.Complete, g.Torn, len(run.Rounds()), run.Complete, run.Torn)
		}
	}
}

// TestSkimAgreesWithReadOfBlocks: after all rounds of the first contender no round is
// whole, and each trial of the last one makes one more.
func TestSkimAgreesWithReadOfBlocks(t *testing.T) {
	dir := t.TempDir()
	h := header("run", 0)
	h.Design.Order = "blocks"
	j, err := results.Create(filepath.Join(dir, "run.jsonl"), h)
	must(t, err)
	for position := range h.Contenders {
		for round := -h.Design.Warmup; round < h.Design.Rounds; round++ {
			made := trial(round, position)
			must(t, j.Append(&made))
			run, err := results.Read(strings.NewReader(content(t, dir, "run.jsonl")))
			must(t, err)
			want := max(0, (round+1)*position)
			if e := listed(t, dir)["run"]; e.Done != want || e.Done != len(run.Rounds()) {
				t.Errorf("after round %d of contender %d: listed %d rounds, read %d, want %d", round, position, e.Done, len(run.Rounds()), want)
			}
		}
	}
	must(t, j.Close())
}

// A counter counts the bytes that are read.
type counter struct {
	io.ReaderAt
	bytes int
}

// ReadAt reads and counts.
func (c *counter) ReadAt(p []byte, off int64) (int, error) {
	c.bytes += len(p)
	return c.ReaderAt.ReadAt(p, off)
}

// TestSkimReadsTheEndsOnly: a journal of a hundred megabytes takes as little as a
// small one.
func TestSkimReadsTheEndsOnly(t *testing.T) {
	dir := t.TempDir()
	complete(t, dir, "run", 0)
	whole := content(t, dir, "run.jsonl")
	end := strings.Index(whole, "\n") + 1
	filler := `{"type":"requests","first":0,"n":0,"x":"` + strings.Repeat("x", 1<<20) + `"}` + "\n"
	text := whole[:end] + strings.Repeat(filler, 20) + whole[end:]
	c := &counter{ReaderAt: strings.NewReader(text)}
	g, err := results.Skim(c, int64(len(text)))
	must(t, err)
	if g.Done != 2 || !g.Complete || c.bytes > 16<<10 {
		t.Errorf("%d rounds, complete %v, after reading %d bytes", g.Done, g.Complete, c.bytes)
	}
	// Behind the last trial there is more than is looked through.
	text = whole[:end] + strings.Repeat(filler, 200)
	c = &counter{ReaderAt: strings.NewReader(text)}
	g, err = results.Skim(c, int64(len(text)))
	must(t, err)
	if g.Done != -1 || g.Complete || c.bytes > 40<<20 {
		t.Errorf("%d rounds, complete %v, after reading %d bytes", g.Done, g.Complete, c.bytes)
	}
}

// TestRunsUnderWayAreTold from those that were killed, and are removed by nobody.
func TestRunsUnderWayAreTold(t *testing.T) {
	dir := t.TempDir()
	j := record(t, dir, "run", 0, 3)
	e := listed(t, dir)["run"]
	equal(t, "state", [2]any{e.State, e.Done}, [2]any{history.Running, 1})
	if _, err := history.Remove(dir, "run", false); !errors.Is(err, results.ErrBusy) {
		t.Errorf("removing it: %v", err)
	}
	must(t, j.Close())
	e = listed(t, dir)["run"]
	equal(t, "state", [2]any{e.State, e.Done}, [2]any{history.Incomplete, 1})
	if _, err := history.Remove(dir, "run", false); err != nil {
		t.Errorf("removing it: %v", err)
	}
}

// TestListingLeavesTheJournalFree: a run that was listed can be resumed.
func TestListingLeavesTheJournalFree(t *testing.T) {
	dir := t.TempDir()
	must(t, record(t, dir, "run", 0, 1).Close())
	listed(t, dir)
	j, _, err := results.Reopen(filepath.Join(dir, "run.jsonl"))
	must(t, err)
	must(t, j.Close())
}

// TestMatchesLooksAtWhatIsShown in any letter case.
func TestMatchesLooksAtWhatIsShown(t *testing.T) {
	e := history.Entry{ID: "20261120-3f2k", Names: []string{"main"}, State: history.Complete}
	e.Target.Hosts, e.Contenders, e.Reason = []string{"api.example.com"}, []string{"pool:8"}, "secret"
	for word, want := range map[string]bool{"3F2K": true, "Main": true, "example": true, "pool": true, "secret": false, "": true, "COMPLETE": true, "comp": false} {
		equal(t, word, e.Matches(word), want)
	}
	e.State = history.Incomplete
	equal(t, "complete, of an incomplete one", e.Matches("complete"), false)
	e.Target.Profile = "article"
	equal(t, "profile", e.Matches("ARTI"), true)
}

// TestR41OpenLeadsNowhereElse: ids of somebody else are letters, digits, - and _, and a
// link that leaves the folder is not followed.
func TestR41OpenLeadsNowhereElse(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "runs")
	must(t, os.Mkdir(dir, 0o700))
	complete(t, parent, "outside", 0)
	complete(t, dir, "run", 0)
	must(t, os.Symlink("../outside.jsonl", filepath.Join(dir, "link.jsonl")))
	file, err := history.Open(dir, "run")
	must(t, err)
	must(t, file.Close())
	for _, id := range strays() {
		if file, err := history.Open(dir, id); err == nil {
			t.Errorf("opened %q: %s", id, file.Name())
		}
	}
	if _, err := history.Open(dir, "none"); !errors.Is(err, history.ErrNone) {
		t.Errorf("none: %v", err)
	}
	if e := listed(t, dir)["link"]; e.State != history.Unreadable || e.Problem != "a link that leads to no file of this folder" || !e.When().IsZero() {
		t.Errorf("the link is listed as %+v", e)
	}
	if slices.Contains(strays(), "run") {
		t.Error("the list of strays has a good id in it")
	}
}

// strays are words that would leave the folder, or that no file can be called.
func strays() []string {
	return []string{
		"", ".", "..", "../outside", "../runs/run", "/etc/passwd", "a\x00b", "run.jsonl", "link", "ru n", "run/", "./run", `..\outside`,
		strings.Repeat("a", 65), "r\u200bun", "\u202erun", "ｒun", "run\n", "names/main", "%2e%2e",
	}
}
