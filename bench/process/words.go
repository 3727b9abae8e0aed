package process

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/mattn/go-shellwords"
)

// Words splits a command as a shell does it, and nothing else of a shell is there: no
// variable, no pattern, no other command. What looks like it is refused, because
// whoever wrote it meant something by it.
func Words(line string) ([]string, error) {
	words := shellwords.NewParser()
	words.ParseEnv, words.ParseBacktick, words.ParseComment = false, false, false
	argv, err := words.Parse(line)
	switch {
	case strings.ContainsRune(line, 0):
		return nil, errors.New("the command has a NUL in it")
	case err != nil:
		return nil, fmt.Errorf("the command cannot be split into words: %w; there is no shell: quote what it would read", err)
	case words.Position >= 0:
		return nil, fmt.Errorf("the command is given to no shell, which %q would need: quote it, or put it into a script", rest(line, words.Position))
	case len(argv) == 0 || argv[0] == "":
		return nil, errors.New("there is no command")
	}
	return argv, nil
}

// rest is what follows in a line from the rune at which the words ended.
func rest(line string, at int) string {
	if runes := []rune(line); at < len(runes) {
		return string(runes[at:])
	}
	return line
}

// Find looks a program up as a shell would. What is found in the current folder only
// needs to be written as ./NAME.
func Find(name string) (string, error) {
	path, err := exec.LookPath(name)
	var missing *exec.Error
	if errors.As(err, &missing) {
		err = missing.Err
	}
	if err != nil {
		return "", fmt.Errorf("cannot start %s: %w", name, err)
	}
	return path, nil
}
