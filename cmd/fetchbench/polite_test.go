package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// A visited server keeps what came.
type visited struct {
	*httptest.Server
	mu    sync.Mutex
	paths []string
	agent string
}

// visit starts one, in a test that has a state folder of its own.
func visit(t *testing.T) (v *visited, state string) {
	t.Helper()
	state = t.TempDir()
	t.Setenv("XDG_STATE_HOME", state)
	v = &visited{}
	v.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.paths, v.agent = append(v.paths, r.URL.Path), r.UserAgent()
	}))
	t.Cleanup(v.Close)
	return v, state
}

// command runs the program here, with nobody at the keyboard.
func command(args ...string) (code int, out, said string) {
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// TestR64UserAgentNamesTheTool, its version and where to complain.
func TestR64UserAgentNamesTheTool(t *testing.T) {
	v, _ := visit(t)
	if code, _, said := command("run", v.URL, "-r", "1", "--warmup", "0"); code != exitOK {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	if want := `^fetchbench/\d+\.\d+\.\d+ \(\+https://[^ ]+/fetchbench\)$`; !regexp.MustCompile(want).MatchString(v.agent) {
		t.Errorf("the user agent is %q, want %s", v.agent, want)
	}
}

// TestR66DryRunSendsNothing and writes nothing, of run and of sweep: 12 requests in a
// batch, 2 sizes or contenders, 3 rounds and 1 of warm-up are 96, and each answer may
// have 8 MiB of body and 256 KiB of headers: 96 * 8.25 MiB = 792 MiB.
func TestR66DryRunSendsNothing(t *testing.T) {
	for _, c := range []struct {
		command    []string
		contenders string
		flight     string
	}{
		{[]string{"run", "-s", "sequential,pool:4"}, "sequential, pool:4", "4"},
		{[]string{"sweep", "--pool", "3,6"}, "pool:3, pool:6", "6"},
	} {
		v, state := visit(t)
		code, out, said := command(append(c.command, v.URL, "--dry-run", "-n", "12", "-r", "3", "--warmup", "1", "--max-time", "5m", "--csv", state+"/out.csv")...)
		if code != exitOK || said != "" {
			t.Errorf("exit code %d, stderr %q", code, said)
		}
		want := "host        127.0.0.1: loopback or private; at most 96 requests, " + c.flight + " in flight\n" +
			"contenders  " + c.contenders + "\n" +
			"rounds      3, and 1 to warm up\n" +
			"requests    at most 96, retries and hedges included\n" +
			"in flight   at most " + c.flight + "\n" +
			"bytes       at most 792 MiB of answers\n" +
			"time        at most 5m0s\n" +
			"dry run     nothing was sent, started or written\n"
		if out != want {
			t.Errorf("got\n%swant\n%s", out, want)
		}
		left, err := os.ReadDir(state)
		if len(v.paths) > 0 || err != nil || len(left) > 0 {
			t.Errorf("%d requests came, files %v, %v", len(v.paths), left, err)
		}
	}
}

// TestR66DryRunOfTheEmbeddedUpstream starts none.
func TestR66DryRunOfTheEmbeddedUpstream(t *testing.T) {
	_, state := visit(t)
	code, out, said := command("run", "--profile", "article", "--dry-run")
	if code != exitOK || !strings.HasPrefix(out, "host        the embedded upstream, on this machine; profile article\n") {
		t.Errorf("exit code %d\n%s%s", code, out, said)
	}
	if left, err := os.ReadDir(state); err != nil || len(left) > 0 {
		t.Errorf("files %v, %v", left, err)
	}
}

// TestR67RobotsIsTheUsersOrder: nothing but what was listed is fetched, robots.txt
// neither, and the manual says so.
func TestR67RobotsIsTheUsersOrder(t *testing.T) {
	v, _ := visit(t)
	if code, _, said := command("run", v.URL+"/listed", "-r", "1", "--warmup", "0"); code != exitOK {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	for _, path := range v.paths {
		if path != "/listed" {
			t.Errorf("%s was fetched", path)
		}
	}
	manual, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if text := strings.Join(strings.Fields(string(manual)), " "); !strings.Contains(text, "`robots.txt` is not read: only URLs that you listed are fetched, and that is your order.") {
		t.Error("README.md does not say what becomes of robots.txt")
	}
}

// A batch of which no host has a name that exists is refused before anything is sent,
// in a dry run too, and said of one host among others. A label of 64 letters is no name,
// whoever is asked.
func TestNamesThatDoNotExistAreRefused(t *testing.T) {
	v, _ := visit(t)
	host := strings.Repeat("n", 64) + ".example"
	for _, dry := range []string{"--dry-run", "--yes"} {
		code, _, said := command("run", "http://"+host+"/", dry, "-r", "1", "--warmup", "0")
		if code != exitUsage || !strings.Contains(said, "error: no such name: "+host+"; nothing was sent\n") {
			t.Errorf("%s: exit code %d\n%s", dry, code, said)
		}
	}
	for _, args := range [][]string{{"http://" + host + "/", "--keep-going"}, {"http://" + host + "/", v.URL}} {
		code, _, said := command(append([]string{"run", "-r", "1", "--warmup", "0"}, args...)...)
		if code != exitInvalid || !strings.Contains(said, "no such name: "+host+"; every request there will fail\n") || !strings.Contains(said, "dns_notfound") {
			t.Errorf("%q: exit code %d\n%s", args, code, said)
		}
	}
}
