package side

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/process"
	"github.com/fetchbench/fetchbench/results"
)

// A Build is a fetchbench that measures one round of a plan once a trial. Its trial is
// read from the journal that it writes and taken over, makespan included: starting the
// program and its upstream is not measured. The plan has one contender.
type Build struct {
	Name string
	// Program is the file of the build.
	Program string
	// Args are the arguments of run that say what to measure, such as the file of a plan.
	Args []string
	// Runs is the contender that it measures; nil says that this is not known.
	Runs bench.Contender
}

// String is the name of the side.
func (s *Build) String() string { return s.Name }

// Limit is that of the contender, or the batch where that is not known.
func (s *Build) Limit(n int) int {
	if s.Runs == nil {
		return n
	}
	return s.Runs.Limit(n)
}

// Start says what will be started, and which version it is.
func (s *Build) Start(ctx context.Context) results.Column {
	command := append([]string{s.Program, "run"}, s.Args...)
	return results.Column{Process: &results.Process{Program: s.version(ctx), Command: command}}
}

// longestVersion is how long a build may take to say which version it is.
const longestVersion = 5 * time.Second

// version is what the build says of itself, empty if it does not.
func (s *Build) version(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, longestVersion)
	defer cancel()
	var said process.Ring
	command := exec.Command(s.Program, "version")
	command.Stdout, command.WaitDelay = &said, patience
	if watched(ctx, command) != nil {
		return ""
	}
	return strings.TrimPrefix(last(&said), ": ")
}

// The exit code of a run whose requests failed: it has a trial all the same.
const exitFailed = 5

// Fetch has the build measure one round, in a folder of its own that is removed.
func (s *Build) Fetch(ctx context.Context, b *bench.Batch) error {
	folder, err := os.MkdirTemp("", "fetchbench-side-*")
	if err != nil {
		return fmt.Errorf("folder for %s: %w", s.Name, err)
	}
	defer func() { _ = os.RemoveAll(folder) }() // a temporary folder
	args := []string{s.Program, "run", "--rounds", "1", "--warmup", "0", "--seed", strconv.FormatUint(b.Seed, 10), "--out", folder, "--quiet"}
	// What a plan takes from the environment it looks up by itself; it uses no proxy, and
	// hands on to what it starts no more than this program does.
	p := launch{argv: append(args, s.Args...), env: os.Environ()}
	err = p.run(ctx, b)
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != exitFailed) {
		return p.broken(ctx, err)
	}
	t, err := made(folder)
	if err != nil {
		return p.broken(ctx, err)
	}
	b.Take(t)
	return nil
}

// made is the trial in the one journal of a folder.
func made(folder string) (results.Trial, error) {
	found, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	if err != nil || len(found) != 1 {
		return results.Trial{}, fmt.Errorf("it left %d journals, want one", len(found))
	}
	file, err := os.Open(found[0])
	if err != nil {
		return results.Trial{}, err
	}
	defer func() { _ = file.Close() }() // it was only read
	var all []results.Trial
	for t, err := range results.Trials(file) {
		if err != nil {
			return results.Trial{}, err
		}
		if t.Round >= 0 {
			t.Requests = slices.Clone(t.Requests) // they are this loop's until its next step
			all = append(all, *t)
		}
	}
	if len(all) != 1 {
		return results.Trial{}, fmt.Errorf("its journal has %d trials, want one: a plan of one contender", len(all))
	}
	return all[0], nil
}

var _ bench.Elsewhere = (*Build)(nil)
