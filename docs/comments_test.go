package docs_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// Shares of comment lines among the lines of the program that are not blank. A
// fifth to a third is the aim; outside of these bounds something is wrong with
// the house, either because nobody explains or because nobody trusts the code to
// be read. Tests say what they claim in their names and tables, and do not count.
const (
	minCommentShare = 0.15
	maxCommentShare = 0.45
)

// commentary counts lines.
type commentary struct{ comments, written int }

// share is 0 for a file without a line.
func (c commentary) share() float64 {
	return float64(c.comments) / float64(max(c.written, 1))
}

// count looks at one file. A line that holds any part of a comment counts, also
// behind code, since there is something to read; a directive to the compiler
// does not, since there is not.
func count(s source) commentary {
	commented := map[int]bool{}
	for _, group := range s.file.Comments {
		for _, comment := range group.List {
			if strings.HasPrefix(comment.Text, "//go:") {
				continue
			}
			for line := s.line(comment.Pos()); line <= s.line(comment.End()); line++ {
				commented[line] = true
			}
		}
	}
	written := 0
	for line := range strings.Lines(s.text) {
		if strings.TrimSpace(line) != "" {
			written++
		}
	}
	return commentary{len(commented), written}
}

// TestCommentShare prints the share of each folder and judges that of all.
func TestCommentShare(t *testing.T) {
	var all commentary
	folders := map[string]commentary{}
	for _, s := range sources(t) {
		if s.test() {
			continue
		}
		c, f := count(s), folders[s.folder()]
		folders[s.folder()] = commentary{f.comments + c.comments, f.written + c.written}
		all = commentary{all.comments + c.comments, all.written + c.written}
	}
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		t.Logf("%4.1f %% of %5d lines in %s", 100*folders[folder].share(), folders[folder].written, folder)
	}
	t.Logf("%4.1f %% of %5d lines in all", 100*all.share(), all.written)
	if all.share() < minCommentShare || all.share() > maxCommentShare {
		t.Errorf("comments are %.1f %% of the lines, want %.0f to %.0f %%",
			100*all.share(), 100*minCommentShare, 100*maxCommentShare)
	}
}

// TestCountOfComments counts by hand: blank lines are in neither number, a blank
// comment line is in both, and what stands in a string is code.
func TestCountOfComments(t *testing.T) {
	for _, c := range []struct {
		text string
		want commentary
	}{
		{"package p\n", commentary{0, 1}},
		{"// Package p is.\n//\n// More.\npackage p\n\n\n", commentary{3, 4}},
		{"package p\n\nconst a = 1 // behind\n", commentary{1, 2}},
		{"package p\n\n/* two\nlines */\n", commentary{2, 3}},
		{"package p\n\n//go:embed x\nvar s = `\n// in a string\n`\n", commentary{0, 5}},
	} {
		if got := count(mustParse(t, "p/a.go", c.text)); got != c.want {
			t.Errorf("%q: got %+v, want %+v", c.text, got, c.want)
		}
	}
}
