package results

import "strings"

// Line is the command as one types it, empty where there is none.
func (p *Process) Line() string {
	if p == nil {
		return ""
	}
	var words []string
	for _, word := range p.Command {
		words = append(words, Quoted(word))
	}
	return strings.Join(words, " ")
}

// Quoted is a word as a shell reads it back: in single quotes, unless nothing in it
// means anything to a shell.
func Quoted(word string) string {
	plain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("%+,-./:=@_", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// Silent tells whether a contender tells nothing of its requests, as commands do: then
// only the makespans of its trials are known.
func (r *Run) Silent(contender string) bool {
	for t := range r.Measured {
		if t.Contender == contender && t.Claimed != nil && !t.Claimed.Records && t.Claimed.Broken == "" {
			return true
		}
	}
	return false
}

// commands lists what was started for the contenders that are programs.
func commands(r *Run) map[string]string {
	list := map[string]string{}
	for _, c := range r.Contenders {
		if line := c.Process.Line(); line != "" {
			list[c.Name] = strings.TrimSpace(line + " " + c.Process.Program)
		}
	}
	return list
}
