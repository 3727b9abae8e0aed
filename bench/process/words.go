package process

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"unicode"

	"github.com/mattn/go-shellwords"
)

// Words splits a command as a shell does it, and nothing else of a shell is there. A
// variable, another command in $( ) or backticks and an operator such as | are refused,
// because whoever wrote them meant something by them: in single quotes, or after a \,
// they are what they are. A pattern such as * and a ~ are words like any other.
func Words(line string) ([]string, error) {
	if at := expansion(line); at >= 0 {
		return nil, fmt.Errorf("the command is given to no shell, which %q would need: put it in single quotes, or into a script", rest(line, at))
	}
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

// expansion is the rune of a line at which a shell would put something else in its place,
// a variable or what a command writes, -1 for none.
func expansion(line string) int {
	quote, runes := rune(0), []rune(line)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case quote == '\'':
			if r == quote {
				quote = 0
			}
		case r == '\\':
			i++ // what follows is what it is
		case r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		case r == '`', r == '$' && i+1 < len(runes) && expands(runes[i+1]):
			return i
		}
	}
	return -1
}

// expands tells whether what follows a $ makes it more than a $.
func expands(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_({@*#?$!-", r)
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
