// Package side makes contenders of the two sides of a comparison that are no
// strategies: a command that fetches the batch, and a build of this program that
// measures a plan.
//
//	base := &side.Command{Name: "base", Argv: []string{"./fetch-main"}}
//
// The harness keeps the clock and draws the order as for any contender. A process that
// is started here is alone in its group, which ends with it; nothing that stays in the
// group outlives its trial. It is started without a shell.
package side

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/process"
	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// classCommand is the class of requests of a command that did not do its work.
const classCommand = "command"

// A Command is a program that is started once a trial. It gets the URLs of the batch on
// its standard input, one a line, must fetch them all, and exit with 0; its makespan
// is from its start to its exit. Of the environment it gets what children do, and no
// proxies: a side that went by way of one would be no match for the other.
type Command struct {
	Name string
	Argv []string
}

// String is the name of the side.
func (c *Command) String() string { return c.Name }

// Limit is the batch: nobody knows how many a program has in flight before it ran.
func (c *Command) Limit(n int) int { return n }

// Start says what will be started, and that nobody knows how many requests it will have
// in flight.
func (c *Command) Start(context.Context) results.Column {
	return results.Column{Asked: bench.Unknown, Process: &results.Process{Command: c.Argv}}
}

// Fetch starts the program and waits for its exit. A program that does not do its work
// breaks its trial and not the run.
func (c *Command) Fetch(ctx context.Context, b *bench.Batch) error {
	var urls []string
	for i := range b.Planned() {
		urls = append(urls, address(b.Request(i)))
	}
	list, err := process.List(urls)
	if err != nil {
		return fmt.Errorf("list of URLs: %w", err)
	}
	defer func() { _ = os.Remove(list) }() // a temporary file
	p := launch{argv: c.Argv, stdin: list, env: process.Environ(process.URLsVariable + "=" + list)}
	b.Whole()
	if err := p.run(ctx, b); err != nil {
		return p.broken(ctx, err)
	}
	b.Tell(p.own())
	return nil
}

// address is the URL of a request. Programs of others send no ids, so that of an
// embedded upstream names the round: both sides then meet the same latencies.
func address(r client.Request) string {
	id, err := upstream.ParseID(r.ID)
	u, wrong := url.Parse(r.URL)
	if err != nil || wrong != nil {
		return r.URL
	}
	query := u.Query()
	query.Set("round", strconv.Itoa(id.Round))
	u.RawQuery = query.Encode()
	return u.String()
}

// A launch is one start of a program.
type launch struct {
	argv  []string
	stdin string   // path of a file, empty for none
	env   []string // all of it
	// state is there once it has exited.
	state *os.ProcessState
	out   process.Ring
}

// run starts the program within the timed span and waits for its exit. Its group is
// ended with it, and before that if the trial ends.
func (p *launch) run(ctx context.Context, b *bench.Batch) error {
	command := exec.Command(p.argv[0], p.argv[1:]...)
	command.Env = p.env
	if p.stdin != "" {
		in, err := os.Open(p.stdin)
		if err != nil {
			return err
		}
		defer func() { _ = in.Close() }() // it was only read
		command.Stdin = in
	}
	words, write, err := os.Pipe()
	if err != nil {
		return err
	}
	command.Stdout, command.Stderr = write, write
	var reading sync.WaitGroup
	reading.Go(func() { _, _ = io.Copy(&p.out, words) }) // ends with the pipe, which closes below
	err = b.Elsewhere(ctx, func(ctx context.Context) error { return watched(ctx, command) })
	p.state = command.ProcessState
	_ = write.Close()
	// The group is gone, so the pipe has ended; who left the group may hold it.
	_ = words.SetReadDeadline(time.Now().Add(patience))
	reading.Wait()
	_ = words.Close()
	return err
}

// patience is how long the last words of a program that has exited are waited for.
const patience = time.Second

// broken is the error of a program that did not do its work, with its last words. One
// that the end of the trial stopped is no failure of its own.
func (p *launch) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return &bench.Broken{Class: classCommand, Err: fmt.Errorf("%s: %w%s", p.argv[0], err, last(&p.out))}
}

// own is what the system knows of the program after its exit: its processor time, with
// that of the children that it waited for. Its memory is not told: Linux counts that of
// the program which started it in.
func (p *launch) own() results.Own {
	if p.state == nil {
		return results.Own{}
	}
	return results.Own{CPUNS: (p.state.UserTime() + p.state.SystemTime()).Nanoseconds()}
}

// longestWords bounds what a failure quotes of the output of a program.
const longestWords = 1 << 10

// last is the end of what a program wrote, in one line and after a colon; nothing if it
// wrote nothing.
func last(r *process.Ring) string {
	words := strings.Join(strings.Fields(strings.Join(r.Lines(), " ")), " ")
	if words == "" {
		return ""
	}
	return ": " + strings.ToValidUTF8(words[max(0, len(words)-longestWords):], "")
}

var _ bench.Elsewhere = (*Command)(nil)
