package report

import (
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// Routes of apps on this machine can be told apart where names are short, and nothing
// else is called otherwise than it is. What is hostile in an address stays harmless.
func TestRoutesAreCalledByPortAndPath(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"route:http://127.0.0.1:8001/urls/async": ":8001/urls/async",
		"route:http://127.0.0.1:8002/urls/async": ":8002/urls/async",
		"route:http://127.0.0.1:8001/\x1b[2J":    `:8001/\x1b[2J`,
		"route:http://10.0.0.7/urls":             "route:http://10.0.0.7/urls",
		"pool:8":                                 "pool:8",
		"exec:get http://127.0.0.1:1/a":          "exec:get",
		"exec:/usr/bin/python3.11 a/b/fetch.py":  "exec:fetch.py",
		"exec/8:python3 -W error a/threads.py 6": "exec/8:threads.py",
		"exec/sequential:./fetch --all":          "exec/sequential:fetch",
		"exec:python3 '\x1b[2J.py'":              `exec:\x1b[2J.py`,
	} {
		if got := (Options{}).name(name); got != want {
			t.Errorf("%q is called %q, want %q", name, got, want)
		}
	}
}

// Programs are called by so much of their commands as tells them apart in their run, in
// its tables as in its warnings.
func TestProgramsAreToldApart(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"exec:python3 examples/children/python/aiohttp_gather.py": "exec:aiohttp_gather.py",
		"exec:python3 examples/children/python/httpx_gather.py":   "exec:httpx_gather.py",
		"exec:python3 threads.py":                                 "exec:threads.py",
		"exec:python3 threads.py 6":                               "exec:threads.py 6",
		"exec:python3 old/fetch.py":                               "exec:old/fetch.py",
		"exec:python3 new/fetch.py":                               "exec:new/fetch.py",
		"exec:node same/x.js":                                     "exec:node same/x.js",
		"exec:bun same/x.js":                                      "exec:bun same/x.js",
		"sequential":                                              "sequential",
	}
	run := &results.Run{}
	for name := range want {
		run.Contenders = append(run.Contenders, results.Column{Name: name})
	}
	if got := recalled(nil, "exec:a.py broke"); got != "exec:a.py broke" {
		t.Errorf("without a run: %q", got)
	}
	for name, short := range want {
		if got := NameIn(run, name); got != short {
			t.Errorf("%q is called %q, want %q", name, got, short)
		}
		if got := recalled(run, name+" broke"); got != short+" broke" {
			t.Errorf("a warning says %q, want %q", got, short+" broke")
		}
	}
}
