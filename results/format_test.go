package results_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// schema1 is a run that uses every field of schema 1.
func schema1() *results.Run {
	return &results.Run{
		Header: results.Header{
			Schema: 1, ID: "20261120-3f2k", Started: time.Date(2026, 11, 20, 9, 30, 0, 5, time.UTC),
			Environment: results.Environment{
				Tool: "fetchbench 0.1.0", Go: "go1.26.8", OS: "linux", Kernel: "6.1.0", CPU: "x",
				CPUs: 2, MaxProcs: 1, GOGC: "100", Load: 0.25, Terms: results.Terms{FDLimit: 1024},
			},
			Target: results.Target{URLs: []string{"http://127.0.0.1:8080/a?b=1&c=2"}, Requests: 5, Embedded: "article", Form: "process", Scale: 0.1},
			Design: results.Design{
				Seed: 18446744073709551615, Rounds: 1, Warmup: 1, Order: "random", Connections: "fresh",
				Baseline: "sequential", PauseNS: 2e8, TimeoutNS: 1e10,
			},
			Contenders: []results.Column{{Name: "sequential", Asked: 1}},
			Plan:       []byte(`{"rounds":1}`),
		},
		Trials: []results.Trial{
			{
				Round: -1, Contender: "sequential", Outcome: results.OK, StartNS: 10, ElapsedNS: 300,
				Requests: []results.Request{
					{
						Index: 0, Class: "ok", Status: 200, Bytes: 512, WireBytes: 100, Attempts: 1, StartNS: 1, ServiceNS: 100,
						Phases: results.Phases{DNSNS: 1, ConnectNS: 2, TLSNS: 3, WaitNS: 4, BodyNS: 5},
					},
					{Index: 1, Class: "timeout", Phase: "wait", Status: 0, Attempts: 1, StartNS: 101, ServiceNS: 199},
				},
				Tally: results.Tally{
					Count:    results.Count{Planned: 5, OK: 1, Failed: 1, Cancelled: 1, NotStarted: 2},
					Attempts: 2, Effort: results.Effort{Redirects: 3}, Bytes: 512, WireBytes: 100, Opened: 1, Reused: 1, Protocol: "HTTP/1.1",
					Failures: []results.Failure{{Class: "timeout", Phase: "wait", Count: 1, Request: 1, AtNS: 300, Text: "too late"}},
					Flight:   results.Flight{Mean: 1.5, Max: 2, LatencyNS: 299, LongestNS: 199},
				},
				Observed: results.Observed{
					Machine: results.Machine{CPUNS: 1, Allocs: 2, AllocBytes: 3, GCPauseNS: 4, SchedP99NS: 5},
					Seen:    &results.Seen{Requests: 2, Connections: 1, Flight: 0.5, Max: 1, Differs: []string{"one"}},
				},
			},
			{Round: 0, Position: 1, Contender: "sequential", Outcome: results.Aborted},
		},
		Complete: true,
	}
}

// TestR60Schema1IsWhatItWas: a journal of today is, byte for byte, like the one of
// schema 1 that testdata keeps, and that one still reads. Who changes a name or
// a unit changes the schema, and adds a file.
func TestR60Schema1IsWhatItWas(t *testing.T) {
	kept := filepath.Join("testdata", "schema-1.jsonl")
	equal(t, "written", string(content(t, journal(t, schema1()))), string(content(t, kept)))
	run, err := results.Open(kept)
	must(t, err)
	want := schema1()
	alike(t, "streamed", streamed(t, content(t, kept)), want.Trials)
	for i := range want.Trials {
		want.Trials[i].Requests = nil
	}
	alike(t, "read", run, want)
}
