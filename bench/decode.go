package bench

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// DecodePlan reads a plan in YAML, or in JSON, which is YAML too, over the
// defaults for the profile that it names. Every key that a plan does not have,
// every key that stands twice and every value that cannot be is reported with
// its line and column. The name is that of the file, for the messages.
//
// The parser behind it has panicked on malformed tags; such a panic becomes an
// error here.
func DecodePlan(name string, text []byte) (p Plan, err error) {
	defer func() {
		if v := recover(); v != nil {
			p, err = Plan{}, fmt.Errorf("%s: this is no YAML (%v)", name, v)
		}
	}()
	if !utf8.Valid(text) {
		return Plan{}, fmt.Errorf("%s: this is no UTF-8 text", name)
	}
	d := decoder{name: name, text: text, places: map[string]ast.Node{}}
	// Keys that stand twice are told with everything else that is wrong.
	file, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return Plan{}, d.located(err)
	}
	bodies := documents(file)
	if len(bodies) != 1 {
		return Plan{}, fmt.Errorf("%s: a plan is one YAML document, this file has %d", name, len(bodies))
	}
	if d.walk("", bodies[0], reflect.TypeFor[Plan]()); len(d.wrong) > 0 {
		return Plan{}, d.report()
	}
	return d.decode(bodies[0])
}

// A decoder collects what is wrong with a plan file and where its keys are.
type decoder struct {
	name   string
	text   []byte
	places map[string]ast.Node
	wrong  []mistake
}

// A mistake is something wrong at a place; line 0 is no place in particular.
type mistake struct {
	line, column int
	err          error
}

// documents lists the documents that hold something. A %YAML line is none.
func documents(file *ast.File) (bodies []ast.Node) {
	for _, doc := range file.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.DirectiveType {
			bodies = append(bodies, doc.Body)
		}
	}
	return bodies
}

// decode reads the document into a plan that begins with the defaults of its
// profile, and validates it.
func (d *decoder) decode(body ast.Node) (Plan, error) {
	var first struct {
		Upstream   Upstream
		URLs       []Request
		Contenders []string
	}
	if err := yaml.NodeToValue(body, &first); err != nil {
		return Plan{}, d.located(err)
	}
	p, err := Defaults(first.Upstream.Profile)
	if (Plan{Upstream: first.Upstream, URLs: first.URLs, Columns: Columns{Contenders: first.Contenders}}).alone() {
		p, err = RouteDefaults()
	}
	if err != nil {
		d.note("upstream.profile", err)
		return Plan{}, d.report()
	}
	if err := yaml.NodeToValue(body, &p); err != nil {
		return Plan{}, d.located(err)
	}
	for _, err := range split(p.Validate()) {
		var field *FieldError
		if errors.As(err, &field) {
			d.note(field.Field, err)
		}
	}
	if len(d.wrong) > 0 {
		return Plan{}, d.report()
	}
	return p, nil
}

// note keeps what is wrong with a field, at the place of the longest part of its
// path that the file has.
func (d *decoder) note(field string, err error) {
	for field != "" {
		if node, ok := d.places[field]; ok {
			d.at(node, err)
			return
		}
		field = field[:max(0, strings.LastIndexAny(field, ".["))]
	}
	d.wrong = append(d.wrong, mistake{err: err})
}

// at keeps what is wrong with a node.
func (d *decoder) at(node ast.Node, err error) {
	position := node.GetToken().Position
	d.wrong = append(d.wrong, mistake{position.Line, position.Column, err})
}

// report is everything that is wrong, in the order in which one reads the file.
func (d *decoder) report() error {
	slices.SortStableFunc(d.wrong, func(a, b mistake) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	var errs []error
	for _, m := range d.wrong {
		if m.line == 0 {
			errs = append(errs, fmt.Errorf("%s: %w", d.name, m.err))
			continue
		}
		errs = append(errs, fmt.Errorf("%s:%d:%d: %w", d.name, m.line, m.column, m.err))
	}
	return errors.Join(errs...)
}

// located puts the place before an error of the YAML library, which has a token.
func (d *decoder) located(err error) error {
	var located yaml.Error
	if errors.As(err, &located) && located.GetToken() != nil {
		position := located.GetToken().Position
		message := located.GetMessage()
		if d.tabbed(position.Line) {
			message = "a tab: YAML is indented by spaces"
		}
		return fmt.Errorf("%s:%d:%d: %s", d.name, position.Line, position.Column, message)
	}
	return fmt.Errorf("%s: %s", d.name, strings.TrimSpace(err.Error()))
}

// tabbed tells whether a line, counted from 1, is indented with a tab.
func (d *decoder) tabbed(line int) bool {
	lines := bytes.Split(d.text, []byte("\n"))
	return line <= len(lines) && bytes.HasPrefix(bytes.TrimLeft(lines[line-1], " "), []byte("\t"))
}

// split returns the errors that errors.Join put together.
func split(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}
