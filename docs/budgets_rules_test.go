package docs_test

import (
	"slices"
	"strings"
	"testing"
)

// offender is a made-up file that a rule must complain about a given number of times.
type offender struct {
	rule  string
	text  string
	wants int
}

// offenders has for each rule a file at its limit, which passes, and files just
// over it. Without the first a rule that always complains would pass unseen.
func offenders() []offender {
	return slices.Concat(sizeOffenders(), stateOffenders(), docOffenders())
}

// sizeOffenders are one over a limit. The texts are counted by hand: a function
// of n lines is its first line, n-2 statements and its brace; n ifs make n+1
// paths; the loop of four switches makes 1 + 1 + 4 * (1 case + 2 operators) = 14.
func sizeOffenders() []offender {
	function := func(lines int) string {
		return "package p\nfunc f() {\n" + strings.Repeat("\tf()\n", lines-2) + "}\n"
	}
	file := func(lines int) string { return "package p\n" + strings.Repeat("\n", lines-1) }
	ifs := func(n int) string { return "package p\nfunc f() {\n" + strings.Repeat("if true {}\n", n) + "}\n" }
	return []offender{
		{"lines per function", function(60), 0},
		{"lines per function", function(61), 1},
		{"lines per function", "package p\n// " + strings.Repeat("long\n// ", 70) + "\nfunc f() {}\n", 0},
		{"lines per file", file(300), 0},
		{"lines per file", file(301), 1},
		{"lines per file", strings.TrimSuffix(file(302), "\n"), 1},
		{"complexity", ifs(11), 0},
		{"complexity", ifs(12), 1},
		{"complexity", "package p\nfunc f() {\nfor range 3 { func() { " + strings.Repeat("switch { case true || true && true: default: }\n", 4) + "}() }\n}\n", 1},
		{"complexity", "package p\nfunc f() { select {" + strings.Repeat("case <-c:\n", 11) + "default:\n} }\n", 0},
		{"complexity", "package p\nfunc f() { select {" + strings.Repeat("case <-c:\n", 12) + "default:\n} }\n", 1},
		{"complexity", "package p\nfunc f() { switch {" + strings.Repeat("case true:\n", 11) + "default:\n} }\n", 0},
		{"complexity", "package p\nfunc f() { switch {" + strings.Repeat("case true:\n", 12) + "default:\n} }\n", 1},
		{"fields per struct", "package p\ntype t struct { a, b, c, d, e, f, g, h, i int; x }\n", 0},
		{"fields per struct", "package p\ntype t struct { a, b, c, d, e, f, g, h, i, j int; x }\n", 1},
		{"fields per struct", "package p\nfunc f() { _ = []struct{ a, b, c, d, e, f, g, h, i, j, k int }{} }\n", 1},
		{"methods per interface", "package p\ntype t interface { a(); b(); c() }\n", 0},
		{"methods per interface", "package p\ntype t interface { a(); b(); c(); error }\n", 1},
	}
}

// stateOffenders do something behind the reader's back. The comment that
// silences is put together from two halves, or this file would be an offender.
func stateOffenders() []offender {
	const silenced = "package p\n//no" + "lint:errcheck\nfunc f() {}\n"
	return []offender{
		{"no init", "package p\nfunc (t) init() {}\n", 0},
		{"no init", "package p\nfunc init() {}\nfunc init() {}\n", 2},
		{"no mutable package variable", "package p\nvar _ I = T{}\nvar ErrA, errB = errors.New(\"a\"), fmt.Errorf(\"b\")\n", 0},
		{"no mutable package variable", "package p\nvar re = regexp.MustCompile(`a`)\n//go:embed x\nvar fs embed.FS\n", 0},
		{"no mutable package variable", "package p\nfunc f() { var a int; _ = a }\n", 0},
		{"no mutable package variable", "package p\nvar a int\n", 1},
		{"no mutable package variable", "package p\nvar version = \"dev\"\n", 1},
		{"no mutable package variable", "package p\nvar problem = errors.New(\"a\")\n", 1},
		{"no mutable package variable", "package p\nvar ErrA, b = pair()\n", 1},
		{"no mutable package variable", "package p\nvar (\n\ta = map[string]int{}\n\tb = sync.OnceValue(f)\n)\n", 2},
		{"no mutable package variable", "package p\nvar fs embed.FS = other()\n", 1},
		{"no silenced linter", "package p\n// f has no lint in it.\nfunc f() {}\n", 0},
		{"no silenced linter", silenced, 1},
		{"no silenced linter", strings.Replace(silenced, "//", "// ", 1), 1},
		{"no silenced linter", "package p\n//lint:ignore U1000 because\nfunc f() {}\n", 1},
	}
}

// docOffenders leave a name that others see without a word about it.
func docOffenders() []offender {
	return []offender{
		{"exported names documented", "package p\nfunc f() {}\ntype t int\nfunc (t) F() {}\nconst c = 1\n", 0},
		{"exported names documented", "package p\n// F is.\nfunc F() {}\n// T is.\ntype T int\n// A and B are.\nconst ( A = 1; B = 2 )\n", 0},
		{"exported names documented", "package p\nconst (\n\tA = 1 // A is.\n\t// B is.\n\tB = 2\n)\n", 0},
		{"exported names documented", "package p\nfunc F() {}\n", 1},
		{"exported names documented", "package p\nfunc (t *T[A]) F() {}\nfunc (t T[A, B]) G() {}\nfunc (*t) H() {}\n", 2},
		{"exported names documented", "package p\n// Both are.\ntype (\n\tA int\n\tb int\n)\n", 1},
		{"exported names documented", "package p\nconst A, B = 1, 2\nvar C int\n", 3},
		{"packages documented", "// Package p is.\npackage p\n", 0},
		{"packages documented", "// Command p does.\npackage main\n", 0},
		{"packages documented", "package p\n", 1},
		{"packages documented", "package main\n", 1},
		{"packages documented", "// P is.\npackage p\n", 1},
	}
}

// TestEachBudgetCanFail counts complaints rather than asking for any, so that a
// rule that reports the same thing twice, or only the first of two, fails too.
// A new rule without an offender of its own fails by name.
func TestEachBudgetCanFail(t *testing.T) {
	// Rules leave this map when they have complained at least once.
	unproven := map[string]func([]source) []string{}
	byName := map[string]func([]source) []string{}
	for _, r := range rules() {
		byName[r.name], unproven[r.name] = r.check, r.check
	}
	for _, o := range offenders() {
		apply, known := byName[o.rule]
		if !known {
			t.Fatalf("no rule is called %q", o.rule)
		}
		got := apply([]source{mustParse(t, "p/offender.go", o.text)})
		if len(got) != o.wants {
			t.Errorf("%s: got %q, want %d complaints about\n%s", o.rule, got, o.wants, o.text)
		}
		if len(got) > 0 {
			delete(unproven, o.rule)
		}
	}
	for name := range unproven {
		t.Errorf("rule %q has no offender that makes it fail", name)
	}
}

// TestDocsAreLookedForAcrossFiles covers what one made-up file cannot: a package
// is a folder, its doc stands in one file of several, and the tests beside it
// that have a package of their own need none.
func TestDocsAreLookedForAcrossFiles(t *testing.T) {
	documented := mustParse(t, "p/a.go", "// Package p is.\npackage p\n")
	silent := mustParse(t, "p/b.go", "package p\n")
	elsewhere := mustParse(t, "q/b.go", "package p\n")
	external := mustParse(t, "p/b_test.go", "package p_test\nfunc F() {}\n")
	if got := packageDocs([]source{documented, silent, external}); len(got) != 0 {
		t.Errorf("one doc is enough for a package: %q", got)
	}
	if got := packageDocs([]source{documented, elsewhere}); len(got) != 1 {
		t.Errorf("a doc does not serve another folder: %q", got)
	}
	if got := exportedDocs(external); len(got) != 0 {
		t.Errorf("names in tests need no doc: %q", got)
	}
}
