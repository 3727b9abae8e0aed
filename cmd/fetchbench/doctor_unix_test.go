//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
)

// programs makes a folder of scripts the whole PATH.
func programs(t *testing.T, scripts map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
}

// all is what a Python with every module answers.
const all = `echo '{"python": "3.99.0", "aiohttp": "1", "flask": "2", "httpx": "3", "requests": "4"}'`

// examined are the findings of doctor --json by name, and its exit code.
func examined(t *testing.T, dir string) (found map[string]finding, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), []string{"doctor", "--json", "--out", dir}, strings.NewReader(""), &stdout, &stderr)
	var said struct {
		Schema   int
		Works    bool
		Findings []finding
	}
	if err := json.Unmarshal(stdout.Bytes(), &said); err != nil || said.Schema != 1 || said.Works != (code == exitOK) {
		t.Fatalf("%v, exit code %d, %s%s", err, code, &stdout, &stderr)
	}
	found = map[string]finding{}
	for _, f := range said.Findings {
		if f.State != stateOK && f.Help == "" {
			t.Errorf("%s is %s, and there is no way out: %q", f.Name, f.State, f.Found)
		}
		found[f.Name] = f
	}
	return found, code
}

// What is there is told with its version, what is not with the way to get it, and
// neither is an error. Programs see no token of the environment.
func TestDoctorTellsWhatIsThere(t *testing.T) {
	t.Setenv("SHOP_TOKEN", "geheim")
	programs(t, map[string]string{
		"python3": all,
		"node":    `echo complaint >&2; echo v99.1`,
		"npm":     `echo "10 ${SHOP_TOKEN:-without a token}"`,
		"nginx":   `echo nginx/9 >&2`,
		"curl":    `echo curl 9; exit 3`,
	})
	got, code := examined(t, t.TempDir())
	if code != exitOK {
		t.Errorf("exit code %d", code)
	}
	for name, want := range map[string]finding{
		"node":     {State: stateOK, Found: "v99.1"},
		"npm":      {State: stateOK, Found: "10 without a token"},
		"nginx":    {State: stateOK, Found: "nginx/9"},
		"curl":     {State: stateMissing, Found: "exit status 3", Help: "reinstall it"},
		"go":       {State: stateMissing, Found: "not in PATH", Help: "Go 1.26"},
		"chromium": {State: stateMissing, Found: "not in PATH", Help: "apt install chromium, or make setup"},
		"gunicorn": {State: stateMissing, Help: "apt install gunicorn"},
		"undici":   {State: stateMissing, Found: "no checkout", Help: "make setup"},
		"python3":  {State: stateOK, Found: "3.99.0, aiohttp 1, flask 2, httpx 3, requests 4"},
		"runs":     {State: stateOK},
		"loopback": {State: stateOK},
	} {
		if f := got[name]; f.State != want.State || !strings.Contains(f.Found, want.Found) || !strings.Contains(f.Help, want.Help) {
			t.Errorf("%s: %+v, want %+v", name, f, want)
		}
	}
}

// A Python without the modules is told with what it lacks, one that answers something
// else as one that does not answer. Only the first in PATH can be told that way where
// Debian's has them.
func TestDoctorNamesWhatPythonLacks(t *testing.T) {
	d := doctor{limit: time.Minute}
	programs(t, map[string]string{"python3": `echo '{"python": "3.99.0", "aiohttp": "1"}'`, "strange": `echo hello`})
	for name, want := range map[string]string{"python3": "aiohttp 1; without flask, httpx, requests", "strange": ""} {
		path, err := found(name)
		if err != nil {
			t.Fatal(err)
		}
		said, lacking, err := d.installed(t.Context(), path)
		if (err == nil) != (want != "") || !strings.HasSuffix(said, want) || want != "" && len(lacking) != 3 {
			t.Errorf("%s: %q, %q, %v", name, said, lacking, err)
		}
	}
}

// Where python3 is not the Python that has the modules, what to write is said; where it is,
// or none has them all, there is one line about Python.
func TestDoctorTellsWhichPythonToWrite(t *testing.T) {
	whole := interpreter{path: "/usr/bin/python3", said: "/usr/bin/python3 3.99.0"}
	bare := interpreter{path: "/opt/python3", said: "/opt/python3 3.99.1; without httpx", lacking: []string{"httpx"}}
	mute := interpreter{path: "/opt/python3", err: errors.New("exit status 1")}
	for _, c := range []struct {
		all         []interpreter
		state, says string
	}{
		{[]interpreter{bare, whole}, stateOK, "/opt/python3 lacks httpx"},
		{[]interpreter{mute, whole}, stateOK, "/opt/python3 does not answer"},
		{[]interpreter{whole, bare}, stateOK, ""},
		{[]interpreter{bare}, stateMissing, ""},
		{[]interpreter{mute, bare}, stateMissing, ""},
		{nil, stateMissing, ""},
	} {
		got := pythons(c.all)
		if got[0].State != c.state || (len(got) > 1) != (c.says != "") {
			t.Errorf("%+v: %+v", c.all, got)
			continue
		}
		if c.says != "" && (got[1].State != stateDoubt || got[1].Found != c.says || !strings.Contains(got[1].Help, "exec:/usr/bin/python3 ... and --start '/usr/bin/python3 ...'")) {
			t.Errorf("%+v: %+v, want %q", c.all, got[1], c.says)
		}
	}
}

// A program that never answers holds nobody up.
func TestDoctorWaitsForNobody(t *testing.T) {
	programs(t, map[string]string{"strace": "exec /bin/sleep 60"})
	d := doctor{limit: 100 * time.Millisecond}
	f := d.tool(t.Context(), aid{name: "strace", argv: []string{"strace"}, help: "reinstall"})
	if f.State != stateMissing || !strings.Contains(f.Found, "no answer within 100ms") {
		t.Errorf("%+v", f)
	}
}

// Where run cannot work the exit code is 2, and nothing is left of the attempt. What a
// program says of itself moves no cursor.
func TestDoctorFindsWhatIsBroken(t *testing.T) {
	programs(t, map[string]string{"node": `printf 'v1\033[2J\n'`})
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for folder, want := range map[string]string{dir: stateOK, filepath.Join(dir, "new", "runs"): stateOK, file: stateBroken, filepath.Join(file, "runs"): stateBroken} {
		got, code := examined(t, folder)
		if got["runs"].State != want || (code == exitUsage) != (want == stateBroken) {
			t.Errorf("%s: %+v, exit code %d", folder, got["runs"], code)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("%v, %v", left, err)
	}
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"doctor", "--out", file}, strings.NewReader(""), &stdout, &stderr)
	if code != exitUsage || !strings.Contains(stderr.String(), "fetchbench: error: run cannot work here: runs") || strings.Contains(stdout.String(), "\x1b") {
		t.Errorf("exit code %d, %q, %s", code, &stdout, &stderr)
	}
}

// The limits are judged from the numbers of the machine.
func TestDoctorJudgesTheMachine(t *testing.T) {
	for n, want := range map[uint64]string{10: stateBroken, 64: stateDoubt, 1023: stateDoubt, 1024: stateOK} {
		if f := files(n); f.State != want {
			t.Errorf("%d open files: %+v, want %s", n, f, want)
		}
	}
	calm := bench.Noise{Gap: time.Millisecond}
	for _, c := range []struct {
		noise bench.Noise
		load  float64
		want  string
	}{
		{calm, 1, stateOK},
		{calm, 2.5, stateDoubt},
		{bench.Noise{Gap: 6 * time.Millisecond}, 0, stateDoubt},
		{bench.Noise{Steal: 0.05}, 0, stateDoubt},
	} {
		if f := quiet(c.noise, c.load, 2); f.State != c.want {
			t.Errorf("%+v with load %v: %+v, want %s", c.noise, c.load, f, c.want)
		}
	}
	if _, err := freeDisk(filepath.Join(t.TempDir(), "none")); err == nil || errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("free disk of no folder: %v", err)
	}
}
