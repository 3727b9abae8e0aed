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
