package docs_test

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// Limits, not aims: aim at ten lines a function, a hundred and twenty a file, a
// complexity of four, six fields and one method. What separates code that is
// easy to keep from code that is not is the largest function, not the usual one.
//
// A check or a guard may be there for a reason: where a function does not want
// to be split, look for what it does besides its work before splitting it.
const (
	maxFunctionLines = 60
	maxFileLines     = 300
	maxComplexity    = 12
	maxFields        = 10
	maxMethods       = 3
)

// rule is one budget: a name that go test -run can select, and the complaints
// it has about a set of sources.
type rule struct {
	name  string
	check func([]source) []string
}

// rules lists the budgets. Each has its offender in budgets_rules_test.go.
func rules() []rule {
	return []rule{
		{"lines per function", each(functionLines)},
		{"lines per file", each(fileLines)},
		{"complexity", each(complexity)},
		{"fields per struct", each(fields)},
		{"methods per interface", each(methods)},
		{"no init", each(noInit)},
		{"no mutable package variable", each(noMutable)},
		{"no silenced linter", each(noSilence)},
		{"exported names documented", each(exportedDocs)},
		{"packages documented", packageDocs},
	}
}

// TestBudgets applies every rule to every Go file, tests included: they are read
// as often as the code, and by people who trust it less.
func TestBudgets(t *testing.T) {
	all := sources(t)
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) { complain(t, r.check(all)) })
	}
}

// each makes a rule about files from a rule about one file. Only the docs of
// packages need to be looked for in several files.
func each(one func(source) []string) func([]source) []string {
	return func(all []source) []string {
		var complaints []string
		for _, s := range all {
			complaints = append(complaints, one(s)...)
		}
		return complaints
	}
}

// search asks about every node of a file and keeps the answers that are not
// empty. One node answers at most once.
func search(s source, ask func(ast.Node) string) []string {
	var complaints []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		if n != nil {
			if complaint := ask(n); complaint != "" {
				complaints = append(complaints, complaint)
			}
		}
		return true
	})
	return complaints
}

// functionLines counts from the line of func to the line of the closing brace,
// both included, comments and literals inside included, the doc above not.
func functionLines(s source) []string {
	return search(s, func(n ast.Node) string {
		f, ok := n.(*ast.FuncDecl)
		if !ok {
			return ""
		}
		lines := s.line(f.End()) - s.line(f.Pos()) + 1
		return over(s, f.Pos(), lines, maxFunctionLines, "lines in function "+f.Name.Name)
	})
}

// fileLines counts all lines, blank ones and comments too.
func fileLines(s source) []string {
	lines := strings.Count(strings.TrimSuffix(s.text, "\n"), "\n") + 1
	if complaint := over(s, s.file.Package, lines, maxFileLines, "lines in the file"); complaint != "" {
		return []string{complaint}
	}
	return nil
}

// over words the one complaint that all sizes share, and holds the one
// comparison: what equals its limit is within it.
func over(s source, p token.Pos, got, limit int, what string) string {
	if got <= limit {
		return ""
	}
	return s.at(p, "%d %s, at most %d", got, what, limit)
}

// complexity is McCabe's count of independent paths: one, and one more for each
// if, for, case, && and ||. Function literals count for the function they are in.
func complexity(s source) []string {
	return search(s, func(n ast.Node) string {
		f, ok := n.(*ast.FuncDecl)
		if !ok {
			return ""
		}
		paths := 1
		ast.Inspect(f, func(n ast.Node) bool {
			if branches(n) {
				paths++
			}
			return true
		})
		return over(s, f.Pos(), paths, maxComplexity, "paths through function "+f.Name.Name)
	})
}

// branches reports whether a node adds a path. A default adds none: it is where
// the path goes that was there before.
func branches(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt:
		return true
	case *ast.CaseClause:
		return n.List != nil
	case *ast.CommClause:
		return n.Comm != nil
	case *ast.BinaryExpr:
		return n.Op == token.LAND || n.Op == token.LOR
	}
	return false
}

// fields counts the names in a struct, unnamed structs of tables included. An
// embedded type is one, however much it brings: embedding is how structs stay small.
func fields(s source) []string {
	return search(s, func(n ast.Node) string {
		record, ok := n.(*ast.StructType)
		if !ok {
			return ""
		}
		return over(s, record.Pos(), record.Fields.NumFields(), maxFields, "fields in a struct")
	})
}

// methods counts the methods an interface asks for; an embedded interface or
// constraint is one.
func methods(s source) []string {
	return search(s, func(n ast.Node) string {
		face, ok := n.(*ast.InterfaceType)
		if !ok {
			return ""
		}
		return over(s, face.Pos(), face.Methods.NumFields(), maxMethods, "methods in an interface")
	})
}
