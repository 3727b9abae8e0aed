package main

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// TestARunWithATrialThatHungIsInvalid, and the report says which contender it was
// and where the goroutines are to be found.
func TestARunWithATrialThatHungIsInvalid(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hung.jsonl")
	h := results.Header{Schema: results.Schema, ID: "20261120-hung", Contenders: []results.Column{{Name: "pool:8@h2", Asked: 8}}}
	h.Target.Requests, h.Design.Rounds = 1, 2
	journal, err := results.Create(path, h)
	if err != nil {
		t.Fatal(err)
	}
	fine := results.Trial{Contender: "pool:8@h2", Outcome: results.OK, ElapsedNS: 1e9, Requests: []results.Request{{Class: results.ClassOK, ServiceNS: 1e9}}}
	fine.Tally = fine.Count(1)
	hung := results.Trial{Round: 1, Contender: "pool:8@h2", Outcome: results.Timeout, ElapsedNS: 9e9}
	hung.Tally = hung.Count(1)
	hung.Goroutines = "goroutine 7 [select]: net/http"
	if err := errors.Join(journal.Append(&fine), journal.Append(&hung), journal.End("")); err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	if code := run(context.Background(), []string{"report", path}, strings.NewReader(""), &out, &said); code != exitInvalid {
		t.Errorf("exit code %d, want %d", code, exitInvalid)
	}
	for _, want := range []string{"error: pool:8@h2 did not end and was given up in 1 trial (round 1)", "hint: what its goroutines did is in the journal"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("no %q in\n%s", want, &said)
		}
	}
}
