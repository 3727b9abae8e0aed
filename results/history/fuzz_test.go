package history_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results/history"
)

// FuzzRunName: whatever a run is called, what is found is a journal in the folder that
// belongs to that name, and whatever becomes a name is a file beside the others.
func FuzzRunName(f *testing.F) {
	for _, word := range []string{"3f2k", "20261120", "20261120-3f2k", "", "..", "../20261120-3f2k", "-3f2k", "x", "main"} {
		f.Add(word)
	}
	dir := f.TempDir()
	for _, id := range []string{"20261120-3f2k", "20261120-aaaa", "20261121-3f2k"} {
		complete(f, dir, id, 0)
	}
	f.Fuzz(func(t *testing.T, word string) {
		lookedUp(t, dir, word)
		if _, err := history.SaveAs(dir, word, "20261120-3f2k"); err != nil {
			return
		}
		if found, err := history.Lookup(dir, word); err != nil || found != "20261120-3f2k" || filepath.Base(word) != word {
			t.Errorf("%q was saved, and stands for %q, %v", word, found, err)
		}
		must(t, os.Remove(filepath.Join(dir, "names", word)))
	})
}

// lookedUp looks a word up, which has to be a part of what is found.
func lookedUp(t *testing.T, dir, word string) {
	t.Helper()
	id, err := history.Lookup(dir, word)
	var several *history.Ambiguous
	switch {
	case errors.As(err, &several):
		id = several.IDs[0]
	case errors.Is(err, history.ErrNone):
		return
	case err != nil:
		t.Fatalf("%q: %v", word, err)
	}
	if _, err := os.Stat(filepath.Join(dir, id+history.Suffix)); err != nil || word == "" || !strings.Contains(id, word) {
		t.Errorf("%q stands for %q", word, id)
	}
}
