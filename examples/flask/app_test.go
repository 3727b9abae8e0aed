//go:build unix

// Package flask_test starts the Flask app of this folder for real, served by Flask
// and by gunicorn, and looks at what its pages say and at what the servers saw that
// it fetched from. No test knows how long anything took: where several requests are
// to be under way at once, the server holds them until all have come.
package flask_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long anything may take before a test gives up: only a hang is
// longer.
const patience = time.Minute

// modules are what the app and its servers import.
const modules = "import flask, asgiref, httpx, requests, aiohttp, gunicorn"

// found is the variable that holds the interpreter, empty if there is none.
const found = "FETCHBENCH_TEST_PYTHON"

// TestMain looks once for an interpreter that has the modules. The first one of the
// path may be another one than Debian's.
func TestMain(m *testing.M) {
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", modules).Run() == nil {
			if err := os.Setenv(found, name); err != nil {
				panic(err)
			}
			break
		}
	}
	os.Exit(m.Run())
}

// python is that interpreter.
func python(t *testing.T) string {
	t.Helper()
	if name := os.Getenv(found); name != "" {
		return name
	}
	const missing = "no python3 with flask, asgiref, httpx, requests, aiohttp and gunicorn: install Debian's python3-flask python3-asgiref python3-httpx python3-requests python3-aiohttp gunicorn"
	if os.Getenv("CI") == "true" {
		t.Fatal(missing)
	}
	t.Skip("SKIPPED: " + missing)
	return ""
}

// An app is the Flask app, running.
type app struct {
	base string
	mu   sync.Mutex
	said strings.Builder
}

// flask serves the app with Flask's own server, or with gunicorn in so many threads.
// The app is ended with the test, with whatever it started.
func flask(t *testing.T, threads int, environ ...string) *app {
	t.Helper()
	args := []string{"app.py", "--port", "0"}
	if threads > 0 {
		args = []string{"-m", "gunicorn", "-w", "1", "--threads", strconv.Itoa(threads), "-b", "127.0.0.1:0", "app:app"}
	}
	command := exec.Command(python(t), args...)
	command.Env = append(os.Environ(), "NO_PROXY=*", "PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1")
	command.Env = append(command.Env, environ...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	said, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	a, address, read := &app{}, make(chan string, 1), make(chan struct{})
	go func() {
		defer close(read)
		a.listen(said, address)
	}()
	t.Cleanup(func() { end(t, command, read) })
	select {
	case a.base = <-address:
	case <-read:
	case <-time.After(patience):
	}
	if a.base == "" {
		t.Fatalf("the app did not start:\n%s", a.log())
	}
	return a
}

// listen keeps what the app says, and sends on the address that it listens at.
func (a *app) listen(said io.Reader, address chan<- string) {
	at := regexp.MustCompile(`(?:Running on|Listening at:) (http://127\.0\.0\.1:\d+)`)
	for lines := bufio.NewScanner(said); lines.Scan(); {
		a.mu.Lock()
		a.said.WriteString(lines.Text() + "\n")
		a.mu.Unlock()
		if found := at.FindStringSubmatch(lines.Text()); found != nil {
			select {
			case address <- found[1]:
			default: // it was said before
			}
		}
	}
}

// log is what the app has said so far.
func (a *app) log() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.said.String()
}

// end ends the process group of the app and wants nothing left of it.
func end(t *testing.T, command *exec.Cmd, read <-chan struct{}) {
	group := -command.Process.Pid
	if err := syscall.Kill(group, syscall.SIGTERM); err != nil {
		t.Errorf("end the app: %v", err)
	}
	harder := time.AfterFunc(patience, func() { _ = syscall.Kill(group, syscall.SIGKILL) })
	<-read
	_ = command.Wait() // the signal is its error
	if !harder.Stop() {
		t.Error("the app did not end when it was asked to")
	}
	if err := syscall.Kill(group, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("a process of the app is left: %v", err)
	}
}

// A reply is what the app answers.
type reply struct {
	status int
	body   string
	header http.Header
}

// fetched gets a page of the app.
func (a *app) fetched(ctx context.Context, path string) (reply, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, a.base+path, nil)
	if err != nil {
		return reply{}, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return reply{}, err
	}
	body, err := io.ReadAll(answer.Body)
	return reply{answer.StatusCode, string(body), answer.Header}, errors.Join(err, answer.Body.Close())
}

// get gets a page of the app and wants this status.
func (a *app) get(t *testing.T, path string, status int) reply {
	t.Helper()
	page, err := a.fetched(t.Context(), path)
	if err != nil {
		t.Fatalf("%s: %v\n%s", path, err, a.log())
	}
	if page.status != status {
		t.Fatalf("%s: status %d, want %d: %s\n%s", path, page.status, status, page.body, a.log())
	}
	return page
}

// together gets several pages at the same time, each with status 200.
func (a *app) together(t *testing.T, paths ...string) []string {
	t.Helper()
	pages, failures := make([]reply, len(paths)), make([]error, len(paths))
	var visitors sync.WaitGroup
	for i, path := range paths {
		visitors.Go(func() { pages[i], failures[i] = a.fetched(t.Context(), path) })
	}
	visitors.Wait()
	bodies := make([]string, len(paths))
	for i, page := range pages {
		if failures[i] != nil || page.status != http.StatusOK {
			t.Fatalf("%s: %v, status %d: %s\n%s", paths[i], failures[i], page.status, page.body, a.log())
		}
		bodies[i] = page.body
	}
	return bodies
}

// list is a file of URLs for the app, which reads it anew for each page.
type list string

// newList is one that is empty.
func newList(t *testing.T) list {
	t.Helper()
	l := list(filepath.Join(t.TempDir(), "urls.txt"))
	l.write(t)
	return l
}

// environ is how the app is told of the file.
func (l list) environ() string { return "FETCHBENCH_URLS=" + string(l) }

// write makes it a list of these.
func (l list) write(t *testing.T, urls ...string) {
	t.Helper()
	text := "# what to fetch\n\n" + strings.Join(urls, "\n") + "\n"
	if err := os.WriteFile(string(l), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The app's own tests, which ask it without a server.
func TestItsOwnTestsPass(t *testing.T) {
	t.Parallel()
	command := exec.CommandContext(t.Context(), python(t), "-m", "unittest", "-v", "test_app")
	command.Env = append(os.Environ(), "NO_PROXY=*", "PYTHONDONTWRITEBYTECODE=1")
	out, err := command.CombinedOutput()
	if ran := regexp.MustCompile(`Ran ([1-9]\d*) tests`); err != nil || !ran.Match(out) {
		t.Errorf("%v\n%s", err, out)
	}
}
