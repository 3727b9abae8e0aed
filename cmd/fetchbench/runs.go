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

	"github.com/fetchbench/fetchbench/results"
)

// journalSuffix ends the names of journals in the folder of runs.
const journalSuffix = ".jsonl"

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

// createJournal begins a journal under a new id, which it writes into the header.
func createJournal(dir string, h *results.Header) (*results.Journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unwritable(dir, err)
	}
	for {
		h.ID = h.Started.Format("20060102") + "-" + strings.ToLower(rand.Text()[:4])
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

// findRun returns the path of a run's journal: a path as it is, else the one
// journal in the folder whose id is the word, begins with it or ends with it.
func findRun(dir, word string) (string, error) {
	if info, err := os.Stat(word); err == nil && !info.IsDir() {
		return word, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	found := named(word, entries)
	switch len(found) {
	case 0:
		return "", &failure{code: exitUsage, err: fmt.Errorf("there is no run %q in %s", word, dir), hint: "give the id that the run printed, or the path of its journal"}
	case 1:
		return filepath.Join(dir, found[0]+journalSuffix), nil
	}
	const shown = 5
	return "", &failure{
		code: exitUsage, err: fmt.Errorf("run %q is ambiguous: %s", word, list(found[:min(shown, len(found))])),
		hint: "give more of the id",
	}
}

// named returns the ids of the runs in a folder that a word stands for: the one
// that it is, else those that begin or end with it.
func named(word string, entries []fs.DirEntry) (found []string) {
	for _, entry := range entries {
		id, ok := strings.CutSuffix(entry.Name(), journalSuffix)
		switch {
		case !ok || word == "":
		case id == word:
			return []string{id}
		case strings.HasPrefix(id, word) || strings.HasSuffix(id, "-"+word):
			found = append(found, id)
		}
	}
	return found
}

// elapsed is a duration for people: to a tenth of a second.
func elapsed(d time.Duration) time.Duration { return d.Round(100 * time.Millisecond) }
