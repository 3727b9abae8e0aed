package export_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// fill puts something into every field, so that none is left out when it is written:
// a field that somebody adds is there too.
func fill(v reflect.Value) {
	switch into := v.Addr().Interface().(type) {
	case *time.Time:
		*into = time.Unix(1, 0).UTC()
		return
	case *json.RawMessage:
		*into = json.RawMessage(`{"rounds":1}`)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key)
		fill(value)
		v.SetMapIndex(key, value)
	default:
		scalar(v)
	}
}

// scalar is fill for what holds nothing else.
func scalar(v reflect.Value) {
	switch {
	case v.Kind() == reflect.String:
		v.SetString("x")
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanFloat():
		v.SetFloat(0.5)
	case v.CanInt():
		v.SetInt(1)
	case v.CanUint():
		v.SetUint(1)
	}
}

// A described document is held against its schema by name.
type described struct {
	t    *testing.T
	root map[string]any
	seen map[string]bool // descriptions that something was found for, by where they stand
}

// described reads a schema as JSON.
func schemaOf(t *testing.T, name string) *described {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "schema", name))
	if err != nil {
		t.Fatal(err)
	}
	d := &described{t: t, seen: map[string]bool{}}
	if err := json.Unmarshal(text, &d.root); err != nil {
		t.Fatal(err)
	}
	return d
}

// resolve follows references, and leaves out that a value may be null.
func (d *described) resolve(schema map[string]any) map[string]any {
	if list, ok := schema["anyOf"].([]any); ok {
		return d.resolve(list[0].(map[string]any))
	}
	if name, ok := schema["$ref"].(string); ok {
		return d.root["$defs"].(map[string]any)[strings.TrimPrefix(name, "#/$defs/")].(map[string]any)
	}
	return schema
}

// walk wants a description of a value, and of all that is in it.
func (d *described) walk(path string, value any, schema map[string]any) {
	d.seen[path] = true
	if text, _ := schema["description"].(string); text == "" && path != "" && d.resolve(schema)["description"] == nil {
		d.t.Errorf("%s has no description", path)
	}
	schema = d.resolve(schema)
	if schema["type"] == nil {
		d.t.Errorf("%s has no type", path)
	}
	switch value := value.(type) {
	case float64:
		d.unit(path, schema)
	case []any:
		items, ok := schema["items"].(map[string]any)
		if !ok {
			d.t.Errorf("%s: nothing says what is in it", path)
			return
		}
		for _, item := range value {
			d.walk(path+"[]", item, items)
		}
	case map[string]any:
		d.members(path, value, schema)
	}
}

// members looks at the fields of an object, or at the values of a map.
func (d *described) members(path string, value, schema map[string]any) {
	properties, _ := schema["properties"].(map[string]any)
	for name, member := range value {
		known, ok := properties[name].(map[string]any)
		if values, isMap := schema["additionalProperties"].(map[string]any); !ok && isMap {
			d.walk(path+".*", member, values)
		} else if ok {
			d.walk(path+"."+name, member, known)
		} else if path != ".plan" { // which is described with the plans
			d.t.Errorf("%s.%s is written and not described", path, name)
		}
	}
	for name := range properties {
		if _, ok := value[name]; !ok {
			d.t.Errorf("%s.%s is described and not written", path, name)
		}
	}
}

// unit wants a number to have a unit, that of its name if that tells.
func (d *described) unit(path string, schema map[string]any) {
	unit, _ := schema["x-unit"].(string)
	want := []string{"1", "s", "ns", "bytes", "ticks", "1/s"}
	switch {
	case strings.HasSuffix(path, "_per_s"), strings.Contains(path, "_per_s_"):
		want = []string{"1/s"}
	case strings.HasSuffix(path, "_s"):
		want = []string{"s"}
	case strings.HasSuffix(path, "_ns"), strings.HasSuffix(path, ".ns"), strings.HasSuffix(path, "_ns[]"):
		want = []string{"ns"}
	case strings.HasSuffix(path, "bytes"), strings.HasSuffix(path, "bytes[]"):
		want = []string{"bytes"}
	}
	if !slices.Contains(want, unit) {
		d.t.Errorf("%s is in %q, want %q", path, unit, want)
	}
}

// TestEveryFieldOfReportsIsDescribed, and nothing else is.
func TestEveryFieldOfReportsIsDescribed(t *testing.T) {
	var j results.Judgement
	fill(reflect.ValueOf(&j).Elem())
	var document any
	if err := json.Unmarshal([]byte(asJSON(t, &j)), &document); err != nil {
		t.Fatal(err)
	}
	d := schemaOf(t, reportSchema)
	d.walk("", document, d.root)
	const least = 200
	if len(d.seen) < least {
		t.Errorf("only %d fields were looked at", len(d.seen))
	}
}

// kinds are the lines of a text by their type, those of one type in one object.
func kinds(t *testing.T, text string) map[string]map[string]any {
	t.Helper()
	found := map[string]map[string]any{}
	for line := range strings.Lines(text) {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatal(err)
		}
		kind := fmt.Sprint(object["type"])
		if found[kind] == nil {
			found[kind] = map[string]any{}
		}
		for name, value := range object {
			found[kind][name] = value
		}
	}
	return found
}

// lines holds each kind of line against its description.
func (d *described) lines(found map[string]map[string]any) {
	for kind, definition := range d.root["$defs"].(map[string]any) {
		if found[kind] == nil {
			d.t.Errorf("no line of type %q was written", kind)
			continue
		}
		d.walk("", found[kind], definition.(map[string]any))
		delete(found, kind)
	}
	for kind := range found {
		d.t.Errorf("lines of type %q are written and not described", kind)
	}
}

// TestEveryFieldOfJournalsIsDescribed, and nothing else is.
func TestEveryFieldOfJournalsIsDescribed(t *testing.T) {
	var run results.Run
	fill(reflect.ValueOf(&run).Elem())
	run.Trials[0].Requests[0].Index, run.Trials[0].Round = 0, 0
	run.Trials[0].Tally.Count = results.Count{Planned: 1, Failed: 1}
	path := journaled(t, &run)
	j, _, err := results.Reopen(path)
	if err == nil {
		err = j.Resume(1)
	}
	if err == nil {
		err = j.EndReached("x")
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d := schemaOf(t, journalSchema)
	d.lines(kinds(t, string(text)))
}

// TestEveryFieldOfStreamsIsDescribed, and nothing else is.
func TestEveryFieldOfStreamsIsDescribed(t *testing.T) {
	d := schemaOf(t, linesSchema)
	d.lines(kinds(t, stream(t, three())))
}
