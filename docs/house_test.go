// Package docs_test holds the sources to the rules that the documents state:
// who may import whom, how large a function, a file, a struct or an interface
// may grow, what has to be documented, and what the tree may hold.
//
// It reads the sources as text and as syntax trees and runs none of them; it
// says nothing about style that a formatter settles. Sizes are lines, fields,
// methods and branches, counted as each rule says.
//
// A rule is a pure function from sources to complaints, so that each one is
// also run on a fabricated offender: a rule that cannot fail guards nothing.
// Run one of them with, for example,
//
//	go test ./docs -run TestBudgets/lines_per_function
package docs_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module is the path under which the packages of this repository are imported.
const module = "github.com/fetchbench/fetchbench"

// root is the top of the repository, seen from the folder these tests run in.
const root = ".."

// source is one Go file, parsed once and read by every rule.
type source struct {
	path string // from the top of the repository, with forward slashes
	text string
	file *ast.File
	fset *token.FileSet
}

// parse reads a file that need not exist, so that offenders can be made up. It
// resolves no names: that would need the packages that are imported, and every
// rule is about what is written in one place.
func parse(name, text string) (source, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	return source{path: name, text: text, file: file, fset: fset}, err
}

// folder is the package's path below the module.
func (s source) folder() string { return path.Dir(s.path) }

// test reports whether the file is compiled only for tests.
func (s source) test() bool { return strings.HasSuffix(s.path, "_test.go") }

// line is where in the file a node stands.
func (s source) line(p token.Pos) int { return s.fset.Position(p).Line }

// at words a complaint the way compilers do, so that editors can jump to it.
func (s source) at(p token.Pos, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: %s", s.path, s.line(p), fmt.Sprintf(format, args...))
}

// mustParse fails the test on a file that is not Go.
func mustParse(t *testing.T, name, text string) source {
	t.Helper()
	s, err := parse(name, text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sources parses every Go file of the repository, tests included, committed or
// not: a rule that waits for the commit speaks up too late.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	for _, name := range files(t) {
		if path.Ext(name) == ".go" && !strings.Contains(name, "testdata/") {
			all = append(all, mustParse(t, name, read(t, name)))
		}
	}
	if len(all) == 0 {
		t.Fatal("no Go file found: the rules would pass for want of anything to read")
	}
	return all
}

// files lists the files of the repository, without what git keeps for itself
// and what builds leave behind. Walking, rather than asking git, also lets the
// test cache see that a file was added.
func files(t *testing.T) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{".git", "bin", "node_modules"}, entry.Name()):
			return filepath.SkipDir
		case entry.IsDir() || entry.Name() == ".git": // a file in a linked worktree
			return nil
		}
		below, err := filepath.Rel(root, name)
		names = append(names, filepath.ToSlash(below))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// read returns a file of the repository as text. A file that cannot be read is a
// failure, never an empty text, which every rule would pass.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// complain turns what a rule found into failures, one a line, so that one run
// shows all there is to mend.
func complain(t *testing.T, complaints []string) {
	t.Helper()
	for _, complaint := range complaints {
		t.Error(complaint)
	}
}
