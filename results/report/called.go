package report

import (
	"path"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// here begins the spec of a whole route of an app on this machine.
const here = "route:http://127.0.0.1:"

// called is what a contender is called where there is little room: a route of this
// machine by its port and path, in which it differs from the others, and a program by
// its script. No spec begins with a colon, so that nothing else is called so.
//
//	route:http://127.0.0.1:8001/urls/async   :8001/urls/async
//	exec/8:python3 children/threads.py 6     exec/8:threads.py
func called(name string) string {
	if at, found := strings.CutPrefix(name, here); found {
		return ":" + at
	}
	if all := callings(name); all != nil {
		return all[0]
	}
	return name
}

// callings are what a program may be called, the shortest first, its whole command not
// among them; nil of any other contender.
func callings(name string) []string {
	kind, command, found := strings.Cut(name, ":")
	words := strings.Fields(command)
	if !found || kind != "exec" && !strings.HasPrefix(kind, "exec/") || len(words) == 0 {
		return nil
	}
	at := max(0, slices.IndexFunc(words, isScript))
	file := strings.Trim(words[at], `"'`)
	folder, rest := path.Base(path.Dir(file)), words[at+1:]
	short := kind + ":" + path.Base(file)
	return []string{
		short,
		strings.Join(append([]string{short}, rest...), " "),
		kind + ":" + path.Join(folder, path.Base(file)),
	}
}

// isScript tells whether a word of a command looks like the path of a file: it has an
// extension, which python3.11 has not, and is no option and no address.
func isScript(word string) bool {
	word = strings.Trim(word, `"'`)
	ending := path.Ext(word)
	return len(ending) > 1 && len(ending) < 7 && len(ending) < len(path.Base(word)) && (ending[1] < '0' || ending[1] > '9') &&
		!strings.HasPrefix(word, "-") && !strings.Contains(word, "://")
}

// calledIn is called by a name that no other contender of the run has, if need be the
// whole command.
func calledIn(run *results.Run, name string) string {
	mine := callings(name)
	if run == nil || mine == nil {
		return called(name)
	}
	for i, short := range mine {
		if !slices.ContainsFunc(run.Contenders, func(c results.Column) bool {
			other := callings(c.Name)
			return c.Name != name && (c.Name == short || other != nil && other[i] == short)
		}) {
			return short
		}
	}
	return name
}

// recalled puts the short names of programs and routes in the place of the whole ones
// in a text about the contenders of a run.
func recalled(run *results.Run, text string) string {
	if run == nil {
		return text // a judgement that is of no run, such as a prediction
	}
	var names, pairs []string
	for _, c := range run.Contenders {
		if calledIn(run, c.Name) != c.Name {
			names = append(names, c.Name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) }) // one may begin like another
	for _, name := range names {
		pairs = append(pairs, name, cut(calledIn(run, name), longestName, "…"))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// NameIn is the name of a contender as the tables of its run have it: clean, no longer
// than fits, and of a program no more of its command than tells it from the others.
func NameIn(run *results.Run, s string) string { return Options{run: run}.name(s) }
