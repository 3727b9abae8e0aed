package history_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/fetchbench/fetchbench/results/history"
)

// TestFindKnowsARunByItsNames: by its id, a beginning or the last part of it, a
// beginning of that, the name that it was saved under, and a path.
func TestFindKnowsARunByItsNames(t *testing.T) {
	dir := t.TempDir()
	complete(t, dir, "20261120-mainz", 0)
	complete(t, dir, "20261121-bbbb", 1)
	complete(t, dir, "20261121-bbbb2", 1)
	_, err := history.SaveAs(dir, "main", "20261121-bbbb")
	must(t, err)
	path := func(id string) string { return filepath.Join(dir, id+".jsonl") }
	for word, want := range map[string]string{
		"20261120-mainz": path("20261120-mainz"), "20261120": path("20261120-mainz"),
		"main":                 path("20261121-bbbb"),  // the name, and no beginning of the last part
		"mai":                  path("20261120-mainz"), // which this is
		"bbbb":                 path("20261121-bbbb"),  // and no beginning of the other
		"20261121-bbbb":        path("20261121-bbbb"),
		path("20261120-mainz"): path("20261120-mainz"),
	} {
		got, err := history.Find(dir, word)
		if err != nil || got != want {
			t.Errorf("%q is %s, %v, want %s", word, got, err, want)
		}
	}
	var ambiguous *history.Ambiguous
	if _, err := history.Find(dir, "2026112"); !errors.As(err, &ambiguous) || len(ambiguous.IDs) != 3 {
		t.Errorf("2026112: %v", err)
	}
	if _, err := history.Find(dir, "bbb"); !errors.As(err, &ambiguous) || len(ambiguous.IDs) != 2 {
		t.Errorf("bbb: %v", err)
	}
	if _, err := history.Lookup(dir, path("20261120-mainz")); !errors.Is(err, history.ErrNone) {
		t.Errorf("a path is no id: %v", err)
	}
	if _, err := history.Find(filepath.Join(dir, "none"), "main"); !errors.Is(err, history.ErrNone) {
		t.Errorf("without a folder: %v", err)
	}
	words, err := history.Words(dir)
	must(t, err)
	equal(t, "words", words, []string{"main", "20261121-bbbb2", "20261121-bbbb", "20261120-mainz"})
}

// TestNamesAreNobodyElses: what one run is called by no other is saved as; and where a
// journal has come that is called as another is saved, the word stands for neither.
func TestNamesAreNobodyElses(t *testing.T) {
	dir := t.TempDir()
	complete(t, dir, "20261120-heg7", 0)
	complete(t, dir, "20261121-bbbb", 1)
	complete(t, dir, "release-one", 2)
	for name, want := range map[string]string{
		"heg7": `"heg7" is the last part of the id of run 20261120-heg7`, "release": `"release" is the beginning of the id of run release-one`,
		"release-one": `"release-one" is the id of a run`,
	} {
		if err := history.CheckFree(dir, name); err == nil || err.Error() != want {
			t.Errorf("%s is free: %v, want %s", name, err, want)
		}
		if _, err := history.SaveAs(dir, name, "20261121-bbbb"); err == nil || err.Error() != want {
			t.Errorf("saved as %s: %v, want %s", name, err, want)
		}
	}
	must(t, history.CheckFree(dir, "main"))
	must(t, history.CheckFree(filepath.Join(dir, "none"), "main"))
	_, err := history.SaveAs(dir, "heg7", "20261120-heg7") // as it is called already
	must(t, err)
	_, err = history.Lookup(dir, "heg7")
	must(t, err)
	_, err = history.SaveAs(dir, "main", "20261121-bbbb")
	must(t, err)
	for _, late := range []string{"20261122-main", "main"} {
		complete(t, dir, late, 3)
		var several *history.Ambiguous
		if id, err := history.Lookup(dir, "main"); !errors.As(err, &several) || !slices.Contains(several.IDs, late) || !slices.Contains(several.IDs, "20261121-bbbb") {
			t.Errorf("beside %s, main is %q, %v", late, id, err)
		}
		_, err = history.Remove(dir, late, false)
		must(t, err)
	}
	if id, err := history.Lookup(dir, "main"); err != nil || id != "20261121-bbbb" {
		t.Errorf("main is %q, %v", id, err)
	}
}

// TestAmbiguousNamesAFew of many.
func TestAmbiguousNamesAFew(t *testing.T) {
	err := &history.Ambiguous{Word: "a", IDs: []string{"a1", "a2", "a3", "a4", "a5", "a6", "a7"}}
	equal(t, "text", err.Error(), `run "a" is ambiguous: a1, a2, a3, a4, a5 and 2 more`)
}

// TestR41WordsLeadNowhereElse: no word finds a run outside of the folder by its id or
// name, whatever the file of a name says.
func TestR41WordsLeadNowhereElse(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "runs")
	must(t, os.MkdirAll(filepath.Join(dir, "names"), 0o700))
	complete(t, parent, "outside", 0)
	complete(t, dir, "run", 0)
	for i, text := range []string{"../outside\n", parent + "/outside\n", "..\\outside\n", "run\nrun\n", "", "\n", strings.Repeat("a", 10_000)} {
		put(t, text, dir, "names", fmt.Sprintf("name%d", i))
	}
	must(t, os.Symlink(filepath.Join(parent, "outside.jsonl"), filepath.Join(dir, "names", "linked")))
	must(t, os.Mkdir(filepath.Join(dir, "names", "folder"), 0o700))
	for _, word := range append(strays(), "name0", "name1", "name2", "name3", "name4", "name5", "name6", "linked", "folder", "names", "names/name0") {
		if word == "link" || word == "run.jsonl" {
			continue // they are not there
		}
		if id, err := history.Lookup(dir, word); !errors.Is(err, history.ErrNone) {
			t.Errorf("%.80q is %q, %v", word, id, err)
		}
	}
	equal(t, "names of the run", listed(t, dir)["run"].Names, []string(nil))
}

// TestSaveAsMovesTheName from the run that had it, and leaves one file.
func TestSaveAsMovesTheName(t *testing.T) {
	dir := t.TempDir()
	complete(t, dir, "a", 0)
	complete(t, dir, "b", 1)
	for _, step := range []struct{ name, id, had string }{{"main", "a", ""}, {"v1.2", "a", ""}, {"main", "b", "a"}, {"main", "b", "b"}} {
		had, err := history.SaveAs(dir, step.name, step.id)
		must(t, err)
		equal(t, step.name+" had", had, step.had)
	}
	got := listed(t, dir)
	equal(t, "a", got["a"].Names, []string{"v1.2"})
	equal(t, "b", got["b"].Names, []string{"main"})
	files, err := filepath.Glob(filepath.Join(dir, "names", "*"))
	must(t, err)
	hidden, err := filepath.Glob(filepath.Join(dir, "names", ".*"))
	must(t, err)
	equal(t, "files", len(files)+len(hidden), 2)
	if _, err := history.SaveAs(dir, "main", "none"); !errors.Is(err, history.ErrNone) {
		t.Errorf("saving what is not there: %v", err)
	}
	equal(t, "after a refusal", content(t, dir, "names", "main"), "b\n")
}

// TestR41NamesAreFileNames anywhere, and never look like an id.
func TestR41NamesAreFileNames(t *testing.T) {
	dir := t.TempDir()
	complete(t, dir, "run", 0)
	bad := append(strays(), "20261120-3f2k", "2026", "-n", "_x", ".hidden", "con", "CON", "nul.txt", "com1", "LPT9.x", "main.", "mäin", "a b", "a/b", "a:b", "a*", "א", "main\u200d")
	for _, name := range bad {
		if name == "run.jsonl" || name == "link" {
			continue // good names, as it happens
		}
		if _, err := history.SaveAs(dir, name, "run"); err == nil {
			t.Errorf("saved as %.80q", name)
		}
	}
	for _, name := range []string{"main", "v1.2", "a", "release_1-2", "run.jsonl", "common", "com", "com12", strings.Repeat("a", 64)} {
		if _, err := history.SaveAs(dir, name, "run"); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestRemoveTakesTheNamesAlong, and with dry nothing.
func TestRemoveTakesTheNamesAlong(t *testing.T) {
	dir := t.TempDir()
	complete(t, dir, "a", 0)
	complete(t, dir, "b", 1)
	put(t, "", dir, "empty.jsonl")
	for _, name := range []string{"main", "best"} {
		_, err := history.SaveAs(dir, name, "a")
		must(t, err)
	}
	_, err := history.SaveAs(dir, "other", "b")
	must(t, err)
	for _, dry := range []bool{true, false} {
		names, err := history.Remove(dir, "a", dry)
		must(t, err)
		equal(t, "names", names, []string{"best", "main"})
		_, there := listed(t, dir)["a"]
		equal(t, "still there", there, dry)
	}
	if _, err := history.Remove(dir, "a", false); !errors.Is(err, history.ErrNone) {
		t.Errorf("removed twice: %v", err)
	}
	_, err = history.Remove(dir, "empty", false)
	must(t, err)
	equal(t, "what is left", listed(t, dir)["b"].Names, []string{"other"})
	if id, err := history.Lookup(dir, "main"); !errors.Is(err, history.ErrNone) {
		t.Errorf("main is still %s, %v", id, err)
	}
}

// TestANameWithoutItsRunSaysSo: somebody has removed the journal with other means.
func TestANameWithoutItsRunSaysSo(t *testing.T) {
	dir := t.TempDir()
	complete(t, dir, "a", 0)
	_, err := history.SaveAs(dir, "main", "a")
	must(t, err)
	must(t, os.Remove(filepath.Join(dir, "a.jsonl")))
	_, err = history.Find(dir, "main")
	if !errors.Is(err, history.ErrNone) || !strings.Contains(err.Error(), "the name stands for a, which is gone") {
		t.Error(err)
	}
}

// TestR59NamesAtOnce: twenty runs that are saved under one name at the same time while
// others list the folder leave one of them with the name, and nothing else behind.
func TestR59NamesAtOnce(t *testing.T) {
	dir := t.TempDir()
	const many = 20
	for i := range many {
		complete(t, dir, fmt.Sprintf("run%d", i), i)
	}
	var savers sync.WaitGroup
	errs, lists := make([]error, many), make([]int, many)
	for i := range many {
		savers.Go(func() {
			_, errs[i] = history.SaveAs(dir, "main", fmt.Sprintf("run%d", i))
			entries, err := history.List(dir)
			errs[i], lists[i] = errors.Join(errs[i], err), len(entries)
		})
	}
	savers.Wait()
	must(t, errors.Join(errs...))
	id, err := history.Lookup(dir, "main")
	must(t, err)
	equal(t, "names", listed(t, dir)[id].Names, []string{"main"})
	equal(t, "lists", slices.Compact(lists), []int{many})
	files, err := os.ReadDir(filepath.Join(dir, "names"))
	must(t, err)
	equal(t, "files", len(files), 1)
}
