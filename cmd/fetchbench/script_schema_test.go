package main

import (
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemas is the folder of the published schemas, as it is from here before a script
// changes the folder.
const schemas = "../../docs/schema"

// asSchema holds a file, or each line of one whose name ends in lines, against a
// published schema. The name of the file is a pattern.
func asSchema(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: schema FILE NAME")
	}
	folder, err := filepath.Abs(schemas)
	ts.Check(err)
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(folder, args[1]+"-1.schema.json"))
	ts.Check(err)
	path := args[0]
	if found, err := filepath.Glob(ts.MkAbs(path)); err == nil && len(found) == 1 {
		path = found[0]
	}
	documents := []string{ts.ReadFile(path)}
	if args[1] != "report" {
		documents = strings.Split(strings.TrimSuffix(documents[0], "\n"), "\n")
	}
	for i, text := range documents {
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err == nil {
			err = schema.Validate(document)
		}
		if err != nil {
			ts.Fatalf("%s, document %d: %v", args[0], i+1, err)
		}
	}
}
