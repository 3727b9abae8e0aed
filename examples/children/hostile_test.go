package children_test

import (
	"net"
	"slices"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/child"
	"github.com/fetchbench/fetchbench/bench/upstream/hostile"
	"github.com/fetchbench/fetchbench/results"
)

// An ordeal is an address and what each example has to say of it. A body that is cut
// short and a connection that is reset are one thing: which of the two a client sees is
// a matter of what it reads first.
type ordeal struct {
	path    string
	classes []string
	bytes   int64
	// moves says that it redirects, which is refused by those that follow none.
	moves bool
}

// ordeals lists them, those that take their time last: children warm up with the first
// ten.
func ordeals() []ordeal {
	cut := []string{"truncated", "reset"}
	return []ordeal{
		{path: "/ok", classes: []string{"ok"}, bytes: 3},
		{path: "/ok?size=300000", classes: []string{"ok"}, bytes: 300000},
		{path: "/ok?size=0", classes: []string{"ok"}},
		{path: "/status/204", classes: []string{"ok"}},
		{path: "/status/404", classes: []string{"http_4xx"}, bytes: 10},
		{path: "/status/503", classes: []string{"http_5xx"}, bytes: 20},
		{path: "/fail-first?n=1000000&mode=close&key=a", classes: []string{"reset"}},
		{path: "/fail-first?n=1000000&mode=reset&key=b", classes: []string{"reset"}},
		{path: "/truncate", classes: cut},
		{path: "/chunk-truncated", classes: cut},
		{path: "/reset", classes: cut},
		{path: "/redirect?n=3", classes: []string{"ok"}, bytes: 3, moves: true},
		{path: "/redirect-loop", classes: []string{"redirect_refused"}, moves: true},
		{path: "/redirect-other-port", classes: []string{"redirect_refused"}, moves: true},
		{path: "refused", classes: []string{"refused"}},
		{path: "/hang", classes: []string{"timeout"}},
		{path: "/drip?bytes=100&every=100", classes: []string{"timeout"}},
		{path: "/raw/drip-headers", classes: []string{"timeout"}},
	}
}

// wants lists the classes that an example may report of an address.
func (o ordeal) wants(e example) []string {
	if o.moves && e.stays {
		return []string{"redirect_refused"}
	}
	return o.classes
}

// closed is an address at which nobody listens: one that was free a moment ago.
func closed(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return "http://" + l.Addr().String() + "/"
}

// addressed is a plan of the ordeals for one example. What curl --parallel does by itself
// cannot be foreseen here: once the connections that answered are closed, it waits anew for
// a first answer, and may do so where there is none. So it is told not to wait.
func addressed(e example, at, refused string) (bench.Plan, error) {
	p, err := bench.Defaults("")
	p.Rounds, p.Warmup, p.Pause = 1, 0, 0
	p.Limits.Timeout = bench.Duration(2 * time.Second)
	command := e.command
	if e.name == "curl_parallel" {
		command += " --parallel-immediate"
	}
	p.Makers, p.Contenders = []bench.Maker{child.Maker()}, []string{"exec:" + command}
	if e.alone {
		p.Contenders = []string{"exec/sequential:" + command}
	}
	for _, o := range ordeals() {
		url := at + o.path
		if o.path == "refused" {
			url = refused
		}
		p.URLs = append(p.URLs, bench.Request{URL: url})
	}
	return p, err
}

// told checks what an example reported of the ordeals.
func (e example) told(t *testing.T, trial *results.Trial) {
	t.Helper()
	list := ordeals()
	if len(trial.Requests) != len(list) {
		t.Errorf("%s: %s, %+v", e.name, trial.Outcome, trial.Tally)
		return
	}
	for i, o := range list {
		r, wants := trial.Requests[i], o.wants(e)
		if !slices.Contains(wants, r.Class) || r.Bytes != o.bytes && r.Class == o.classes[0] {
			t.Errorf("%s: %s: %s with %d bytes, want %v with %d (%+v)", e.name, o.path, r.Class, r.Bytes, wants, o.bytes, trial.Tally.Failures)
		}
	}
}

// Whatever goes wrong, every example calls it by the same name, and tells of each
// request in its own place.
func TestExamplesAgreeOnFailures(t *testing.T) {
	server, err := hostile.Start(hostile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	refused, left := closed(t), marked(t)
	each(t, func(e example) {
		p, err := addressed(e, server.URL("http"), refused)
		if err != nil {
			t.Error(err)
			return
		}
		for trial, err := range bench.Run(t.Context(), p) {
			if err != nil {
				t.Errorf("%s: %v", e.name, err)
				return
			}
			e.told(t, &trial)
		}
	})
	if processes := left(); len(processes) > 0 {
		t.Errorf("there are left %q", processes)
	}
}
