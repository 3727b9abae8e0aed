// Package results says what came out of a run and what it means: the journal
// that a run appends to, the summary of each contender and the comparison with
// the baseline. It measures nothing and prints nothing; everything but the
// journal is a pure function of what the journal holds.
//
// A request that failed is data with a class. A number that cannot be had is
// nil, never NaN or zero. All times in the journal are whole nanoseconds, all
// times in summaries seconds, all sizes bytes, all levels in (0, 1).
package results

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// Schema is the version of the journal and of the JSON report. Fields are added
// within a version; a change of meaning or unit is a new one.
const Schema = 1

// ClassOK is the class of a request that was answered, complete and well formed.
// Every other class is a failure, but for ClassCancelled.
const (
	ClassOK        = "ok"
	ClassCancelled = "cancelled"
)

// A Header is what is known of a run before its first trial.
type Header struct {
	Schema      int             `json:"schema"`
	ID          string          `json:"run"`
	Started     time.Time       `json:"started"`
	Environment Environment     `json:"environment"`
	Target      Target          `json:"target"`
	Design      Design          `json:"design"`
	Contenders  []Column        `json:"contenders"`
	Plan        json.RawMessage `json:"plan"`
}

// A Column is one contender by name, with how many requests of a batch it may
// have in flight at once: what was asked for, 0 where nobody knows.
//
// Size is the number in the name of a contender that is one size of a sweep, 0 for
// others. Transport and Policies are those of its name; empty means HTTP/1.1 and none.
type Column struct {
	Name      string   `json:"name"`
	Asked     int      `json:"asked"`
	Size      int      `json:"size,omitempty"`
	Transport string   `json:"transport,omitempty"`
	Policies  []string `json:"policies,omitempty"`
	// Route is the address of a contender that is a whole route of a web app, which is
	// what its trials GET in the place of the batch.
	Route string `json:"route,omitempty"`
	// Process is there for a contender in a process of its own.
	Process *Process `json:"process,omitempty"`
}

// A Process is what a contender in a process of its own says of itself, and how long it
// took until it did: its start and its imports, which are in no makespan.
type Process struct {
	Program   string `json:"program,omitempty"`
	Language  string `json:"language,omitempty"`
	Library   string `json:"library,omitempty"`
	StartedNS int64  `json:"started_ns,omitempty"`
	// Command is what was started for it, word by word, without the secrets.
	Command []string `json:"command,omitempty"`
}

// A Target is what was fetched. Requests of a batch beyond the list begin it
// again: request i fetches URLs[i % len(URLs)]. A batch that is repeated within its
// trial is numbered on: request i of fan-out b has the index b * Requests + i.
type Target struct {
	URLs     []string `json:"urls"`
	Requests int      `json:"requests"`
	// Embedded is the profile of the embedded upstream, empty for real endpoints.
	Embedded string `json:"embedded,omitempty"`
	// Form is how the embedded upstream was served: process, server or mock.
	Form  string  `json:"form,omitempty"`
	Scale float64 `json:"scale,omitempty"`
	// Repeat is how often a trial fetches the batch, one fan-out after the other; 0
	// means once.
	Repeat int `json:"repeat,omitempty"`
	// Clients is how many callers there are of each whole route, each of whom has the
	// batch fetched; 0 means one.
	Clients int `json:"clients,omitempty"`
	// References has for each value that the plan takes from elsewhere, such as
	// env:TOKEN, a short keyed hash: runs with the same had the same value.
	References map[string]string `json:"references,omitempty"`
	// Cold says that the profile makes round 0 slow, which warm-up does not change.
	Cold bool `json:"cold,omitempty"`
}

// URL returns the address of request i, empty where there is none.
func (t Target) URL(i int) string {
	if len(t.URLs) == 0 || i < 0 {
		return ""
	}
	if t.Requests > 0 {
		i %= t.Requests
	}
	return t.URLs[i%len(t.URLs)]
}

// Planned is the number of requests of a trial.
func (t Target) Planned() int { return t.Requests * max(1, t.Repeat) * max(1, t.Clients) }

// Address is that of request i of a contender: of the batch, or its whole route.
func (h *Header) Address(contender string, i int) string {
	for j := range h.Contenders {
		if c := &h.Contenders[j]; c.Name == contender && c.Route != "" {
			return c.Route
		}
	}
	return h.Target.URL(i)
}

// A Design is how the experiment was laid out.
type Design struct {
	Seed        uint64 `json:"seed"`
	Rounds      int    `json:"rounds"`
	Warmup      int    `json:"warmup"`
	Order       string `json:"order"`       // random, balanced, fixed or blocks
	Connections string `json:"connections"` // fresh or warm
	Baseline    string `json:"baseline"`
	PauseNS     int64  `json:"pause_ns"`
	TimeoutNS   int64  `json:"timeout_ns"`
	// Body is headers where no contender reads the bodies of answers.
	Body string `json:"body,omitempty"`
	// Judging holds what verdicts are given by, and when the run may stop.
	Judging
}

// Judging is the size of the tests and the relative difference that does not
// matter; 0 stands for 0.05. A Precision above 0 ends the run when every interval
// is narrower than it, after at most Rounds rounds.
type Judging struct {
	Alpha     float64 `json:"alpha,omitempty"`
	Delta     float64 `json:"delta,omitempty"`
	Precision float64 `json:"precision,omitempty"`
	// AA says that the contenders are the baseline twice: any difference between
	// them is the machine's.
	AA bool `json:"aa,omitempty"`
	// Sweep says that the contenders are sizes of one strategy.
	Sweep bool `json:"sweep,omitempty"`
	// Sides says that the contenders are the two sides of an ab.
	Sides bool `json:"sides,omitempty"`
}

// An Environment is the machine and the program that measured.
type Environment struct {
	Tool     string  `json:"tool"`
	Go       string  `json:"go"`
	OS       string  `json:"os"`
	Kernel   string  `json:"kernel"`
	CPU      string  `json:"cpu"`
	CPUs     int     `json:"cpus"`
	MaxProcs int     `json:"gomaxprocs"`
	GOGC     string  `json:"gogc"`
	Load     float64 `json:"load_1m"`
	Terms
}

// Terms are what this process was held to: by the system around it, and by the
// plan. 0 and empty mean that there is no such bound, or that nobody told.
type Terms struct {
	FDLimit uint64 `json:"fd_limit"`
	// Ports is how many local ports connections to one address can come from.
	Ports int `json:"ports,omitempty"`
	// CPULimit is in processors and MemoryLimit in bytes, as the control group has them.
	CPULimit    float64 `json:"cpu_limit,omitempty"`
	MemoryLimit int64   `json:"memory_limit_bytes,omitempty"`
	Governor    string  `json:"governor,omitempty"`  // of the processors' speed
	Container   string  `json:"container,omitempty"` // the kind of container, if it shows
	PlanHash    string  `json:"plan_hash,omitempty"` // alike only for equal plans
}

// A Run is a journal read back.
type Run struct {
	Header
	// Trials are in the order in which they were made, warm-up rounds included.
	Trials []Trial
	// Complete says that every round of the plan is there. Reason says why not.
	Complete bool
	Reason   string
	// Reached says why a complete run has fewer rounds than its plan allows.
	Reached string
	// Torn is the number of bytes after the last whole line, left by a crash.
	Torn int
	// Resumed are the places at which it went on after it had been cut short.
	Resumed []Resumption
	// Latencies are those of the requests, by contender, where OpenLatencies
	// has read them.
	Latencies map[string]*Latencies
	// Culprits are the few requests of the batch that nearly all failures were, as a
	// Blame has them; empty where there are none, or OpenLatencies has not looked.
	Culprits Culprits
	// Imported says that there are the times of trials and nothing else: no
	// requests, no machine, and no order within a round.
	Imported bool
}

// Measured calls yield for each trial that counts: those of measured rounds
// that were not aborted, in the order in which they were made.
func (r *Run) Measured(yield func(*Trial) bool) {
	for i := range r.Trials {
		t := &r.Trials[i]
		if t.Round >= 0 && t.Outcome != Aborted && !yield(t) {
			return
		}
	}
}

// Rounds returns the measured rounds in which every contender has a trial that
// was not aborted, in their order, each with its trials by contender. They are
// the matched sets that statistics rest on: a round that was cut short is in
// none of them.
func (r *Run) Rounds() []Round {
	byNumber := map[int]Round{}
	for t := range r.Measured {
		if byNumber[t.Round] == nil {
			byNumber[t.Round] = Round{}
		}
		byNumber[t.Round][t.Contender] = t
	}
	var rounds []Round
	for _, number := range slices.Sorted(maps.Keys(byNumber)) {
		if r.whole(byNumber[number]) {
			rounds = append(rounds, byNumber[number])
		}
	}
	return rounds
}

// column is a contender as the header has it, empty for one that is not there.
func (r *Run) column(name string) Column {
	if i := slices.IndexFunc(r.Contenders, func(c Column) bool { return c.Name == name }); i >= 0 {
		return r.Contenders[i]
	}
	return Column{}
}

// RoutesOnly tells whether all contenders are whole routes of web apps.
func (r *Run) RoutesOnly() bool {
	return len(r.Contenders) > 0 && !slices.ContainsFunc(r.Contenders, func(c Column) bool { return c.Route == "" })
}

// whole tells whether every contender has a trial in the round. Counting would
// not do: a journal edited by hand may name contenders that are not in its header.
func (r *Run) whole(round Round) bool {
	return !slices.ContainsFunc(r.Contenders, func(c Column) bool { return round[c.Name] == nil })
}

// A Round is one trial of every contender, by the contender's name.
type Round map[string]*Trial
