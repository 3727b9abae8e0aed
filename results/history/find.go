package history

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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
// whose id begins with the word or has it as its last part, or whose last part begins
// with it. It is ErrNone or *Ambiguous where there is no single one.
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
	return filepath.Join(dir, id+Suffix), inside(dir, id)
}

// inside refuses what is no file of the folder, as a list does. What else keeps a journal
// from being opened is found out by whoever opens it.
func inside(dir, id string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // it was only looked at
	if err := regular(root, id); errors.Is(err, errLink) || errors.Is(err, errKind) {
		return err
	}
	return nil
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
// is none. A name comes before beginnings of ids. What is a name and also what another
// run is called, by its id or the last part of that, stands for neither: whoever
// removes a run by such a word may mean the other.
func exact(dir, word string) (id string, err error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer func() { _ = root.Close() }() // it was only read
	whole := filepath.IsLocal(word) && filepath.Base(word) == word && there(root, word)
	id = saved(root, word)
	switch {
	case id == "" && whole:
		return word, nil
	case id == "":
		return "", nil
	case !there(root, id):
		if whole {
			return word, nil
		}
		return "", fmt.Errorf("%w %q in %s: the name stands for %s, which is gone", ErrNone, word, dir, id)
	}
	all, err := journals(root)
	called := slices.DeleteFunc(all, func(other string) bool { return other != id && !calls(word, other) })
	if len(called) > 1 {
		return "", &Ambiguous{Word: word, IDs: called}
	}
	return id, err
}

// there tells whether the folder has a journal of an id.
func there(root *os.Root, id string) bool {
	_, err := root.Lstat(id + Suffix)
	return err == nil
}

// loose returns the one id that a part stands for. What a list shows of an id comes
// before a beginning of that.
func loose(dir, word string) (string, error) {
	all, err := ids(dir)
	if err != nil {
		return "", err
	}
	for _, stands := range []func(word, id string) bool{partOf, beginsLast} {
		found := slices.DeleteFunc(slices.Clone(all), func(id string) bool { return word == "" || !stands(word, id) })
		if len(found) > 1 {
			return "", &Ambiguous{Word: word, IDs: found}
		}
		if len(found) == 1 {
			return found[0], nil
		}
	}
	return "", fmt.Errorf("%w %q in %s", ErrNone, word, dir)
}

// calls tells whether a word is an id, or the last part of it.
func calls(word, id string) bool { return word == id || strings.HasSuffix(id, "-"+word) }

// partOf tells whether a word is the beginning of an id, or its last part.
func partOf(word, id string) bool { return strings.HasPrefix(id, word) || calls(word, id) }

// beginsLast tells whether a word is the beginning of the last part of an id.
func beginsLast(word, id string) bool {
	return strings.HasPrefix(id[strings.LastIndex(id, "-")+1:], word)
}

// ids lists the ids of a folder; a folder that is not there has none.
func ids(dir string) ([]string, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }() // it was only read
	return journals(root)
}

// Words lists all that runs of a folder can be called: their names, and then their ids,
// the newest first as ids begin with the day. No journal is opened.
func Words(dir string) ([]string, error) {
	all, err := ids(dir)
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
