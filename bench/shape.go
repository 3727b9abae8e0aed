package bench

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// walk notes where each key is, and reports those that the type does not have or
// that stand twice and values that the type cannot hold. The YAML library alone
// would take 3 for "rounds: 3.5", and the default for "rounds:".
func (d *decoder) walk(path string, node ast.Node, t reflect.Type) {
	d.places[path] = node
	if err := fits(path, node, t); err != nil {
		d.at(node, err)
		return
	}
	if list, ok := node.(*ast.SequenceNode); ok {
		for i, value := range list.Values {
			d.walk(fmt.Sprintf("%s[%d]", path, i), value, t.Elem())
		}
	}
	mapping, ok := node.(ast.MapNode)
	if !ok {
		return
	}
	seen := map[string]bool{}
	for pairs := mapping.MapRange(); pairs.Next(); {
		key := pairs.Key().GetToken().Value
		below := strings.TrimPrefix(path+"."+key, ".")
		inside, err := lookUp(key, t)
		switch {
		case seen[key]:
			d.at(pairs.Key(), fmt.Errorf("key %q stands here twice", key))
		case err != nil:
			d.at(pairs.Key(), err)
		default:
			d.walk(below, pairs.Value(), inside)
		}
		seen[key] = true
	}
}

// lookUp returns the type of the value of a key. A map takes every key; the error
// for a struct says what could have been meant.
func lookUp(key string, t reflect.Type) (reflect.Type, error) {
	if t.Kind() == reflect.Map {
		return t.Elem(), nil
	}
	known := keys(t)
	if inside, ok := known[key]; ok {
		return inside, nil
	}
	if meant := Closest(key, slices.Sorted(maps.Keys(known))); meant != "" {
		return nil, fmt.Errorf("unknown key %q, did you mean %q?", Conceal(key), meant)
	}
	for _, outer := range slices.Sorted(maps.Keys(known)) {
		if known[outer].Kind() == reflect.Struct && keys(known[outer])[key] != nil {
			return nil, fmt.Errorf("unknown key %q, did you mean %q in %q?", Conceal(key), key, outer)
		}
	}
	return nil, fmt.Errorf("unknown key %q", Conceal(key))
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

// fits says why a value cannot be of the type.
func fits(path string, node ast.Node, t reflect.Type) error {
	if path == "" {
		path = "the plan"
	}
	switch node.Type() {
	case ast.NullType:
		return fmt.Errorf("%s has no value", path)
	case ast.AnchorType, ast.AliasType, ast.TagType:
		return errors.New("a plan has no anchors, aliases or tags: write the value out")
	}
	want, types := takes(t)
	if !slices.Contains(types, node.Type()) || overflows(node, t) {
		return fmt.Errorf("%s must be %s, got %s", path, want, got(path, node))
	}
	if t == reflect.TypeFor[Duration]() {
		if _, err := time.ParseDuration(text(node)); err != nil {
			return fmt.Errorf("%s must be %s, got %q", path, want, text(node))
		}
	}
	return nil
}

// takes returns what a type can be written as, in words and as nodes.
func takes(t reflect.Type) (string, []ast.NodeType) {
	mapping := []ast.NodeType{ast.MappingType, ast.MappingValueType}
	switch {
	case t == reflect.TypeFor[Duration]():
		return "a time with its unit, such as 200ms or 10s", []ast.NodeType{ast.StringType, ast.IntegerType, ast.FloatType}
	case t == reflect.TypeFor[Request]():
		return "a URL or a mapping", append(mapping, ast.StringType)
	}
	switch t.Kind() {
	case reflect.String:
		return "text, in quotes if it looks like something else", []ast.NodeType{ast.StringType, ast.LiteralType}
	case reflect.Bool:
		return "true or false", []ast.NodeType{ast.BoolType}
	case reflect.Float64:
		return "a number", []ast.NodeType{ast.IntegerType, ast.FloatType, ast.InfinityType, ast.NanType}
	case reflect.Slice:
		return "a list", []ast.NodeType{ast.SequenceType}
	case reflect.Struct, reflect.Map:
		return "a mapping", mapping
	}
	if t.Kind() == reflect.Uint64 {
		return "a whole number from 0", []ast.NodeType{ast.IntegerType}
	}
	return "a whole number", []ast.NodeType{ast.IntegerType}
}

// overflows reports whether a whole number is too large for the type, or below 0
// for one without a sign.
func overflows(node ast.Node, t reflect.Type) bool {
	whole, ok := node.(*ast.IntegerNode)
	if !ok {
		return false
	}
	unsigned := t.Kind() == reflect.Uint64
	switch v := whole.Value.(type) {
	case int64:
		return unsigned && v < 0
	case uint64:
		return !unsigned && v > math.MaxInt64
	}
	return false
}

// got describes a value in a message. Those of a request are not quoted: they may be
// secrets.
func got(path string, node ast.Node) string {
	switch node.Type() {
	case ast.SequenceType:
		return "a list"
	case ast.MappingType, ast.MappingValueType:
		return "a mapping"
	}
	if strings.HasPrefix(path, "urls[") {
		return "a " + strings.ToLower(strings.TrimSuffix(node.Type().String(), "Type"))
	}
	return fmt.Sprintf("%.60q", text(node))
}

// text is a scalar without its quotes.
func text(node ast.Node) string {
	switch node := node.(type) {
	case *ast.StringNode:
		return node.Value
	case *ast.LiteralNode:
		return node.Value.Value
	}
	return node.GetToken().Value
}
