package gate

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fetchbench/fetchbench/results"
)

// A SyntaxError says what is wrong with an expression, and where.
type SyntaxError struct {
	Expr string
	// At is the byte of Expr at which it is wrong, at most its length.
	At   int
	Text string
	// Word is what was not known, and Have what it could have been; both are empty
	// where that is not what is wrong.
	Word string
	Have []string
	// Hint is the way out where there is one.
	Hint string
}

// Error is what is wrong. The place is for whoever shows the expression.
func (e *SyntaxError) Error() string { return e.Text }

// longest bounds an expression. Names are no longer.
const longest = 4096

// Parse reads an expression:
//
//	SUBJECT.METRIC OP VALUE[UNIT]     pool:8.median > 500ms, *.failed > 0
//	[SUBJECT.]METRIC +VALUE%          median +5%, goroutines.mean +10%
//
// Names of contenders have points, colons and signs in them, so it is read from the
// right; a name that would be misread can be quoted. The error is a *SyntaxError.
func Parse(expr string) (Gate, error) {
	p := parser{expr: expr}
	switch {
	case len(expr) > longest:
		return Gate{}, p.wrong(longest, "the expression has %d bytes, at most %d", len(expr), longest)
	case !utf8.ValidString(expr):
		return Gate{}, p.wrong(0, "the expression is not UTF-8")
	}
	p.end = len(strings.TrimRight(expr, space))
	if p.skip(0) >= p.end {
		return Gate{}, p.wrong(0, "there is no expression")
	}
	return p.gate()
}

// space is what may stand between the words of an expression.
const space = " \t\n\r\v\f"

// A parser knows the expression and where its last word ends.
type parser struct {
	expr string
	end  int
}

// wrong is an error at a byte of the expression.
func (p parser) wrong(at int, format string, args ...any) *SyntaxError {
	return &SyntaxError{Expr: p.expr, At: min(at, len(p.expr)), Text: fmt.Sprintf(format, args...), Hint: form}
}

// form is the hint where the form itself is wrong.
const form = "write SUBJECT.METRIC > VALUE or METRIC +5%, such as 'pool:8.median > 500ms'"

// skip returns the first byte from at that is no space.
func (p parser) skip(at int) int {
	for at < p.end && strings.IndexByte(space, p.expr[at]) >= 0 {
		at++
	}
	return at
}

// gate reads the whole: a quoted name from the left, everything else from the right.
func (p parser) gate() (Gate, error) {
	subject, from, err := p.name()
	if err != nil {
		return Gate{}, err
	}
	op := strings.LastIndexAny(p.expr[from:p.end], "<>")
	if op < 0 {
		op = strings.LastIndexByte(p.expr[from:p.end], '+')
	}
	if op < 0 {
		return Gate{}, p.wrong(p.end, "there is no comparison (have >, >=, <, <=, or + for a change against the baseline)")
	}
	op += from
	g := Gate{Subject: subject, Op: p.expr[op : op+1]}
	after := op + 1
	if g.Op != "+" && after < p.end && p.expr[after] == '=' {
		g.Op, after = g.Op+"=", after+1
	}
	left := len(strings.TrimRight(p.expr[:op], space))
	at := from
	if subject == "" {
		at = p.unquoted(&g, from, left)
	}
	if err := p.metric(&g, at, left); err != nil {
		return Gate{}, err
	}
	return g, p.value(&g, p.skip(after))
}

// name reads a quoted subject with the point after it, if the expression begins with
// one, and returns where the rest begins.
func (p parser) name() (subject string, from int, err error) {
	from = p.skip(0)
	quote := p.expr[from]
	if quote != '"' && quote != '\'' {
		return "", from, nil
	}
	var out strings.Builder
	for at := from + 1; at < p.end; at++ {
		switch {
		case p.expr[at] != quote:
			out.WriteByte(p.expr[at])
		case at+1 < p.end && p.expr[at+1] == quote:
			out.WriteByte(quote)
			at++
		case out.Len() == 0:
			return "", 0, p.wrong(from, "the name in quotes is empty")
		case at+1 >= p.end || p.expr[at+1] != '.':
			return "", 0, p.wrong(at+1, "a point and a metric follow a name in quotes")
		default:
			return out.String(), at + 2, nil
		}
	}
	return "", 0, p.wrong(from, "the quote is not closed")
}

// unquoted finds the subject before the last point of expr[from:to] and returns where
// the metric begins.
func (p parser) unquoted(g *Gate, from, to int) int {
	point := strings.LastIndexByte(p.expr[from:max(from, to)], '.')
	if point < 0 {
		return from
	}
	g.Subject = p.expr[from : from+point]
	return from + point + 1
}

// metric reads expr[at:to], and holds what it finds against what it may stand with.
func (p parser) metric(g *Gate, at, to int) error {
	g.Metric = p.expr[at:max(at, to)]
	m, known := find(g.Metric)
	switch {
	case g.Metric == "":
		return p.wrong(at, "there is no metric (have %s)", strings.Join(Metrics(), ", "))
	case !known:
		err := p.wrong(at, "unknown metric %q (have %s)", g.Metric, strings.Join(Metrics(), ", "))
		err.Word, err.Have, err.Hint = g.Metric, Metrics(), ""
		return err
	case g.Subject == "" && !g.Relative():
		return p.wrong(p.skip(0), "whose %s? Name a contender, or * for all", g.Metric)
	case g.Relative() && !m.relative:
		err := p.wrong(at, "a change of %s against the baseline has no interval (have median, mean)", g.Metric)
		err.Hint = "give a limit of its own, with > or <"
		return err
	}
	return nil
}

// mostShare is the largest share that may stand without a %: 0.8 is 80 %, 1.2 is what a
// sweep may see of its best possible, and 80 is a % that was forgotten.
const mostShare = 2

// exponent tells whether a unit begins as the number before it would go on in other
// places: 1e400 has no unit of e400.
func exponent(unit string) bool {
	rest, found := strings.CutPrefix(strings.ToLower(unit), "e")
	return found && strings.TrimLeft(rest, "+-0123456789") != rest
}

// number reads the number from at to the end into the gate, with what follows it as its
// unit, and returns how many digits it has.
func (p parser) number(g *Gate, at int) (digits int, err error) {
	text := p.expr[at:p.end]
	digits = len(text) - len(strings.TrimLeft(text, "0123456789."))
	value, wrong := strconv.ParseFloat(text[:digits], 64)
	g.Value, g.Unit = value, strings.TrimLeft(text[digits:], space)
	switch {
	case strings.HasPrefix(text, "-"):
		return digits, p.wrong(at, "%q: a limit is not negative", text)
	case wrong != nil || math.IsInf(value, 0) || exponent(g.Unit):
		return digits, p.wrong(at, "%q is no number: a limit is plain digits and a unit, such as 0.5s", text)
	}
	return digits, nil
}

// value reads the number and its unit from at to the end.
func (p parser) value(g *Gate, at int) error {
	digits, err := p.number(g, at)
	if err != nil {
		return err
	}
	text, value := p.expr[at:p.end], g.Value
	if g.Relative() {
		if g.Unit != "%" {
			return p.wrong(at+digits, "a change against the baseline is in %%, got %q", g.Unit)
		}
		return nil
	}
	m, _ := find(g.Metric)
	if m.unit == results.UnitShare && g.Unit == "" && value > mostShare {
		err := p.wrong(at, "%s is a share, and %s of the whole is none", g.Metric, text)
		err.Hint = "such as " + text + "%"
		return err
	}
	return p.unit(g, m, at, text[:digits])
}

// unit holds the unit that was given behind the digits at a place to those of the metric.
func (p parser) unit(g *Gate, m metric, at int, digits string) error {
	var names []string
	for _, u := range unitsOf(m.unit) {
		if u.name == g.Unit {
			return nil
		}
		if u.name != "" {
			names = append(names, u.name)
		}
	}
	if len(names) == 0 {
		return p.wrong(at+len(digits), "%s has no unit, got %q", g.Metric, g.Unit)
	}
	wrong := p.wrong(at+len(digits), "%s takes a unit of %s, got %q", g.Metric, strings.Join(names, ", "), g.Unit)
	if g.Unit == "" {
		wrong.Text = fmt.Sprintf("%s needs a unit: %s", g.Metric, strings.Join(names, ", "))
	}
	wrong.Hint = "such as " + digits + names[min(1, len(names)-1)]
	return wrong
}
