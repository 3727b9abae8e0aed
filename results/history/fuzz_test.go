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
		id, err := history.Lookup(dir, word)
		var several *history.Ambiguous
		switch {
		case errors.As(err, &several):
			id = several.IDs[0]
		case err != nil && !errors.Is(err, history.ErrNone):
			t.Errorf("%q: %v", word, err)
		}
		if err == nil || several != nil {
			if _, err := os.Stat(filepath.Join(dir, id+history.Suffix)); err != nil || word == "" || !strings.Contains(id, word) {
				t.Errorf("%q stands for %q", word, id)
			}
		}
		if _, err := history.SaveAs(dir, word, "20261120-3f2k"); err != nil {
			return
		}
		if found, err := history.Lookup(dir, word); err != nil || found != "20261120-3f2k" || filepath.Base(word) != word {
			t.Errorf("%q was saved, and stands for %q, %v", word, found, err)
		}
		if err := os.Remove(filepath.Join(dir, "names", word)); err != nil {
			t.Error(err)
		}
	})
}
