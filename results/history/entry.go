package history

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// A State says how far a run is.
type State string

// The states of a run. Incomplete ones have a reason, unreadable ones a problem.
const (
	Complete   State = "complete"
	Incomplete State = "incomplete"
	Running    State = "running"
	Unreadable State = "unreadable"
)

// An Entry is one run of the folder.
type Entry struct {
	// ID is the name of the journal without its ending, whatever stands in it.
	ID string `json:"id"`
	// Path is where the journal is.
	Path string `json:"path"`
	// Names are those that the run was saved under, in the order of the alphabet.
	Names []string `json:"names"`
	// Size is that of the journal in bytes.
	Size int64 `json:"bytes"`
	// Changed is when the journal was last written to.
	Changed time.Time `json:"changed"`
	State   State     `json:"state"`
	// Problem says why the journal cannot be read; all below is then empty.
	Problem string `json:"problem,omitempty"`
	Brief
}

// A Brief is what the header and the last lines of a journal say in short.
type Brief struct {
	Started time.Time `json:"started"`
	Target  Target    `json:"target"`
	// Contenders are their names, in the order of the header.
	Contenders []string `json:"contenders"`
	Sweep      bool     `json:"sweep"`
	// Done and Planned are measured rounds; Done is judged by the last trial, and -1
	// where that was not found near the end.
	Done    int    `json:"rounds_done"`
	Planned int    `json:"rounds"`
	Reason  string `json:"reason,omitempty"` // why it is not complete
	Failed  int    `json:"failed"`           // requests, as the last line has it
	Tool    string `json:"tool"`
}

// A Target is what was fetched, in short.
type Target struct {
	// Profile is that of the embedded upstream, empty for real endpoints.
	Profile string `json:"profile,omitempty"`
	// Form is how the embedded upstream was served, Scale what its times were times.
	Form  string  `json:"form,omitempty"`
	Scale float64 `json:"scale,omitempty"`
	// Hosts are those of the addresses, each once; there are none where there is a
	// profile.
	Hosts    []string `json:"hosts,omitempty"`
	Requests int      `json:"requests"` // of a batch
}

// String is the target in a few words: the profile with what is out of the ordinary, as
// in article x0.05 (mock), or the hosts.
func (t Target) String() string {
	switch {
	case t.Profile != "":
		text := t.Profile
		if t.Scale != 0 && t.Scale != 1 {
			text += fmt.Sprintf(" x%v", t.Scale)
		}
		if t.Form != "" && t.Form != "process" {
			text += " (" + t.Form + ")"
		}
		return text
	case len(t.Hosts) == 0:
		return "no hosts"
	case len(t.Hosts) == 1:
		return t.Hosts[0]
	}
	return fmt.Sprintf("%s and %d more", t.Hosts[0], len(t.Hosts)-1)
}

// Matches tells whether a word is part of the id, a name, the profile, a host or a
// contender of the run, or is its state: "complete" is no part of "incomplete". Letter
// case does not matter.
func (e *Entry) Matches(word string) bool {
	word = strings.ToLower(word)
	within := func(text string) bool { return strings.Contains(strings.ToLower(text), word) }
	return strings.EqualFold(string(e.State), word) || within(e.ID) || within(e.Target.Profile) || slices.ContainsFunc(e.Names, within) ||
		slices.ContainsFunc(e.Target.Hosts, within) || slices.ContainsFunc(e.Contenders, within)
}

// Standing is the state in words, with what failed; of a complete run that alone.
func (e *Entry) Standing() string {
	switch {
	case e.Failed > 0 && e.State == Complete:
		return fmt.Sprintf("%d failed", e.Failed)
	case e.Failed > 0:
		return fmt.Sprintf("%s, %d failed", e.State, e.Failed)
	}
	return string(e.State)
}

// When is when the run began, or for one that does not say when its journal was
// last written to. It is zero where there is no such file.
func (e *Entry) When() time.Time {
	if e.Started.IsZero() {
		return e.Changed
	}
	return e.Started
}

// brief shortens a glimpse. What a list does not show is not kept: ten thousand plans
// are more than they look like.
func brief(g *results.Glimpse) Brief {
	b := Brief{
		Started: g.Started, Sweep: g.Design.Sweep, Done: g.Done, Planned: g.Design.Rounds,
		Reason: g.Reason, Failed: g.Failed, Tool: g.Environment.Tool,
		Target: Target{Profile: g.Target.Embedded, Form: g.Target.Form, Scale: g.Target.Scale, Requests: g.Target.Requests},
	}
	for _, c := range g.Contenders {
		b.Contenders = append(b.Contenders, c.Name)
	}
	if b.Target.Profile == "" {
		b.Target.Hosts = g.Target.Hosts()
	}
	return b
}

// state tells the states apart. A run that is complete is so even while somebody
// holds its journal.
func state(g *results.Glimpse, underWay bool) State {
	switch {
	case g.Ended && g.Complete:
		return Complete
	case underWay:
		return Running
	}
	return Incomplete
}
