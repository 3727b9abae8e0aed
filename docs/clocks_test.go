package docs_test

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// wallClock lists the files that may do with a wall clock what others may not, and
// why: a Retry-After is a date by its nature, steps of the wall clock are found by
// comparing both, and a run that goes on has nothing of the process before it but the
// time of its file.
func wallClock() []string {
	return []string{"fetchers/client/retryafter.go", "bench/host.go", "results/reopen.go"}
}

// onlyMonotonic keeps differences of instants to those that this process has read
// from its own clock. An instant that was read from text has lost its monotonic part,
// and one that was rounded too: a difference of two such is whatever somebody set
// the wall clock to. What was measured is stored as nanoseconds since a beginning.
func onlyMonotonic(s source) []string {
	if s.test() || slices.Contains(wallClock(), s.path) {
		return nil
	}
	return search(s, func(n ast.Node) string {
		if sum, ok := n.(*ast.BinaryExpr); ok && sum.Op == token.SUB && (counted(sum.X) || counted(sum.Y)) {
			return s.at(sum.Pos(), "a difference of counts since 1970: it is one of the wall clock")
		}
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return ""
		}
		of, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return ""
		}
		return wallTime(s, call, of)
	})
}

// wallTime is what is wrong with a call of a function of something, if it is.
func wallTime(s source, call *ast.CallExpr, function *ast.SelectorExpr) string {
	made := []string{"time.Parse", "time.ParseInLocation", "time.Unix", "time.UnixMilli", "time.UnixMicro", "http.ParseTime"}
	name, full := function.Sel.Name, function.Sel.Name
	if of, ok := function.X.(*ast.Ident); ok {
		full = of.Name + "." + name
	}
	differs := name == "Sub" || full == "time.Since" || full == "time.Until"
	switch {
	case slices.Contains(made, full):
		return s.at(call.Pos(), "%s makes an instant without a monotonic part; store nanoseconds since a beginning", full)
	case name == "Round" && len(call.Args) == 1 && literal(call.Args[0]) == "0":
		return s.at(call.Pos(), "Round(0) takes the monotonic part off an instant")
	case differs && (strings.HasPrefix(s.folder()+"/", "results/") || stored(call)):
		return s.at(call.Pos(), "%s of an instant that was stored: it is one of the wall clock", name)
	}
	return ""
}

// counted tells whether an expression has to do with the count of an instant since 1970.
func counted(e ast.Expr) (found bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		method, ok := n.(*ast.SelectorExpr)
		found = found || ok && slices.Contains([]string{"Unix", "UnixMilli", "UnixMicro", "UnixNano"}, method.Sel.Name)
		return !found
	})
	return found
}

// literal is a number as it is written, empty for any other expression.
func literal(e ast.Expr) string {
	if number, ok := e.(*ast.BasicLit); ok {
		return number.Value
	}
	return ""
}

// stored tells whether a call has to do with the one instant that a journal keeps.
func stored(call *ast.CallExpr) (found bool) {
	ast.Inspect(call, func(n ast.Node) bool {
		field, ok := n.(*ast.SelectorExpr)
		found = found || ok && field.Sel.Name == "Started"
		return !found
	})
	return found
}

// TestR46DurationsAreMonotonic: no difference is taken of instants of the wall clock.
func TestR46DurationsAreMonotonic(t *testing.T) {
	var complaints []string
	for _, s := range sources(t) {
		complaints = append(complaints, onlyMonotonic(s)...)
	}
	complain(t, complaints)
}

// TestWallClocksAreFound gives the rule one line at a time.
func TestWallClocksAreFound(t *testing.T) {
	for _, c := range []struct {
		file, line string
		found      int
	}{
		{"bench/x.go", "_ = time.Since(begun)", 0},
		{"bench/x.go", "_ = end.Sub(begun)", 0},
		{"bench/x.go", "_, _ = time.Parse(time.RFC3339, text)", 1},
		{"bench/x.go", "_ = time.Unix(0, 5)", 1},
		{"bench/x.go", "_, _ = http.ParseTime(text)", 1},
		{"bench/x.go", "_ = at.Round(0)", 1},
		{"bench/x.go", "_ = d.Round(time.Second)", 0},
		{"bench/x.go", "_ = time.Since(h.Started)", 1},
		{"cmd/fetchbench/x.go", "_ = now.Sub(run.Header.Started)", 1},
		{"results/x.go", "_ = a.Sub(b)", 1},
		{"results/report/x.go", "_ = time.Until(a)", 1},
		{"results/x_test.go", "_ = a.Sub(b)", 0},
		{"bench/x.go", "_ = a.UnixNano() - b.UnixNano()", 1},
		{"bench/x.go", "_ = max(0, end-time.Duration(a.Unix()))", 1},
		{"bench/x.go", "_ = float64(a.UnixMilli()) - 5", 1},
		{"bench/x.go", "_ = a.UnixMicro()", 0},
		{"results/reopen.go", "_ = a.UnixNano() - b.UnixNano()", 0},
		{"fetchers/client/retryafter.go", "_, _ = http.ParseTime(text)", 0},
	} {
		s := mustParse(t, c.file, "package x\nfunc f() {\n"+c.line+"\n}\n")
		if got := onlyMonotonic(s); len(got) != c.found {
			t.Errorf("%s: %s: got %q, want %d complaints", c.file, c.line, got, c.found)
		}
	}
}
