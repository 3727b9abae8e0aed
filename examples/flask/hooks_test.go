//go:build unix

package flask_test

import (
	"net/http"
	"testing"
)

// Hooks that take time run before and after each request, of either form, and around
// the error handler too; the one after it may change the answer. Without being asked
// for there are none.
func TestHooksRunAroundEachRequest(t *testing.T) {
	t.Parallel()
	l := newList(t)
	for seconds, want := range map[string]string{"0.01": "before,after", "0": ""} {
		a := flask(t, 0, l.environ(), "FETCHBENCH_UPSTREAM=http://127.0.0.1:1", "HOOK_SECONDS="+seconds, "DATA_SECONDS=0.01")
		for path, c := range map[string]struct {
			status int
			body   string
		}{
			"/noop":               {http.StatusOK, "Done!"},
			"/data":               {http.StatusOK, "Done!"},
			"/urls/sync":          {http.StatusOK, "<h1>URLs:</h1>"},
			"/urls/async":         {http.StatusOK, "<h1>URLs:</h1>"},
			"/comics/sync?pick=1": {http.StatusInternalServerError, "500 error"}, // nobody serves comics
		} {
			page := a.get(t, path, c.status)
			if page.body != c.body || page.header.Get("X-Hooks") != want {
				t.Errorf("%s: %q with %q, want %q with %q", path, page.body, page.header.Get("X-Hooks"), c.body, want)
			}
		}
	}
}
