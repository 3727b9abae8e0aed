package report

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
)

// tame returns a value that encoding/json writes as it would the given one, but
// for what a reader of the report would trip over: NaN and the infinities are
// null instead of an error, a nil slice is [], a nil map {}.
//
// Writing by own structs would need a copy of most of package results, which
// would miss every field that is added there.
//
// It knows what the report is made of: structs with tags, embedded or not,
// slices, maps by string, pointers, and types that marshal themselves.
func tame(v reflect.Value) any {
	if _, itself := v.Interface().(json.Marshaler); itself {
		return v.Interface()
	}
	switch v.Kind() {
	case reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			return nil
		}
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return tame(v.Elem())
	case reflect.Slice:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = tame(v.Index(i))
		}
		return list
	case reflect.Map:
		if v.IsNil() {
			return struct{}{}
		}
	case reflect.Struct:
		return members(nil, v)
	}
	return v.Interface()
}

// members appends the fields of a struct, those of embedded ones in their place.
// encoding/json would drop names that occur twice; in a report none does.
func members(o object, v reflect.Value) object {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous && name == "":
			o = members(o, v.Field(i))
		case name == "-", strings.Contains(options, "omitempty") && v.Field(i).IsZero():
		default:
			o = append(o, member{name, tame(v.Field(i))})
		}
	}
	return o
}

// An object is a JSON object whose members keep their order, which a map would
// not: people read reports too, and compare them line by line.
type object []member

// A member is one name with its value.
type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}
