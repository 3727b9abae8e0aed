package upstream

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// hang is how long a test waits for what must come at once: 300 handshakes under the
// race detector have taken a crowded machine more than 20 s.
const hang = 2 * time.Minute

// Each role is a child that is broken in another way. The message says how, quotes
// what it wrote last, and Start leaves no process: goleak would see the goroutine
// that waits for it.
func TestStartFailsWithWhatTheChildSaid(t *testing.T) {
	for role, want := range map[string]string{
		"quit":      "it ended before it served: exit status 3 (its last words: no [2J such luck)",
		"nothing":   "it ended before it served: exit status 0",
		"garbage":   `its answer "hello, I am not JSON" is no address`,
		"elsewhere": `address of the upstream "http://192.0.2.1:80" is not on loopback`,
		"fewer":     "it serves 3 URLs instead of 10",
		"endless":   "is no address",
	} {
		p, err := Start(t.Context(), child(role), constant(10, 0), Options{})
		if err == nil {
			t.Errorf("%s: started", role)
			_ = p.Close()
			continue
		}
		if !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "start upstream") {
			t.Errorf("%s: %v\n want %s", role, err, want)
		}
	}
	if _, err := Start(t.Context(), nil, constant(1, 0), Options{}); err == nil || err.Error() != "start upstream: no command" {
		t.Errorf("no command: %v", err)
	}
	if _, err := Start(t.Context(), []string{"/nonexistent/command"}, constant(1, 0), Options{}); err == nil {
		t.Error("a command that does not exist is started")
	}
}

// What is asked to be secure must be: on loopback, over TLS, with a certificate.
func TestStartFailsWithoutTheSecurityAskedFor(t *testing.T) {
	for role, want := range map[string]string{
		"stubborn":  `address of the upstream "" is not on loopback, or not https`,
		"insecure":  `address of the upstream "https://192.0.2.1:2" is not on loopback, or not https`,
		"uncertain": `its certificate "x" is none`,
	} {
		p, err := Start(t.Context(), child(role), constant(10, 0), Options{Secure: true})
		if err == nil {
			t.Errorf("%s: started", role)
			_ = p.Close()
			continue
		}
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\n want %s", role, err, want)
		}
	}
}

// A child that says nothing is given up, and not left behind: goleak would see
// the goroutine that waits for it.
func TestStartGivesUpOnASilentChild(t *testing.T) {
	late := errors.New("no address after a moment")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, late)
	defer cancel()
	if _, err := start(ctx, child("silent"), order{Profile: constant(1, 0)}); !errors.Is(err, late) {
		t.Errorf("error %v", err)
	}
}

// The context bounds the start only; after it the process serves on.
func TestProcessOutlivesTheContextOfItsStart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p, err := Start(ctx, child("serve"), constant(1, 0), Options{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	mustFetch(t, &client, p.URLs()[0], "")
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if _, _, err := fetch(t.Context(), &client, p.URLs()[0], ""); err == nil {
		t.Error("a closed process answers")
	}
	if _, err := p.Counts(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "counts of the upstream: ") {
		t.Errorf("counts of a closed process: %v", err)
	}
	if err := p.Begin(t.Context(), 0); err == nil || !strings.HasPrefix(err.Error(), "reset of the upstream: ") {
		t.Errorf("reset of a closed process: %v", err)
	}
}

// A child that does not listen costs two seconds and is reported.
func TestCloseKillsAChildThatDoesNotEnd(t *testing.T) {
	p, err := Start(t.Context(), child("stubborn"), constant(10, 0), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err == nil || !strings.Contains(err.Error(), "did not end within 2s of being asked, killed") {
		t.Errorf("close: %v", err)
	}
	if p.command.ProcessState == nil {
		t.Error("the child was not waited for")
	}
}

// Whatever answers at the control address of a child, only the right status with
// the right content is taken for counts.
func TestControlDoesNotBelieveAnything(t *testing.T) {
	for answer, want := range map[string]string{
		`500 {"bytes":1}`: "500 Internal Server Error",
		`200 hello`:       "invalid character",
		`200 {"bytes":`:   "unexpected EOF",
	} {
		other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if status, body, _ := strings.Cut(answer, " "); status == "200" {
				_, _ = io.WriteString(w, body)
			} else {
				http.Error(w, body, http.StatusInternalServerError)
			}
		}))
		c := newControl(other.URL)
		got, err := c.counts(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) || got.Bytes != 0 {
			t.Errorf("%s: %+v, %v", answer, got, err)
		}
		c.close()
		other.Close()
	}
}

// A child that died during the run is an error of Close, not a silent success.
func TestCloseReportsAChildThatDied(t *testing.T) {
	p, err := Start(t.Context(), child("serve"), constant(1, 0), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-p.ended
	if err := p.Close(); err == nil || !strings.Contains(err.Error(), "upstream ended badly: signal: killed") {
		t.Errorf("close: %v", err)
	}
}

// The parent is killed without a chance to say good-bye. Its child ends all the
// same: a request that would take an hour loses its connection.
func TestChildEndsWhenItsParentIsKilled(t *testing.T) {
	argv := child("parent")
	parent := exec.Command(argv[0], argv[1:]...)
	stdin, err := parent.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	address, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", strings.TrimSpace(strings.TrimPrefix(address, "http://")))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, "GET /item/0 HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait() // the error is the kill
	_ = stdin.Close()
	if err := conn.SetReadDeadline(time.Now().Add(hang)); err != nil {
		t.Fatal(err)
	}
	n, err := conn.Read(make([]byte, 1))
	if timeout, ok := errors.AsType[net.Error](err); err == nil || ok && timeout.Timeout() {
		t.Errorf("read %d bytes, %v: the child lives on", n, err)
	}
}

// Nothing is served and nothing is written before the profile has been understood.
func TestRunChildRefusesBadInput(t *testing.T) {
	for input, want := range map[string]string{
		"":                                   "read the profile: EOF",
		`{"urls":1}`:                         "read the profile: EOF", // cut before the end of the line
		"{\"urls\":0}\n":                     `profile "": urls must be 1 to 1000000, got 0`,
		"hello\n":                            "profile: invalid character",
		strings.Repeat(" ", lineLimit) + "x": "read the profile: the line is longer than 65536 bytes",
	} {
		var stdout bytes.Buffer
		err := RunChild(t.Context(), strings.NewReader(input), &stdout)
		if err == nil || !strings.Contains(err.Error(), want) || stdout.Len() != 0 {
			t.Errorf("%.40q: %v, wrote %q", input, err, stdout.String())
		}
	}
}

// The other way to end a child, for a program that handles its own signals.
func TestRunChildEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	input, profile := io.Pipe()
	replies, output := io.Pipe()
	ended := make(chan error)
	go func() { ended <- RunChild(ctx, input, output) }()
	if _, err := io.WriteString(profile, "{\"urls\":1}\n"); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(replies).ReadString('\n'); err != nil || !strings.Contains(line, `"urls":1`) {
		t.Errorf("answer %q, %v", line, err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	_ = profile.Close() // ends the goroutine that reads it
}

// A parent that died in between cannot be told the addresses.
func TestRunChildEndsWhenItCannotAnswer(t *testing.T) {
	replies, output := io.Pipe()
	_ = replies.Close()
	err := RunChild(t.Context(), strings.NewReader("{\"urls\":1}\n"), output)
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v", err)
	}
}

// What a child writes beyond the limits costs no memory, and nothing in it moves
// a terminal's cursor.
func TestStreamsOfAChildAreBounded(t *testing.T) {
	var last tail
	for range 1000 {
		_, _ = io.WriteString(&last, strings.Repeat("a", 100))
	}
	_, _ = io.WriteString(&last, "\x1b[31m\r\nthe end")
	if n := len(last.text); n != tailLimit {
		t.Errorf("tail keeps %d bytes", n)
	}
	if text := last.String(); !strings.HasSuffix(text, "a [31m the end)") {
		t.Errorf("tail reads %q", text[len(text)-40:])
	}
	first := firstLine{lines: make(chan []byte, 1)}
	for _, part := range []string{"one ", "line\nand", " more\n", "and more\n"} {
		if n, err := io.WriteString(&first, part); n != len(part) || err != nil {
			t.Errorf("wrote %d of %q, %v", n, part, err)
		}
	}
	if line := <-first.lines; string(line) != "one line" {
		t.Errorf("first line %q", line)
	}
}
