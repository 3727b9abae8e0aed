package main

import (
	"os"
	"path/filepath"
	"testing"
)

// Whatever leads to a file is that file, and a link that leads nowhere, or to itself, is no
// reason to go on for ever.
func TestResolvedFollowsLinksToNothing(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, target := range map[string]string{"one": "two", "two": at("three"), "here": ".", "self": "self"} {
		if err := os.Symlink(target, at(name)); err != nil {
			t.Skipf("SKIPPED: no links here: %v", err)
		}
	}
	for path, want := range map[string]string{
		"one": "three", "two": "three", "three": "three", "here/three": "three", "here/here/one": "three", "./new": "new", "self": "self",
	} {
		if got := resolved(at(path)); got != at(want) {
			t.Errorf("%s is %s, want %s", path, got, at(want))
		}
	}
}
