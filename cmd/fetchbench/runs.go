package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/history"
	"github.com/fetchbench/fetchbench/results/report"
)

// journalSuffix ends the names of journals in the folder of runs.
const journalSuffix = history.Suffix

// runsDir is the folder of journals: the one given, or that of the user's state.
func runsDir(given string) (string, error) {
	if given != "" {
		return given, nil
	}
	if state := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return filepath.Join(state, "fetchbench", "runs"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", &failure{code: exitUsage, err: fmt.Errorf("no folder for journals: %w", err), hint: "use --out DIR"}
	}
	return filepath.Join(home, ".local", "state", "fetchbench", "runs"), nil
}

// createJournal begins a journal under a new id, which it writes into the header. The
// last part of the id is what no run is called by yet, nor saved under.
func createJournal(dir string, h *results.Header) (*results.Journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unwritable(dir, err)
	}
	for {
		last := strings.ToLower(rand.Text()[:4])
		if _, err := history.Lookup(dir, last); err == nil || errors.As(err, new(*history.Ambiguous)) {
			continue
		}
		h.ID = h.Started.Format("20060102") + "-" + last
		journal, err := results.Create(filepath.Join(dir, h.ID+journalSuffix), *h)
		if errors.Is(err, fs.ErrExist) {
			continue // somebody else has this id
		}
		if err != nil {
			return nil, unwritable(dir, err)
		}
		return journal, nil
	}
}

// unwritable is the failure of a folder that takes no journal. Nothing was sent.
func unwritable(dir string, err error) *failure {
	return &failure{
		code: exitUsage, err: fmt.Errorf("cannot write a journal in %s: %w", dir, cause(err)),
		hint: "use --out DIR with a folder that can be written",
	}
}

// findRun returns the path of a run's journal: see history.Find. Of a folder with one
// journal in it, as runs are published, it is that.
func findRun(dir, word string) (string, error) {
	path, err := history.Find(dir, word)
	if info, stat := os.Stat(word); errors.Is(err, history.ErrNone) && stat == nil && info.IsDir() {
		return journalIn(word)
	}
	return path, notFound(dir, word, err)
}

// journalIn returns the path of the only journal in a folder.
func journalIn(folder string) (string, error) {
	all, err := history.Words(folder)
	paths, _ := filepath.Glob(filepath.Join(folder, "*"+journalSuffix)) // the pattern of a strange name finds nothing
	switch {
	case err == nil && len(paths) == 1:
		return paths[0], nil
	case err == nil && len(all) > 1:
		return "", &failure{code: exitUsage, err: fmt.Errorf("%s is a folder with %d journals", folder, len(all)), hint: "give one of them, such as " + report.Clean(filepath.Join(folder, all[0]+journalSuffix)) + ", or its id and --out " + report.Clean(folder)}
	}
	return "", &failure{code: exitUsage, err: fmt.Errorf("%s is a folder without a journal", folder), hint: "give the id that the run printed, or the path of its journal; fetchbench list shows all"}
}

// notFound is the failure of a word that stands for no run, with a guess at what it was
// to be.
func notFound(dir, word string, err error) error {
	var several *history.Ambiguous
	switch {
	case err == nil:
		return nil
	case errors.As(err, &several):
		return &failure{code: exitUsage, err: err, hint: "give more of the id"}
	case !errors.Is(err, history.ErrNone):
		return &failure{code: exitUsage, err: fmt.Errorf("cannot look for run %q: %w", word, cause(err))}
	}
	f := &failure{code: exitUsage, err: err, hint: "give the id that the run printed, or the path of its journal; fetchbench list shows all"}
	if words, err := runWords(dir, ""); err == nil {
		if guess := bench.Closest(word, words); guess != "" {
			f.hint = fmt.Sprintf("did you mean %q? fetchbench list shows all", report.Clean(guess))
		}
	}
	return f
}

// runWords lists what runs can be called that begins with what is typed: names, ids and
// the last parts of ids.
func runWords(dir, typed string) (words []string, err error) {
	all, err := history.Words(dir)
	for _, word := range all {
		if strings.HasPrefix(word, typed) {
			words = append(words, word)
		}
		if last := lastPart(word); last != word && strings.HasPrefix(last, typed) {
			words = append(words, last)
		}
	}
	return words, err
}

// openRun reads the journal at a path without its requests. A run in the folder is
// called as its file is, whatever stands in it.
func openRun(dir, path string) (*results.Run, error) {
	run, err := results.Open(path)
	if err != nil {
		return nil, &failure{code: exitUsage, err: err, hint: otherSchema(err, "fetchbench list shows the runs, and which of them cannot be read")}
	}
	if id, isJournal := strings.CutSuffix(filepath.Base(path), journalSuffix); isJournal && filepath.Dir(path) == filepath.Clean(dir) {
		run.ID = id
	}
	return run, nil
}

// otherSchema is the hint for a journal that another program reads, else the one given.
func otherSchema(err error, usual string) string {
	if other := (*results.OtherSchema)(nil); errors.As(err, &other) {
		return fmt.Sprintf("use a fetchbench that reads schema %d", other.Schema)
	}
	return usual
}

// called is how to name the run whose journal is at a path: by the last part of its id
// where that is enough, else by the path.
func called(path string) string {
	dir, err := runsDir("")
	id, isJournal := strings.CutSuffix(filepath.Base(path), journalSuffix)
	if err != nil || !isJournal || filepath.Dir(path) != filepath.Clean(dir) {
		return path
	}
	for _, word := range []string{lastPart(id), id} {
		if found, err := history.Lookup(dir, word); err == nil && found == id {
			return word
		}
	}
	return path
}

// lastPart is what people type of an id.
func lastPart(id string) string { return id[strings.LastIndex(id, "-")+1:] }

// elapsed is a duration for people: to a tenth of a second.
func elapsed(d time.Duration) time.Duration { return d.Round(100 * time.Millisecond) }
