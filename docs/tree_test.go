package docs_test

import (
	"fmt"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// topLevel is all that the top of the repository may hold, so that a newcomer
// sees four folders that answer four questions and nothing to wonder about.
func topLevel() []string {
	return []string{
		"fetchers", "bench", "results", "cmd", // the code
		"docs", "examples", "tools", ".ci", ".github", // around it
		"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE",
		"Makefile", "go.mod", "go.sum", ".gitignore", ".gitattributes", ".golangci.yml",
	}
}

// strangers returns the top-level entries that are not in that list.
func strangers(names []string) []string {
	var found []string
	for _, name := range names {
		top, _, _ := strings.Cut(name, "/")
		if !slices.Contains(topLevel(), top) && !slices.Contains(found, top) {
			found = append(found, top)
		}
	}
	return found
}

// leftovers returns a complaint for each line that was written for its author
// alone: a note to do something later, or a path of the author's machine. The
// words are put together here so that this file is not its own first finding.
func leftovers(name, text string) []string {
	forbidden := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME)\b|/(wo` + `rk|fa` + `rm)/`)
	var complaints []string
	number := 0
	for line := range strings.Lines(text) {
		number++
		if word := forbidden.FindString(line); word != "" {
			complaints = append(complaints, fmt.Sprintf("%s:%d: %q does not belong here", name, number, word))
		}
	}
	return complaints
}

// tracked lists what a clone would hold. Somebody's own out.csv beside the code
// is nobody's business; where git cannot answer, in an unpacked archive, every
// file counts.
func tracked(t *testing.T) []string {
	t.Helper()
	all := files(t)
	answer, err := exec.Command("git", "-C", root, "ls-files", "-z").Output()
	if err != nil || len(answer) == 0 {
		t.Logf("git lists no files here (%v): looking at all %d", err, len(all))
		return all
	}
	known := map[string]bool{}
	for name := range strings.SplitSeq(string(answer), "\x00") {
		known[name] = true
	}
	return slices.DeleteFunc(all, func(name string) bool { return !known[name] })
}

// TestTree looks at what is, or is about to be, in the repository. Checksums
// are left out: four letters in a row mean nothing in them.
func TestTree(t *testing.T) {
	names := tracked(t)
	for _, name := range strangers(names) {
		t.Errorf("%s does not belong at the top level", name)
	}
	for _, name := range names {
		if path.Base(name) != "go.sum" {
			complain(t, leftovers(name, read(t, name)))
		}
	}
}

// TestStrangersAreFound wants one complaint a stranger, however much is in it,
// and in the order of the listing.
func TestStrangersAreFound(t *testing.T) {
	names := []string{"bench/plan.go", "Makefile", "util/a.go", "util/b.go", "out.csv"}
	if got, want := strangers(names), []string{"util", "out.csv"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestLeftoversAreFound puts its words together as the rule does. Words that
// only contain a forbidden one, or are written in small letters, are allowed.
func TestLeftoversAreFound(t *testing.T) {
	for _, c := range []struct {
		text string
		want int
	}{
		{"a network/path, a todo list, AUTO" + "DO\n", 0},
		{"first\n// TO" + "DO: second\n", 1},
		{"FIX" + "ME\nFIX" + "ME\n", 2},
		{"see /wo" + "rk/main and file:///fa" + "rm/x\n", 1}, // one complaint a line
		{"no newline at the end: /fa" + "rm/", 1},
	} {
		if got := leftovers("f", c.text); len(got) != c.want {
			t.Errorf("%q: got %q, want %d", c.text, got, c.want)
		}
	}
}
