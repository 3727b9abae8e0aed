package bench

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// What is a secret in a command that is one text, as it was typed: the word that follows
// a flag whose name says so, in quotes or not, and what curl is given as a user with a
// password. (python3 -u FILE has no colon.) A token of a known service is one wherever it
// stands.
var (
	flagPattern = regexp.MustCompile(`(?i)((?:^|[\s"':=(\[,])-{1,2}[\w-]*(?:` + secretWords + `)[\w.-]*["']?\s+)(` + commandWord + `)`)
	curlPattern = regexp.MustCompile(`((?:^|[\s"':=(\[,])(?:-u|--user)\s+)((?:"[^"]*:[^"]*"|'[^']*:[^']*'|[^\s"':-][^\s"':]*:[^\s"'/][^\s"']*))`)
	tokenShape  = regexp.MustCompile(`\b(?:gh[opsru]_\w{6,}|github_pat_\w{6,}|glpat-[\w-]{6,}|xox[abeprs]-[\w-]{6,}|sk-[\w-]{12,}|A[KS]IA[0-9A-Z]{12,}|AIza[\w-]{30,}|eyJ[\w-]{8,}\.eyJ[\w-]+\.[\w-]*)`)
)

// commandWord is a word as a shell reads it that is no flag.
const commandWord = `(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\-])(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])*`

// concealFlags hides what follows flags for secrets in a text.
func concealFlags(text string, hide func(value string) string) string {
	for _, pattern := range []*regexp.Regexp{flagPattern, curlPattern} {
		text = pattern.ReplaceAllStringFunc(text, func(match string) string {
			part := pattern.FindStringSubmatch(match)
			if bare := strings.Trim(part[2], `"'`); kept(bare) {
				return match
			}
			return part[1] + hide(strings.Trim(part[2], `"'`))
		})
	}
	return text
}

// concealTokens hides what begins as the tokens of well-known services do.
func concealTokens(text string, hide func(value string) string) string {
	for _, begin := range []string{"gh", "github_pat_", "glpat-", "xox", "sk-", "AKIA", "ASIA", "AIza", "eyJ"} {
		if strings.Contains(text, begin) { // most texts have none of them
			return tokenShape.ReplaceAllStringFunc(text, hide)
		}
	}
	return text
}

// secretsIn are the values in a text that Conceal would take out of it.
func secretsIn(text string) (values []string) {
	conceal(text, func(value string) string {
		values = append(values, value)
		return hiddenWord
	})
	return values
}

// with is the lookup with the secrets of commands in it, which what they start may repeat.
func (l lookup) with(commands []string) lookup {
	found := map[string]string{}
	maps.Copy(found, l.found)
	for i, command := range commands {
		for j, value := range secretsIn(command) {
			name := fmt.Sprint("command ", i, " ", j)
			found[name] = value
			if _, password, ok := strings.Cut(value, ":"); ok {
				found[name+" password"] = password
			}
		}
	}
	return lookup{found: found}
}

// ConcealSaid is Conceal for what a program has said that was started with a command:
// it may repeat the secrets of it, wherever it likes.
func ConcealSaid(command, text string) string {
	for _, value := range (lookup{}).with([]string{command}).found {
		if len(value) >= leastStump {
			text = strings.ReplaceAll(text, value, hiddenWord)
		}
	}
	return Conceal(text)
}

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
