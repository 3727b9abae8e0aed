package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// An old file stays whole until the new one is: another name of it keeps what it
// had, and a writer that fails half-way changes nothing and leaves nothing.
func TestSaveReplacesAFileAtOnce(t *testing.T) {
	dir := t.TempDir()
	path, other := filepath.Join(dir, "out.csv"), filepath.Join(dir, "other")
	check := func(name, want string) {
		t.Helper()
		if got, err := os.ReadFile(name); string(got) != want || err != nil {
			t.Errorf("%s holds %q, error %v; want %q", filepath.Base(name), got, err, want)
		}
	}
	write := func(text string, fails error) writer {
		return func(w io.Writer, _ *results.Judgement, _ string) error {
			_, err := io.WriteString(w, text)
			return errors.Join(err, fails)
		}
	}
	if err := errors.Join(os.WriteFile(path, []byte("old"), 0o644), os.Link(path, other)); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if err := saveFile(output{path, write("ha", broken)}, nil, ""); !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
	check(path, "old")
	if err := saveFile(output{path, write("new", nil)}, nil, ""); err != nil {
		t.Error(err)
	}
	check(path, "new")
	check(other, "old")
	if entries, err := os.ReadDir(dir); len(entries) != 2 || err != nil {
		t.Errorf("%d files are left, error %v", len(entries), err)
	}
}
