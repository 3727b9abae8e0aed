package main

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// stranger is the URL of a host that is not private. Outside of its namespace no test
// may get as far as dialling it.
const stranger = "http://" + farawayAddress + "/"

// heavy are the arguments of a run that needs consent: 3 rounds of 40 requests by 40
// goroutines.
func heavy(more ...string) []string {
	return append([]string{"run", stranger, "-n", "40", "-s", "goroutines", "-r", "3", "--warmup", "0", "--pause", "0s"}, more...)
}

// away prepares fetchbench in a namespace of its own, in which a server is at an
// address that is not private. No packet can leave it.
func away(t *testing.T, answer string, args ...string) *program {
	t.Helper()
	if err := exec.Command("unshare", "-rn", "ip", "link", "set", "lo", "up").Run(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("with CI=true every test has to run: %v", err)
		}
		t.Skipf("SKIPPED: no network namespaces here: %v", err)
	}
	p := prepare(t, args...)
	unshare, err := exec.LookPath("unshare")
	if err != nil {
		t.Fatal(err)
	}
	p.Args = append([]string{"unshare", "-rn", "faraway", answer, "seen", "fetchbench"}, args...)
	p.Path = unshare
	return p
}

// hangUp types Ctrl-C at the end of a test, which ends whatever is still there in
// front of the terminal: killing the first of the programs would not.
func (e *terminal) hangUp(t *testing.T) {
	t.Helper()
	t.Cleanup(func() { _, _ = e.keys.WriteString("\x03") })
}

// seen is how many requests came to the server of a program that has ended.
func (p *program) seen(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile(p.dir + "/seen")
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestR62ConsentAtThePrompt: at a terminal somebody is asked, even with -q. Only a yes
// is a yes.
func TestR62ConsentAtThePrompt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typed string
		args  []string
		code  int
		seen  int
	}{
		{"n\n", heavy(), exitRefused, 0},
		{"\n", heavy(), exitRefused, 0},
		{"\x04", heavy(), exitRefused, 0},
		{"yesterday\n", heavy(), exitRefused, 0},
		{"y\n", heavy(), exitOK, 120},
		{" YES \n", heavy("-q"), exitOK, 120},
	} {
		t.Run(strings.TrimSpace(c.typed), func(t *testing.T) {
			t.Parallel()
			p := away(t, "200", c.args...)
			e := onTerminal(t, 200, p)
			e.hangUp(t)
			e.await(t, `Send at most 120 requests to 192\.0\.2\.1, 40 in flight\? \[y/N\] `)
			if _, err := e.keys.WriteString(c.typed); err != nil {
				t.Fatal(err)
			}
			if code := p.code(t); code != c.code {
				t.Errorf("exit code %d, want %d\n%s", code, c.code, e)
			}
			if got := p.seen(t); got != c.seen {
				t.Errorf("%d requests arrived, want %d", got, c.seen)
			}
			if kept := p.journals(t); (len(kept) > 0) != (c.seen > 0) {
				t.Errorf("journals %q", kept)
			}
		})
	}
}

// TestR62NobodyToAskIsARefusal without a terminal and without --yes: exit code 3 and
// nothing sent. --yes needs no terminal, and a light load neither; both are announced.
func TestR62NobodyToAskIsARefusal(t *testing.T) {
	t.Parallel()
	light := []string{"run", stranger, "-n", "32", "-s", "goroutines", "-r", "2", "--warmup", "0", "--pause", "0s"}
	for _, c := range []struct {
		name string
		args []string
		code int
		seen int
		says string
	}{
		{"heavy", heavy(), exitRefused, 0, `error: at most 120 requests to 192.0.2.1, 40 in flight: that needs consent, and nothing was sent`},
		{"sweep", []string{"sweep", stranger, "-n", "64"}, exitRefused, 0, "hint: use --yes if the host can take it"},
		{"yes", heavy("--yes"), exitOK, 120, "to 1 host that is not private: at most 120 requests to 192.0.2.1, 40 in flight\n"},
		{"light", light, exitOK, 64, "to 1 host that is not private: at most 64 requests to 192.0.2.1, 32 in flight\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := away(t, "200", c.args...)
			p.start(t)
			if code := p.code(t); code != c.code {
				t.Errorf("exit code %d, want %d\n%s", code, c.code, p.stderr)
			}
			if got := p.seen(t); got != c.seen {
				t.Errorf("%d requests arrived, want %d", got, c.seen)
			}
			if !strings.Contains(p.stderr.String(), c.says) {
				t.Errorf("no %q in\n%s", c.says, p.stderr)
			}
			if kept := p.journals(t); (len(kept) > 0) != (c.seen > 0) {
				t.Errorf("journals %q", kept)
			}
		})
	}
}

// TestR65AFailingHostEndsTheRun with exit code 7 and the reason in the journal, after
// 20 requests, unless it is to go on: then it is a measurement that is not valid.
func TestR65AFailingHostEndsTheRun(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		more []string
		code int
		seen int
	}{{nil, exitIncomplete, 20}, {[]string{"--keep-going"}, exitInvalid, 60}} {
		args := append([]string{"run", stranger, "-n", "30", "-s", "sequential", "-r", "2", "--warmup", "0", "--pause", "0s"}, c.more...)
		p := away(t, "500", args...)
		p.start(t)
		if code := p.code(t); code != c.code || p.seen(t) != c.seen {
			t.Fatalf("exit code %d and %d requests, want %d and %d\n%s", code, p.seen(t), c.code, c.seen, p.stderr)
		}
		if c.code != exitIncomplete {
			continue
		}
		const reason = "a host that is not private failed 20 requests in a row: 192.0.2.1, the last with http_5xx"
		if run := p.read(t); run.Complete || !strings.Contains(run.Reason, reason) {
			t.Errorf("the journal says %q", run.Reason)
		}
		for _, want := range []string{"error: stopped: " + reason, "--keep-going"} {
			if !strings.Contains(p.stderr.String(), want) {
				t.Errorf("no %q in\n%s", want, p.stderr)
			}
		}
	}
}

// TestR65PatienceIsReported: the pause is in the journal, and a warning says so.
func TestR65PatienceIsReported(t *testing.T) {
	t.Parallel()
	p := away(t, "429:1", "run", stranger, "-n", "2", "-s", "sequential", "-r", "2", "--warmup", "0", "--pause", "0s")
	p.start(t)
	if code := p.code(t); code != exitInvalid { // the 429 is a failed request
		t.Fatalf("exit code %d\n%s", code, p.stderr)
	}
	run := p.read(t)
	if first, second := run.Trials[0].Pause, run.Trials[1].Pause; first != nil || second == nil || second.Host != farawayAddress || second.AskedNS != 1e9 || second.NS <= 0 || second.NS > 1e9 {
		t.Errorf("pauses %+v and %+v", first, second)
	}
	if !strings.Contains(p.stderr.String(), "192.0.2.1 asked for patience (Retry-After, at most 1.00 s) and got 1 pause between trials") {
		t.Errorf("no warning in\n%s", p.stderr)
	}
}

// TestR66DryRunOfALoadThatNeedsConsent ends as the run would: with 3 where there is
// nobody to ask, else with 0. It never asks itself.
func TestR66DryRunOfALoadThatNeedsConsent(t *testing.T) {
	t.Parallel()
	p := away(t, "200", heavy("--dry-run")...)
	p.start(t)
	if code := p.code(t); code != exitRefused || !strings.Contains(p.stderr.String(), "that needs consent") {
		t.Errorf("exit code %d\n%s", code, p.stderr)
	}
	const line = "192.0.2.1: not private (192.0.2.1); at most 120 requests, 40 in flight; needs a yes\n"
	if !strings.Contains(p.stdout.String(), line) || p.seen(t) != 0 || len(p.journals(t)) > 0 {
		t.Errorf("%d requests, stdout\n%s", p.seen(t), p.stdout)
	}
	p = away(t, "200", heavy("--dry-run")...)
	e := onTerminal(t, 200, p)
	e.hangUp(t)
	if code := p.code(t); code != exitOK || p.seen(t) != 0 || strings.Contains(e.String(), "[y/N]") {
		t.Errorf("at a terminal: exit code %d\n%s", code, e)
	}
	if entries, err := os.ReadDir(p.dir); err != nil || len(entries) != 1 { // what faraway has seen
		t.Errorf("%v, %v", entries, err)
	}
}
