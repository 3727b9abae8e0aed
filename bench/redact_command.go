package bench

import (
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// column is what the header has of a contender, as it may be written down: programs of
// others are given secrets as arguments, whoever advises against it.
func (v veil) column(c results.Column) results.Column {
	if c.Process == nil {
		return c
	}
	p := *c.Process
	p.Program, p.Command = v.text(p.Program), v.command(p.Command)
	c.Process = &p
	return c
}

// command is a command as it may be written down: what looks like a secret in a word
// goes, and the whole of a word that follows a flag whose name says so.
func (v veil) command(words []string) []string {
	words = slices.Clone(words)
	for i, word := range words {
		if i > 0 && secretFlag(words[i-1]) && word != "" && !strings.HasPrefix(word, "-") {
			words[i] = v.hide(word)
			continue
		}
		words[i] = v.text(word)
	}
	return words
}

// secretFlag tells whether a word is a flag whose value, a word of its own, is a secret:
// by its name, or because it is curl's for a user with a password.
func secretFlag(word string) bool {
	name := strings.TrimLeft(word, "-")
	return name != word && !strings.Contains(word, "=") && (secretName(name) || name == "u" || name == "user")
}
