//go:build unix

package children_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// saying is a curl that says of three requests what the real one says: the first took
// 30 s, the second waited as long for its answer, and then took 30 s on a connection of
// its own, and the third had waited for the connection of the first.
const saying = `#!/bin/sh
case "$1" in --version) echo "curl 1 (test)"; exit;; esac
cat >/dev/null
printf '%s\n' '0 0 200 2 5001 30 30  ' '1 0 200 2 5002 30 60  ' '2 0 200 2 5001 0 60  ' >&2
`

// curled is what the contender says of an armed plan with a script in the place of curl.
func curled(t *testing.T, w workshop, script, asked string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "curl"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	c := command(t, w.python, "curl/curl_parallel.py")
	c.Env = append(os.Environ(), "PYTHON="+w.python, "PATH="+folder+":"+os.Getenv("PATH"))
	c.Stdin = strings.NewReader(asked + `{"type":"go","id":1}` + "\n" + `{"type":"bye"}` + "\n")
	text, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return string(text)
}

// busy is a curl that takes half a second of the processor, however long that takes.
const busy = `#!/bin/sh
case "$1" in --version) echo "curl 1 (test)"; exit;; esac
cat >/dev/null
"$PYTHON" -c 'import time
while time.process_time() < .5: pass'
echo '0 0 200 2 5001 1 1  ' >&2
`

// The processor time is that of curl, and not only of the program around it.
func TestCurlTellsTheTimeOfCurl(t *testing.T) {
	w := found(t)
	if w.python == "" {
		t.Skip("no python3")
	}
	text := curled(t, w, busy, armed)
	var said struct {
		Type   string
		User   int `json:"user_us"`
		System int `json:"sys_us"`
		KiB    int `json:"maxrss_kib"`
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &said); err != nil || said.Type != "done" {
		t.Fatalf("%s: %v", text, err)
	}
	const least = 500_000
	if said.User+said.System < least || said.KiB <= 0 {
		t.Errorf("%+v, want at least %d microseconds", said, least)
	}
}

// What a request waited for a connection of curl's is no part of its latency.
func TestCurlTakesNoWaitForLatency(t *testing.T) {
	w := found(t)
	if w.python == "" {
		t.Skip("no python3")
	}
	first, rest, _ := strings.Cut(strings.Replace(armed, `"n":1,"mode":"sequential","concurrency":1`, `"n":3,"mode":"concurrent","concurrency":0`, 1), `{"type":"req"`)
	request, arm, _ := strings.Cut(`{"type":"req"`+rest, "\n")
	asked := first + request + "\n" + strings.Replace(request, `"i":0`, `"i":1`, 1) + "\n" + strings.Replace(request, `"i":0`, `"i":2`, 1) + "\n" + arm
	text := curled(t, w, saying, asked)
	const second = 1_000_000
	took := map[int]int{}
	for line := range strings.Lines(text) {
		var record struct {
			Type  string
			I     int
			Start int `json:"start_us"`
			End   int `json:"end_us"`
		}
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if record.Type == "rec" {
			took[record.I] = (record.End - record.Start) / (15 * second)
		}
	}
	if len(took) != 3 || took[0] != 2 || took[1] != 2 || took[2] != 0 {
		t.Errorf("they took %v times 15 s, want 2, 2 and 0:\n%s", took, text)
	}
}
