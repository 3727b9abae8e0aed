package history

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrNone is the error where no run is meant.
var ErrNone = errors.New("there is no run")

// An Ambiguous error is that of a word that stands for several runs.
type Ambiguous struct {
	Word string
	// IDs are those of the runs, in the order of the alphabet.
	IDs []string
}

// Error names the first few of the runs.
func (a *Ambiguous) Error() string {
	const shown = 5
	more := ""
	if len(a.IDs) > shown {
		more = fmt.Sprintf(" and %d more", len(a.IDs)-shown)
	}
	return fmt.Sprintf("run %q is ambiguous: %s%s", a.Word, strings.Join(a.IDs[:min(shown, len(a.IDs))], ", "), more)
}

// Find returns the path of the journal that a word stands for: the run with this id,
// the one that was saved under this name, a file at this path, or else the one run
// whose id begins with the word or has it as its last part. It is ErrNone or
// *Ambiguous where there is no single one.
func Find(dir, word string) (string, error) {
	id, err := exact(dir, word)
	if err != nil {
		return "", err
	}
	if id == "" {
		if info, err := os.Stat(word); err == nil && !info.IsDir() {
			return word, nil
		}
		if id, err = loose(dir, word); err != nil {
			return "", err
		}
	}
	return filepath.Join(dir, id+Suffix), nil
}

// Lookup returns the id that a word stands for, as Find does, but never takes it for
// a path.
func Lookup(dir, word string) (string, error) {
	if id, err := exact(dir, word); id != "" || err != nil {
		return id, err
	}
	return loose(dir, word)
}

// exact returns the id that a word is, or that was saved under it; empty where there
// is none. A name comes before parts of ids, so that no new run can take it away.
func exact(dir, word string) (id string, err error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer func() { _ = root.Close() }() // it was only read
	if filepath.IsLocal(word) && filepath.Base(word) == word {
		if _, err := root.Lstat(word + Suffix); err == nil {
			return word, nil
		}
	}
	if CheckName(word) != nil {
		return "", nil
	}
	id = saved(root, word)
	if id == "" {
		return "", nil
	}
	if _, err := root.Lstat(id + Suffix); err != nil {
		return "", fmt.Errorf("%w %q in %s: the name stands for %s, which is gone", ErrNone, word, dir, id)
	}
	return id, nil
}

// loose returns the one id that begins or ends with a word.
func loose(dir, word string) (string, error) {
	found, err := ids(dir, func(id string) bool { return partOf(id, word) })
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", fmt.Errorf("%w %q in %s", ErrNone, word, dir)
	case len(found) > 1:
		return "", &Ambiguous{Word: word, IDs: found}
	}
	return found[0], nil
}

// partOf tells whether a word is the beginning of an id, or its last part.
func partOf(id, word string) bool {
	return word != "" && (strings.HasPrefix(id, word) || strings.HasSuffix(id, "-"+word))
}

// ids lists those ids of a folder that are wanted; a folder that is not there has none.
func ids(dir string, wanted func(id string) bool) (found []string, err error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }() // it was only read
	all, err := journals(root)
	for _, id := range all {
		if wanted(id) {
			found = append(found, id)
		}
	}
	return found, err
}

// Words lists all that runs of a folder can be called: their names, and then their ids,
// the newest first as ids begin with the day. No journal is opened.
func Words(dir string) ([]string, error) {
	all, err := ids(dir, func(string) bool { return true })
	if err != nil || len(all) == 0 {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }() // it was only read
	words, err := nameList(root)
	for i := len(all) - 1; i >= 0; i-- {
		words = append(words, all[i])
	}
	return words, err
}
