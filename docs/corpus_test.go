package docs_test

import (
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

// withoutCorpus names the fuzz targets for which no corpus is kept.
func withoutCorpus(all []source, names []string) []string {
	var complaints []string
	for _, s := range all {
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !s.test() || !strings.HasPrefix(f.Name.Name, "Fuzz") {
				continue
			}
			folder := path.Join(s.folder(), "testdata/fuzz", f.Name.Name) + "/"
			if !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, folder) }) {
				complaints = append(complaints, s.at(f.Pos(), "%s has no corpus: keep what make fuzz found in %s", f.Name.Name, folder))
			}
		}
	}
	return complaints
}

// TestFuzzTargetsHaveACorpus, so that what was once hard to find is tried by every
// test of the package.
func TestFuzzTargetsHaveACorpus(t *testing.T) {
	complain(t, withoutCorpus(sources(t), files(t)))
	made := mustParse(t, "a/x_test.go", "package a\nfunc FuzzX(f *testing.F) {}\n")
	for name, found := range map[string]int{"a/testdata/fuzz/FuzzX/1": 0, "a/testdata/fuzz/FuzzXY/1": 1, "testdata/fuzz/FuzzX/1": 1} {
		if got := withoutCorpus([]source{made}, []string{name}); len(got) != found {
			t.Errorf("%s: got %q, want %d complaints", name, got, found)
		}
	}
}
