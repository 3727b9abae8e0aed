package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A block is a fenced part of a page that shows one command and what it prints.
type block struct {
	args []string
	// head is how many lines of the output are shown, 0 for all of them.
	head int
	// first and last are its lines of output, as indices; the last is not among them.
	first, last int
}

// typed is what the line of a command begins with.
const typed = "$ bin/fetchbench "

// blocks finds them. Blocks that show a command without its output, several commands
// or the output of other programs are none.
func blocks(page string) []block {
	var found []block
	lines := strings.Split(page, "\n")
	for i := 0; i < len(lines); i++ {
		if lines[i] != "```" && !strings.HasPrefix(lines[i], "```") {
			continue
		}
		end := i + 1
		for end < len(lines) && lines[end] != "```" {
			end++
		}
		if end < len(lines) && shows(lines[i+1:end]) {
			args, head := headed(strings.Fields(strings.TrimPrefix(lines[i+1], typed)))
			found = append(found, block{args, head, i + 2, end})
		}
		i = end
	}
	return found
}

// headed takes the words "| head -20" from the end of a command.
func headed(words []string) (args []string, lines int) {
	const tail = 3
	n := len(words) - tail
	if n < 1 || words[n] != "|" || words[n+1] != "head" {
		return words, 0
	}
	lines, err := strconv.Atoi(strings.TrimPrefix(words[n+2], "-"))
	if err != nil || lines < 1 {
		return words, 0
	}
	return words[:n], lines
}

// cut is as much of what is printed as the block shows, without its last newline.
func (b block) cut(printed string) string {
	lines := strings.SplitAfter(printed, "\n")
	if b.head > 0 && b.head < len(lines) {
		lines = lines[:b.head]
	}
	return strings.TrimSuffix(strings.Join(lines, ""), "\n")
}

// shows tells whether the lines of a block are one command and its output.
func shows(lines []string) bool {
	return len(lines) > 1 && strings.HasPrefix(lines[0], typed) &&
		!slices.ContainsFunc(lines[1:], func(line string) bool { return strings.HasPrefix(line, "$ ") })
}

// journal is where the run is kept that the block shows, empty if its command
// measures nothing and can simply be run again.
func (b block) journal() string {
	switch b.args[0] {
	case "run", "sweep", "ab":
		return runs + "/" + b.args[0] + ".jsonl"
	}
	return ""
}

// judged is the command that prints, without measuring, what the block's does.
func (b block) judged() []string {
	if journal := b.journal(); journal != "" {
		return []string{"report", journal}
	}
	return b.args
}

// prompt is the line to type for those who have the program on their path.
func (b block) prompt() string { return "$ fetchbench " + strings.Join(b.args, " ") }

// rewrite returns the page with what each of its commands prints now.
func rewrite(page string, printed func(args []string) (string, error)) (string, error) {
	lines := strings.Split(page, "\n")
	found := blocks(page)
	slices.Reverse(found) // so that those before keep their places
	for _, b := range found {
		text, err := printed(b.judged())
		if err != nil {
			return "", err
		}
		lines = slices.Replace(lines, b.first, b.last, strings.Split(b.cut(text), "\n")...)
	}
	return strings.Join(lines, "\n"), nil
}

// mainRun is the first run that a page shows, of which the pictures are.
func mainRun(page string) (block, error) {
	for _, b := range blocks(page) {
		if b.args[0] == "run" {
			return b, nil
		}
	}
	return block{}, errors.New("the page shows no run")
}

// differences returns a complaint for each block that shows something else than its
// command prints now.
func differences(page string, printed func(args []string) (string, error)) ([]string, error) {
	var complaints []string
	lines := strings.Split(page, "\n")
	for _, b := range blocks(page) {
		want, err := printed(b.judged())
		if err != nil {
			return nil, err
		}
		if got := strings.Join(lines[b.first:b.last], "\n"); got != b.cut(want) {
			complaints = append(complaints, fmt.Sprintf("line %d shows of fetchbench %s\n%s\nand it prints\n%s", b.first, strings.Join(b.args, " "), got, want))
		}
	}
	return complaints, nil
}

// replace writes a file whole or not at all.
func replace(path string, content []byte) error {
	fresh, err := os.CreateTemp(filepath.Dir(path), ".fresh-*")
	if err != nil {
		return err
	}
	_, err = fresh.Write(content)
	const readable = 0o644
	if err = errors.Join(err, fresh.Chmod(readable), fresh.Close()); err != nil {
		return errors.Join(err, os.Remove(fresh.Name()))
	}
	return os.Rename(fresh.Name(), path)
}
