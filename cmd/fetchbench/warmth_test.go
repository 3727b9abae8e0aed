package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// What fails in the warm-up is told when it has ended and not half an hour later, and in
// the end which one of the batch it was that left the run without a number. A warm-up
// without a failure says nothing.
func TestTheOneThatFailsIsNamed(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/gone" {
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer server.Close()
	for last, want := range map[string]bool{"/gone": true, "/c": false} {
		code, _, said := command("run", server.URL+"/a", server.URL+"/b", server.URL+last, "-r", "2", "--warmup", "1", "--pause", "1ms")
		for _, line := range []string{
			"the warm-up had 2 failed requests of 6: request 2 (" + server.URL + "/gone) failed in 2 of 2 trials; ",
			"fetchbench: warning: request 2 (" + server.URL + "/gone) failed in 4 of 4 trials; hardly any other did, ",
		} {
			if strings.Contains(said, line) != want || (code == exitInvalid) != want {
				t.Errorf("%s: exit code %d, want %v %q in\n%s", last, code, want, line, said)
			}
		}
		if strings.Contains(said, "warm-up had") != want {
			t.Errorf("%s:\n%s", last, said)
		}
	}
}
