package export_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// The published schemas, each of one kind of document.
const (
	reportSchema  = "report-1.schema.json"
	journalSchema = "journal-1.schema.json"
	linesSchema   = "json-lines-1.schema.json"
)

// compiled is a published schema as a program of others would read it.
func compiled(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", "schema", name))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// validate holds one JSON document against a schema.
func validate(t *testing.T, schema *jsonschema.Schema, name, text string) {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err == nil {
		err = schema.Validate(document)
	}
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// asJSON is the report of a run.
func asJSON(t *testing.T, j *results.Judgement) string {
	t.Helper()
	var out bytes.Buffer
	if err := report.JSON(&out, j); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// swept is a run whose contenders are sizes.
func swept() *results.Run {
	run := measured([]string{"pool:1", "pool:2", "pool:3", "pool:4"}, 10, steady)
	run.Design.Sweep = true
	for i := range run.Contenders {
		run.Contenders[i].Size = i + 1
	}
	return run
}

// TestReportsAreAsTheirSchemaSays, whatever was measured.
func TestReportsAreAsTheirSchemaSays(t *testing.T) {
	schema, runs := compiled(t, reportSchema), extremes()
	runs["swept"], runs["swept none"] = swept(), swept()
	runs["swept none"].Trials = nil
	runs["resumed"] = three()
	runs["resumed"].Resumed = []results.Resumption{{Round: -1, PausedNS: 5e9}}
	for name, run := range runs {
		validate(t, schema, name, asJSON(t, results.Judge(run)))
	}
	validate(t, schema, "empty", asJSON(t, &results.Judgement{Run: &results.Run{}}))
	for _, golden := range []string{"article.json", "sweep.json"} {
		text, err := os.ReadFile(filepath.Join("..", "report", "testdata", golden))
		if err != nil {
			t.Fatal(err)
		}
		validate(t, schema, golden, string(text))
	}
}

// TestJournalsAreAsTheirSchemaSays: one just written, and those that are kept.
func TestJournalsAreAsTheirSchemaSays(t *testing.T) {
	schema := compiled(t, journalSchema)
	kept, err := filepath.Glob(filepath.Join("..", "published", "*", "*.jsonl"))
	if err != nil || len(kept) == 0 {
		t.Fatal("no published journal:", err)
	}
	for _, path := range append(kept, journaled(t, three()), filepath.Join("..", "testdata", "schema-1.jsonl")) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			validate(t, schema, path, line)
		}
	}
}

// journaled writes the journal of a run.
func journaled(t *testing.T, run *results.Run) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), run.ID+".jsonl")
	j, err := results.Create(path, run.Header)
	for i := range run.Trials {
		if err == nil {
			err = j.Append(&run.Trials[i])
		}
	}
	if err == nil {
		err = j.End("stopped by SIGINT")
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestStreamsAreAsTheirSchemaSays, whatever was measured.
func TestStreamsAreAsTheirSchemaSays(t *testing.T) {
	schema := compiled(t, linesSchema)
	for name, run := range extremes() {
		for line := range strings.Lines(stream(t, run)) {
			validate(t, schema, name, line)
		}
	}
}

// TestSchemasRefuse what is no such document: a schema that takes everything says
// nothing.
func TestSchemasRefuse(t *testing.T) {
	good := asJSON(t, results.Judge(three()))
	for name, change := range map[string]func(map[string]any){
		"another schema": func(d map[string]any) { d["schema"] = 2 },
		"no run":         func(d map[string]any) { delete(d, "run") },
		"a verdict":      func(d map[string]any) { d["comparisons"].([]any)[0].(map[string]any)["verdict"] = "faster" },
		"a time":         func(d map[string]any) { d["contenders"].([]any)[0].(map[string]any)["median_s"] = "0.4 s" },
		"half an interval": func(d map[string]any) {
			delete(d["contenders"].([]any)[0].(map[string]any)["median_ci"].(map[string]any), "level")
		},
	} {
		var document map[string]any
		if err := json.Unmarshal([]byte(good), &document); err != nil {
			t.Fatal(err)
		}
		change(document)
		text, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		read, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil || compiled(t, reportSchema).Validate(read) == nil {
			t.Errorf("%s is taken (%v)", name, err)
		}
	}
	read, err := jsonschema.UnmarshalJSON(strings.NewReader(`{"type":"trail"}`))
	if err != nil || compiled(t, journalSchema).Validate(read) == nil || compiled(t, linesSchema).Validate(read) == nil {
		t.Errorf("a line of no kind is taken (%v)", err)
	}
}
