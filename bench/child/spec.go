package child

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/process"
)

// The modes of a plan.
const (
	modeConcurrent = "concurrent"
	modeSequential = "sequential"
)

// mostAtOnce bounds the number in a spec.
const mostAtOnce = 1_000_000

// A command is what a spec asks for: a program with its arguments, and how many
// requests it may have in flight, 0 for all of them at once.
type command struct {
	argv        []string
	mode        string
	concurrency int
}

// Is tells whether a spec is that of a child: exec:CMD, exec/sequential:CMD or
// exec/8:CMD.
func Is(spec string) bool {
	head, _, found := strings.Cut(spec, ":")
	return found && (head == "exec" || strings.HasPrefix(head, "exec/"))
}

// Maker makes the contenders that are children, for bench.
func Maker() bench.Maker { return bench.Maker{Is: Is, Make: New} }

// parse takes a spec apart. There is no shell: see process.Words.
func parse(spec string) (command, error) {
	head, line, _ := strings.Cut(spec, ":")
	wrong := func(format string, args ...any) (command, error) {
		return command{}, &bench.SpecError{Spec: bench.Conceal(spec), Reason: fmt.Sprintf(format, args...)}
	}
	c := command{mode: modeConcurrent}
	if _, mode, given := strings.Cut(head, "/"); given && !c.as(mode) {
		return wrong("exec/%s: want exec/sequential or a number from 1 to %d", mode, mostAtOnce)
	}
	argv, err := process.Words(line)
	if err != nil {
		return wrong("%v", err)
	}
	c.argv = argv
	return c, nil
}

// as sets how many requests may be in flight; it reports whether the word says that.
func (c *command) as(word string) bool {
	if word == modeSequential {
		c.mode, c.concurrency = modeSequential, 1
		return true
	}
	var err error
	c.concurrency, err = strconv.Atoi(word)
	return err == nil && 1 <= c.concurrency && c.concurrency <= mostAtOnce
}

// find looks the program up as a shell would. What is found in the current folder only
// needs to be written as ./NAME.
func (c command) find() (string, error) {
	path, err := process.Find(c.argv[0])
	if err != nil {
		return "", fmt.Errorf("%s: %w", ClassMissing, err)
	}
	return path, nil
}

// limit is how many of n requests may be in flight.
func (c command) limit(n int) int {
	if c.concurrency > 0 {
		return min(n, c.concurrency)
	}
	return n
}
