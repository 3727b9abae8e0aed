package app_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/app"
)

// free is an address at which nobody listens.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// of is how to start an app of a kind.
func of(kind, address, path string) bench.Start {
	return bench.Start{Command: "'" + os.Args[0] + "' " + appArg + " " + kind + " " + address, Ready: "http://" + address + path}
}

// enough is more time than any app that works takes to be ready.
const enough = 30 * time.Second

// alive lists the processes that were started as apps at an address, once what was
// killed has had the time to die. A zombie is dead.
func alive(address string) (list []string) {
	for end := time.Now().Add(5 * time.Second); ; runtime.Gosched() {
		list = nil
		files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
		for _, file := range files {
			if words, _ := os.ReadFile(file); bytes.Contains(words, []byte(appArg)) && bytes.Contains(words, []byte(address)) {
				list = append(list, file)
			}
		}
		if len(list) == 0 || time.Now().After(end) {
			return list
		}
	}
}

// page is what an app answers at a path.
func page(t *testing.T, address, path string) string {
	t.Helper()
	response, err := http.Get("http://" + address + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// An app is awaited, is told about the run and not about much else, and is gone after
// it with all that it has started, its list of URLs too.
func TestAppIsStartedAndEnded(t *testing.T) {
	t.Setenv("FETCHBENCH_TOKEN", "sesame")
	for _, kind := range []string{"serves", "forks", "deaf"} {
		address := free(t)
		a, err := app.Start(t.Context(), of(kind, address, "/teapot"), bench.Told{
			Upstream: "http://127.0.0.1:9", URLs: []string{"http://127.0.0.1:9/item/0", "http://127.0.0.1:9/item/1"}, Within: enough,
		})
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		said := page(t, address, "/environment")
		for _, want := range []string{"FETCHBENCH_UPSTREAM=http://127.0.0.1:9\n", "FETCHBENCH_N=2\n", "NO_PROXY=*\n", "/item/0\nhttp://127.0.0.1:9/item/1\n"} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: it was not told %q: %s", kind, want, said)
			}
		}
		if strings.Contains(said, "sesame") {
			t.Errorf("%s: it was told a token of its parent", kind)
		}
		if err := a.Ended(0); err != nil {
			t.Errorf("%s: %v, and it serves", kind, err)
		}
		_, list, _ := strings.Cut(said, "FETCHBENCH_URLS=")
		list, _, _ = strings.Cut(list, "\n")
		if err := errors.Join(a.Close(), a.Close()); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if left := alive(address); len(left) > 0 {
			t.Errorf("%s: there is left of it %q", kind, left)
		}
		if _, err := os.Stat(list); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: its list %q: %v", kind, list, err)
		}
	}
}

// An app with a certificate that nobody knows is there all the same.
func TestAppIsAwaitedWhateverItsCertificate(t *testing.T) {
	start := of("secure", free(t), "/")
	start.Ready = strings.Replace(start.Ready, "http:", "https:", 1)
	a, err := app.Start(t.Context(), start, bench.Told{Within: enough})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

// One that does not come up says why, cleaned, and leaves nothing.
func TestAppThatDoesNotComeUp(t *testing.T) {
	for _, c := range []struct {
		kind, path, class string
		within            time.Duration
		text, said        string
	}{
		{"exits", "/", app.ClassExit, enough, "the app ended by itself (exit status 3)", "no module named flask; api_key=hidden"},
		{"floods", "/", app.ClassExit, enough, "exit status 3", "the end"},
		{"hangs", "/", app.ClassUnready, time.Second, "no answer below 500 at http://", ""},
		{"serves", "/fails", app.ClassUnready, time.Second, "within 1s", "serving serves"},
		{"forks", "/dies", app.ClassExit, enough, "exit status 3", "serving forks"},
	} {
		address := free(t)
		_, err := app.Start(t.Context(), of(c.kind, address, c.path), bench.Told{Within: c.within})
		var broken *bench.Broken
		if !errors.As(err, &broken) || broken.Class != c.class || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, want %s and %q", c.kind, err, c.class, c.text)
			continue
		}
		if !strings.Contains(broken.Said, c.said) || strings.ContainsAny(broken.Said, "\x1b") || len(broken.Said) > 64<<10 {
			t.Errorf("%s: it said %.200q", c.kind, broken.Said)
		}
		if left := alive(address); len(left) > 0 {
			t.Errorf("%s: there is left of it %q", c.kind, left)
		}
	}
}

// What was measured would be somebody else's.
func TestAppIsNotStartedWhereSomebodyAnswers(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	address := l.Addr().String()
	_, err = app.Start(t.Context(), of("serves", address, "/"), bench.Told{Within: enough})
	if err == nil || !strings.Contains(err.Error(), "something else answers at http://"+address+"/ already") {
		t.Errorf("%v", err)
	}
	if left := alive(address); len(left) > 0 {
		t.Errorf("there is left of it %q", left)
	}
}

// Whoever stops the run while an app comes up waits no longer for it.
func TestAppIsNotAwaitedAfterTheEnd(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	address, stop := free(t), errors.New("stopped")
	time.AfterFunc(100*time.Millisecond, func() { cancel(stop) })
	if _, err := app.Start(ctx, of("hangs", address, "/"), bench.Told{Within: enough}); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
	if left := alive(address); len(left) > 0 {
		t.Errorf("there is left of it %q", left)
	}
}

// An app that dies under a run fails the trials of its routes as app_exit; the other
// contenders go on.
func TestAppThatDiesBreaksItsRoutesOnly(t *testing.T) {
	for _, profile := range []string{"", "fast"} {
		address := free(t)
		p, err := bench.Defaults(profile)
		if err != nil {
			t.Fatal(err)
		}
		p.Rounds, p.Warmup, p.Pause, p.Order = 2, 0, 0, bench.Fixed
		p.Launcher, p.Start = app.Launcher(), []bench.Start{of("serves", address, "/")}
		p.Contenders = []string{"route:http://" + address + "/dies", "route:http://" + address + "/"}
		if profile != "" {
			p.Upstream.Form = bench.FormServer
			p.Contenders[1] = "goroutines"
		}
		outcomes := map[string][]string{}
		for trial, err := range bench.Run(t.Context(), p) {
			if err != nil {
				t.Fatal(err)
			}
			class := ""
			if len(trial.Tally.Failures) > 0 {
				class = trial.Tally.Failures[0].Class
			}
			outcomes[trial.Contender] = append(outcomes[trial.Contender], class+strconv.Itoa(trial.Tally.Planned))
		}
		dead, other := outcomes[p.Contenders[0]], outcomes[p.Contenders[1]]
		want, goes := app.ClassExit+"1", app.ClassExit+"1"
		if profile != "" {
			want, goes = app.ClassExit+"100", "100"
		}
		for i := range 2 {
			if dead[i] != want || other[i] != goes {
				t.Errorf("profile %q: %v", profile, outcomes)
			}
		}
		if left := alive(address); len(left) > 0 {
			t.Errorf("there is left of it %q", left)
		}
	}
}
