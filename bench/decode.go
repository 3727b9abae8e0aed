package bench

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// DecodePlan reads a plan in YAML, or in JSON, which is YAML too, over the
// defaults for the profile that it names. Every key that a plan does not have
// and every key that stands twice is reported with its line and column, as is
// each value that cannot be. The name is that of the file, for the messages.
//
// The parser behind it has panicked on malformed tags; such a panic becomes an
// error here.
func DecodePlan(name string, text []byte) (p Plan, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%s: this is no YAML (%v)", name, v)
		}
	}()
	d := decoder{name: name, places: map[string]ast.Node{}}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return Plan{}, d.located(err)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return Plan{}, fmt.Errorf("%s: a plan is one YAML document, this file has %d", name, documents(file))
	}
	body := file.Docs[0].Body
	d.walk("", body, reflect.TypeFor[Plan]())
	if len(d.wrong) > 0 {
		return Plan{}, errors.Join(d.wrong...)
	}
	return d.decode(body)
}

// A decoder collects what is wrong with a plan file and where its keys are.
type decoder struct {
	name   string
	places map[string]ast.Node
	wrong  []error
}

// documents counts the documents that hold something.
func documents(file *ast.File) (n int) {
	for _, doc := range file.Docs {
		if doc.Body != nil {
			n++
		}
	}
	return n
}

// decode reads the document into a plan that begins with the defaults of its
// profile, and validates it.
func (d *decoder) decode(body ast.Node) (Plan, error) {
	var first struct{ Upstream Upstream }
	if err := yaml.NodeToValue(body, &first); err != nil {
		return Plan{}, d.located(err)
	}
	p, err := Defaults(first.Upstream.Profile)
	if err != nil {
		return Plan{}, d.placed("upstream.profile", err)
	}
	if err := yaml.NodeToValue(body, &p); err != nil {
		return Plan{}, d.located(err)
	}
	for _, err := range split(p.Validate()) {
		var field *FieldError
		if errors.As(err, &field) {
			err = d.placed(field.Field, err)
		}
		d.wrong = append(d.wrong, err)
	}
	return p, errors.Join(d.wrong...)
}

// walk notes where each key is and reports those that the type does not have or
// that come twice. Below a type of another kind it looks no further.
func (d *decoder) walk(path string, node ast.Node, t reflect.Type) {
	d.places[path] = node
	if list, ok := node.(*ast.SequenceNode); ok && t.Kind() == reflect.Slice {
		for i, value := range list.Values {
			d.walk(fmt.Sprintf("%s[%d]", path, i), value, t.Elem())
		}
		return
	}
	mapping, ok := node.(ast.MapNode)
	if !ok || t.Kind() != reflect.Struct {
		return
	}
	known := keys(t)
	seen := map[string]bool{}
	for pairs := mapping.MapRange(); pairs.Next(); {
		key := pairs.Key().GetToken().Value
		switch {
		case seen[key]:
			d.wrong = append(d.wrong, d.at(pairs.Key(), fmt.Errorf("key %q stands here twice", key)))
		case known[key] == nil:
			d.wrong = append(d.wrong, d.at(pairs.Key(), unknownKey(key, known)))
		default:
			d.walk(strings.TrimPrefix(path+"."+key, "."), pairs.Value(), known[key])
		}
		seen[key] = true
	}
}

// keys returns the keys of a struct in a plan file with their types.
func keys(t reflect.Type) map[string]reflect.Type {
	known := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name != "-" && name != "" && option != "inline" {
			known[name] = f.Type
		}
	}
	return known
}

// unknownKey says what a key could have been.
func unknownKey(key string, known map[string]reflect.Type) error {
	var names []string
	for name := range known {
		names = append(names, name)
	}
	if meant := Closest(key, names); meant != "" {
		return fmt.Errorf("unknown key %q, did you mean %q?", key, meant)
	}
	return fmt.Errorf("unknown key %q", key)
}

// placed puts the place of a field before what is wrong with it: that of the
// longest part of its path which the file has.
func (d *decoder) placed(field string, err error) error {
	for {
		if node, ok := d.places[field]; ok && field != "" {
			return d.at(node, err)
		}
		cut := strings.LastIndexAny(field, ".[")
		if cut < 0 {
			return fmt.Errorf("%s: %w", d.name, err)
		}
		field = field[:cut]
	}
}

// at puts file, line and column before an error.
func (d *decoder) at(node ast.Node, err error) error {
	position := node.GetToken().Position
	return fmt.Errorf("%s:%d:%d: %w", d.name, position.Line, position.Column, err)
}

// located does the same for an error of the YAML library, which has a token.
func (d *decoder) located(err error) error {
	var located yaml.Error
	if errors.As(err, &located) && located.GetToken() != nil {
		position := located.GetToken().Position
		return fmt.Errorf("%s:%d:%d: %s", d.name, position.Line, position.Column, located.GetMessage())
	}
	return fmt.Errorf("%s: %s", d.name, strings.TrimSpace(err.Error()))
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
