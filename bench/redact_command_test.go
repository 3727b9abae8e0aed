package bench_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
)

// A program that is a contender by its command alone, and fetches nothing.
type command struct {
	own
	argv []string
}

func (c *command) Start(context.Context) results.Column {
	return results.Column{Asked: bench.Unknown, Process: &results.Process{Program: "says token=abcdef123", Command: c.argv}}
}

// The header says what was started, without the secrets that were given as arguments, and
// that nobody knows how many requests a command has in flight.
func TestCommandsAreWrittenWithoutSecrets(t *testing.T) {
	c := &command{own{name: "base"}, []string{
		"./fetch", "--fast", "--token", "s3cret-a", "--api-key=s3cret-b", "-H", "Authorization: Bearer s3cret-c", "-u", "me:s3cret-d",
		"http://me:s3cret-e@127.0.0.1/?token=s3cret-f", "--password", "--verbose", "", "--retries", "3",
	}}
	e, err := bench.Open(t.Context(), inMemory(t, "constant", "is replaced"), bench.Tool{}, c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	column := e.Header().Contenders[0]
	line := column.Process.Line() + " " + column.Process.Program
	if strings.Contains(line, "s3cret") || strings.Contains(line, "abcdef123") || column.Asked != 0 {
		t.Errorf("asked %d, %s", column.Asked, line)
	}
	for _, kept := range []string{"./fetch", "--fast", "--token", "--verbose", "3"} {
		if !slices.Contains(column.Process.Command, kept) {
			t.Errorf("%q is not in %q", kept, column.Process.Command)
		}
	}
	if len(column.Process.Command) != len(c.argv) || c.argv[3] != "s3cret-a" {
		t.Errorf("what is run was changed: %q", c.argv)
	}
}

// typedSecrets are commands as they are typed, with a secret, CANARY, as a word of its own.
func typedSecrets() []string {
	return []string{
		"--password CANARY-pw", "--token 'CANARY two'", `--api-key "CANARY \" two"`, "-token CANARY", `--auth-token CAN\ CANARY`, "--token CANARY'CANARY'",
		"-u me:CANARY-pw", "--user 'me:CANARY pw'", "ghp_CANARY0123456789", "sk-CANARY0123456789", "AKIACANARYCANARY", "--key=sk-CANARY0123456789",
		"github_pat_CANARY_0123", "--token --password CANARY", "x=glpat-CANARY012345",
	}
}

// TestR33CommandsAsTypedAreConcealed: what follows a flag for a secret goes, as do tokens
// that are known by how they begin, and nothing that only looks a little like them; and
// whoever continues such a run is told.
func TestR33CommandsAsTypedAreConcealed(t *testing.T) {
	for _, words := range typedSecrets() {
		for _, spec := range []string{"exec:" + words + " --rest", "exec:./a b " + words, "env A=1 python3 app.py " + words + " --port 1"} {
			got := bench.Conceal(spec)
			if strings.Contains(got, "CANARY") || !strings.Contains(got, "hidden") || got != bench.Conceal(got) {
				t.Errorf("%s: %s", spec, got)
			}
		}
		if said := bench.ConcealSaid("run "+words, "I was told CANARY-pw, CANARY two"); strings.Contains(words, "CANARY-pw") && strings.Contains(said, "CANARY-pw") {
			t.Errorf("%s: %s", words, said)
		}
	}
	for _, plain := range []string{
		"exec:python3 -u child.py --port 8", "exec:node task-force-of-many.js", "exec:./a --token --verbose", "exec:a --user me --keep-going 3", "-u http://127.0.0.1/",
		"unknown flag: --password", "exec:./risk-free-of-everything ghost",
	} {
		if got := bench.Conceal(plain); got != plain {
			t.Errorf("%s: %s", plain, got)
		}
	}
}
