package report

import "testing"

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
		"exec:get http://127.0.0.1:1/a":          "exec:get http://127.0.0.1:1/a",
	} {
		if got := (Options{}).name(name); got != want {
			t.Errorf("%q is called %q, want %q", name, got, want)
		}
	}
}
