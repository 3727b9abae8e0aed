package results_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/fetchbench/fetchbench/results"
)

// drawRun draws a run as a program could have recorded it.
func drawRun(r *rapid.T) *results.Run {
	names := rapid.SliceOfNDistinct(rapid.StringN(1, 8, -1), 1, 3, rapid.ID).Draw(r, "names")
	run := &results.Run{Header: header(names...)}
	run.Started = time.Unix(0, rapid.Int64().Draw(r, "started")/2).UTC()
	run.Design.Seed = rapid.Uint64().Draw(r, "seed")
	run.Target.URLs = rapid.SliceOfN(rapid.String(), 0, 3).Draw(r, "urls")
	run.Target.Requests = 0 // the trials may have any number
	run.Plan, _ = json.Marshal(map[string]string{"note": rapid.String().Draw(r, "note")})
	run.Reason = rapid.SampledFrom([]string{"", "interrupted", "a \"reason\"\n"}).Draw(r, "reason")
	run.Complete = run.Reason == ""
	for range rapid.IntRange(0, 3).Draw(r, "trials") {
		next := drawTrial(r, rapid.SampledFrom(names).Draw(r, "contender"))
		if !slices.ContainsFunc(run.Trials, func(t results.Trial) bool {
			return t.Round == next.Round && t.Contender == next.Contender
		}) {
			run.Trials = append(run.Trials, next)
		}
	}
	return run
}

// drawTrial draws a trial, now and then one whose requests take several lines.
func drawTrial(r *rapid.T, name string) results.Trial {
	t := results.Trial{
		Round: rapid.IntRange(-2, 9).Draw(r, "round"), Position: rapid.IntRange(0, 2).Draw(r, "position"),
		Contender: name, Outcome: rapid.SampledFrom(outcomes()).Draw(r, "outcome"),
		StartNS: rapid.Int64().Draw(r, "start"), ElapsedNS: rapid.Int64Min(1).Draw(r, "elapsed"),
	}
	t.Machine = results.Machine{CPUNS: rapid.Int64().Draw(r, "cpu"), Allocs: rapid.Uint64().Draw(r, "allocs")}
	if rapid.Bool().Draw(r, "seen") {
		t.Seen = &results.Seen{Requests: 3, Flight: 1.5, Differs: []string{"attempts <2>"}}
	}
	few := rapid.SliceOfN(rapid.Custom(drawRequest), 0, 5).Draw(r, "requests")
	n := len(few)
	if n > 0 {
		n = rapid.SampledFrom([]int{n, n, n, 1000, 1001, 2500}).Draw(r, "n")
	}
	for i := range n {
		request := few[i%len(few)]
		request.Index = i
		t.Requests = append(t.Requests, request)
	}
	t.Tally = t.Count(n)
	return t
}

// drawRequest draws a request with any numbers.
func drawRequest(r *rapid.T) results.Request {
	n := func(name string) int64 {
		return rapid.OneOf(rapid.Just(int64(0)), rapid.Int64()).Draw(r, name)
	}
	kind := rapid.SampledFrom([][2]string{
		{"", ""}, {results.ClassOK, ""}, {results.ClassCancelled, ""}, {"timeout", "wait"}, {"timeout", ""}, {`"\<`, ""},
	}).Draw(r, "class")
	return results.Request{
		Class: kind[0], Phase: kind[1], Status: rapid.IntRange(0, 999).Draw(r, "status"),
		Attempts: rapid.IntRange(0, 3).Draw(r, "attempts"), Bytes: n("bytes"), WireBytes: n("wire"),
		StartNS: n("start"), ServiceNS: n("service"),
		Phases: results.Phases{DNSNS: n("dns"), ConnectNS: n("connect"), TLSNS: n("tls"), WaitNS: n("wait"), BodyNS: n("body")},
	}
}

// outcomes are all that a trial can have.
func outcomes() []results.TrialOutcome {
	return []results.TrialOutcome{results.OK, results.Failed, results.Timeout, results.Aborted}
}

// streamed is what Trials yields, each trial copied with its requests, which
// are only there until the next.
func streamed(r rapid.TB, text []byte) []results.Trial {
	r.Helper()
	var list []results.Trial
	for t, err := range results.Trials(bytes.NewReader(text)) {
		if err != nil {
			r.Fatal(err)
		}
		whole := *t
		whole.Requests = append([]results.Request(nil), t.Requests...)
		list = append(list, whole)
	}
	return list
}

// alike wants two values to be equal; an empty list is like none. It looks
// first whether there is anything to explain, which is a hundred times faster.
func alike(r rapid.TB, what string, got, want any, options ...cmp.Option) {
	r.Helper()
	if reflect.DeepEqual(got, want) {
		return
	}
	if diff := cmp.Diff(want, got, append(options, cmpopts.EquateEmpty())...); diff != "" {
		r.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}
