package results

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// differences lists in what else the runs differ, the gravest kind first. The load of
// the machine, the seed, the number of rounds and the ports of an embedded upstream
// differ between any two runs, and are left out.
func differences(base, other *Run) []Difference {
	all := []Difference{}
	for _, d := range slices.Concat(work(base, other), machine(base, other), program(base, other), design(base, other)) {
		if d.Base != d.Other {
			all = append(all, d)
		}
	}
	return all
}

// pairOf is something that may differ.
func pairOf(kind, what string, base, other any) Difference {
	return Difference{Kind: kind, What: what, Base: fmt.Sprint(base), Other: fmt.Sprint(other)}
}

// work is what was fetched.
func work(base, other *Run) []Difference {
	b, o := base.Target, other.Target
	all := []Difference{
		pairOf(KindWork, "upstream", b.kind(), o.kind()),
		pairOf(KindWork, "requests of a batch", b.Requests, o.Requests),
		pairOf(KindWork, "batches of a trial", max(1, b.Repeat), max(1, o.Repeat)),
		pairOf(KindWork, "secrets", hashes(b), hashes(o)),
	}
	if b.Embedded == "" && o.Embedded == "" {
		if d := addresses(b.URLs, o.URLs); d != (Difference{}) {
			return append(all, d) // what is sent elsewhere is another request anyway
		}
		all = append(all, messages(base, other))
	}
	return all
}

// kind names where the addresses lead. A mock is no upstream.
func (t Target) kind() string {
	where := "endpoints"
	if t.Embedded != "" {
		where = "profile " + t.Embedded
		if t.Scale != 0 && t.Scale != 1 {
			where += fmt.Sprintf(" times %v", t.Scale)
		}
	}
	if t.Form == "mock" {
		where += " on a mock"
	}
	return where
}

// hashes lists what the values taken from elsewhere were, as far as that is told.
func hashes(t Target) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(t.References)) {
		list = append(list, name+"="+t.References[name])
	}
	return strings.Join(list, " ")
}

// addresses compares two lists of addresses, of which it names the first that differ.
func addresses(b, o []string) Difference {
	for i := range max(len(b), len(o)) {
		var x, y string
		if i < len(b) {
			x = b[i]
		}
		if i < len(o) {
			y = o[i]
		}
		if x != y {
			return pairOf(KindWork, fmt.Sprintf("address %d", i+1), orNone(x), orNone(y))
		}
	}
	return Difference{}
}

// orNone names what is not there.
func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

// A message is what is sent with an address.
type message struct {
	Method string            `json:"method"`
	Header map[string]string `json:"header"`
	Body   string            `json:"body"`
}

// messages compares what was sent with the same addresses, and names the first thing
// that differs. That stands in the plans only.
func messages(base, other *Run) Difference {
	list := func(r *Run) []message {
		var plan struct {
			URLs []message `json:"urls"`
		}
		_ = json.Unmarshal(r.Plan, &plan) // a plan of somebody else may have none
		return plan.URLs
	}
	b, o := list(base), list(other)
	for i := range max(len(b), len(o)) {
		var x, y message
		if i < len(b) {
			x = b[i]
		}
		if i < len(o) {
			y = o[i]
		}
		if d := x.differs(y, fmt.Sprintf(" of request %d", i+1)); d != (Difference{}) {
			return d
		}
	}
	return Difference{}
}

// differs compares two messages of one request: its method, its header in the order of
// the names, its body. Bodies may be long, and are told apart by their size.
func (m message) differs(o message, where string) Difference {
	const usual = "GET"
	if b, o := cmp.Or(m.Method, usual), cmp.Or(o.Method, usual); b != o {
		return pairOf(KindWork, "method"+where, b, o)
	}
	names := slices.Concat(slices.Collect(maps.Keys(m.Header)), slices.Collect(maps.Keys(o.Header)))
	slices.Sort(names)
	for _, name := range names {
		if b, o := m.Header[name], o.Header[name]; b != o {
			return pairOf(KindWork, "header "+name+where, orNone(b), orNone(o))
		}
	}
	b, x := counted(len(m.Body), "byte"), counted(len(o.Body), "byte")
	switch {
	case m.Body == o.Body:
		return Difference{}
	case b == x:
		x = "others"
	}
	return pairOf(KindWork, "body"+where, b, x)
}

// machine is where it was fetched from.
func machine(base, other *Run) []Difference {
	b, o := base.Environment, other.Environment
	return []Difference{
		pairOf(KindMachine, "system", b.OS, o.OS),
		pairOf(KindMachine, "kernel", b.Kernel, o.Kernel),
		pairOf(KindMachine, "processor", b.CPU, o.CPU),
		pairOf(KindMachine, "processors", b.CPUs, o.CPUs),
		pairOf(KindMachine, "GOMAXPROCS", b.MaxProcs, o.MaxProcs),
		pairOf(KindMachine, "limit of processors", b.CPULimit, o.CPULimit),
		pairOf(KindMachine, "limit of memory", b.MemoryLimit, o.MemoryLimit),
		pairOf(KindMachine, "governor", b.Governor, o.Governor),
		pairOf(KindMachine, "container", b.Container, o.Container),
	}
}

// program is what fetched it.
func program(base, other *Run) []Difference {
	b, o := base.Environment, other.Environment
	all := []Difference{
		pairOf(KindProgram, "fetchbench", b.Tool, o.Tool),
		pairOf(KindProgram, "Go", b.Go, o.Go),
		pairOf(KindProgram, "GOGC", b.GOGC, o.GOGC),
	}
	// Contenders are matched by name, and two commands of one name are no one thing.
	was, now := commands(base), commands(other)
	for _, c := range base.Contenders {
		if was[c.Name] != "" || now[c.Name] != "" {
			all = append(all, pairOf(KindProgram, "command of "+c.Name, orNone(was[c.Name]), orNone(now[c.Name])))
		}
	}
	return all
}

// design is how it was laid out. Precision ends runs early, which is not a difference
// of the times.
func design(base, other *Run) []Difference {
	b, o := base.Design, other.Design
	all := []Difference{
		pairOf(KindDesign, "connections", b.Connections, o.Connections),
		pairOf(KindDesign, "order", b.Order, o.Order),
		pairOf(KindDesign, "warm-up rounds", b.Warmup, o.Warmup),
		pairOf(KindDesign, "pause", time.Duration(b.PauseNS), time.Duration(o.PauseNS)),
		pairOf(KindDesign, "timeout", time.Duration(b.TimeoutNS), time.Duration(o.TimeoutNS)),
		pairOf(KindDesign, contenderList, names(base), names(other)),
	}
	if base.Target.Embedded != "" {
		all = append(all, pairOf(KindDesign, "form of the upstream", base.Target.Form, other.Target.Form))
	}
	spoken := other.protocols()
	for name, protocol := range base.protocols() {
		if now, there := spoken[name]; there {
			all = append(all, pairOf(KindDesign, "protocol of "+name, protocol, now))
		}
	}
	slices.SortStableFunc(all[6:], func(a, b Difference) int { return strings.Compare(a.What, b.What) })
	return all
}

// contenderList is what differs between runs of other contenders.
const contenderList = "list of contenders"

// names lists the contenders: who else takes turns is part of what each one meets.
func names(r *Run) string {
	var list []string
	for _, c := range r.Contenders {
		list = append(list, c.Name)
	}
	return strings.Join(list, ", ")
}

// protocols are those that the contenders really spoke, where that is known.
func (r *Run) protocols() map[string]string {
	spoken := map[string]string{}
	for t := range r.Measured {
		if t.Tally.Protocol != "" && spoken[t.Contender] == "" {
			spoken[t.Contender] = t.Tally.Protocol
		}
	}
	return spoken
}
