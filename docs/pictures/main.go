// Command pictures puts into README.md what the program prints, and makes its
// pictures, from runs that were really made: their journals are in
// results/published/readme, and whatever is shown is what the program says of them.
// It is for those who change the program, run by make readme; no package imports it.
//
//	go run ./docs/pictures                     the texts and pictures anew
//	go run ./docs/pictures -measure            the runs too, some minutes
//
// It works in the top folder of the repository, with a program that was built there.
// The screenshots of the page need Chromium; without one they stay as they are, and
// it says so.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// What is read and written, from the top folder.
const (
	readme  = "README.md"
	runs    = "results/published/readme"
	table   = "docs/pictures/table.svg"
	program = "bin/fetchbench"
)

func main() {
	measure := flag.Bool("measure", false, "make the runs anew that README.md shows")
	flag.Parse()
	if err := refresh(context.Background(), *measure); err != nil {
		fmt.Fprintln(os.Stderr, "pictures: error:", err)
		os.Exit(1)
	}
}

// refresh makes everything that is shown. Nothing is changed if the program fails.
func refresh(ctx context.Context, measure bool) error {
	text, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	for _, b := range blocks(string(text)) {
		if journal := b.journal(); measure && journal != "" {
			if err := remeasure(ctx, b.args, journal); err != nil {
				return err
			}
		}
	}
	p := printer{program: "./" + program, dir: "."}
	fresh, err := rewrite(string(text), p.print)
	if err != nil {
		return err
	}
	main, err := mainRun(fresh)
	if err != nil {
		return err
	}
	coloured, err := p.coloured(main.judged())
	if err != nil {
		return err
	}
	err = errors.Join(replace(readme, []byte(fresh)), replace(table, drawing(main.prompt(), coloured)))
	if err != nil {
		return err
	}
	return screenshots(ctx, p, main.journal())
}

// remeasure makes a run and puts its journal in the place of the old one, if it
// ended well.
func remeasure(ctx context.Context, args []string, journal string) error {
	dir, err := os.MkdirTemp("bin", "readme-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // nothing of worth is left in it
	command := exec.CommandContext(ctx, "./"+program, append(args, "--out", dir)...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", program, strings.Join(args, " "), err)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return err
	}
	if len(found) != 1 {
		return fmt.Errorf("%s %s left %d journals, want one", program, strings.Join(args, " "), len(found))
	}
	written, err := os.ReadFile(found[0])
	if err != nil {
		return err
	}
	return replace(journal, written)
}

// A printer runs the program where the runs are, with nothing of its user's
// environment that could change what it prints.
type printer struct{ program, dir string }

// longestPrint is how long judging a run may take.
const longestPrint = time.Minute

// print returns the stdout of a command, 80 columns wide.
func (p printer) print(args []string) (string, error) { return p.run(args, "NO_COLOR=1") }

// coloured is what it looks like on a terminal.
func (p printer) coloured(args []string) (string, error) { return p.run(args, "FORCE_COLOR=1") }

// run returns the stdout of a command that has to end well.
func (p printer) run(args []string, colour string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), longestPrint)
	defer cancel()
	command := exec.CommandContext(ctx, p.program, args...)
	command.Dir = p.dir
	command.Env = []string{"LANG=C.UTF-8", "HOME=" + os.TempDir(), colour}
	out, err := command.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return "", fmt.Errorf("fetchbench %s: %w: %s", strings.Join(args, " "), err, failed.Stderr)
	}
	if err != nil {
		return "", fmt.Errorf("fetchbench %s: %w", strings.Join(args, " "), err)
	}
	return string(out), nil
}
