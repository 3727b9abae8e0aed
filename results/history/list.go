package history

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/fetchbench/fetchbench/results"
)

// Suffix ends the names of journals.
const Suffix = ".jsonl"

// List returns all runs of a folder, the newest first. A folder that is not there has
// none. What is no journal by its name is not looked at; one that cannot be read is
// listed with its problem.
func List(dir string) ([]Entry, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }() // it was only read
	ids, err := journals(root)
	if err != nil {
		return nil, err
	}
	names, err := savedNames(root)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(ids))
	// Waiting for the disk and decoding take turns: a few at a time do both.
	var workers sync.WaitGroup
	several := 2 * runtime.GOMAXPROCS(0)
	for w := range several {
		workers.Go(func() {
			for i := w; i < len(ids); i += several {
				entries[i] = look(root, ids[i], names[ids[i]])
			}
		})
	}
	workers.Wait()
	// Journals may have gone since the folder was read.
	entries = slices.DeleteFunc(entries, func(e Entry) bool { return e.ID == "" })
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(b.When().Compare(a.When()), cmp.Compare(b.ID, a.ID))
	})
	return entries, nil
}

// journals lists the ids of the journals in a folder, in the order of the alphabet.
func journals(root *os.Root) (ids []string, err error) {
	files, err := fs.ReadDir(root.FS(), ".")
	for _, file := range files {
		if id, ok := strings.CutSuffix(file.Name(), Suffix); ok && id != "" {
			ids = append(ids, id)
		}
	}
	return ids, err
}

// look makes the entry of one journal, an empty one if it is gone.
func look(root *os.Root, id string, names []string) Entry {
	e := Entry{ID: id, Path: filepath.Join(root.Name(), id+Suffix), Names: names, State: Unreadable}
	file, err := open(root, id)
	if errors.Is(err, fs.ErrNotExist) {
		if _, gone := root.Lstat(id + Suffix); gone != nil {
			return Entry{}
		}
	}
	if err != nil {
		e.Problem = problem(err)
		return e
	}
	defer func() { _ = file.Close() }() // it was only read
	info, err := file.Stat()
	if err != nil {
		e.Problem = problem(err)
		return e
	}
	e.Size, e.Changed = info.Size(), info.ModTime()
	g, err := results.Skim(file, info.Size())
	if err != nil {
		e.Problem = problem(err)
		return e
	}
	e.Brief = brief(g)
	e.State = state(g, !g.Complete && results.UnderWay(file))
	if e.State == Incomplete && e.Reason == "" {
		e.Reason = "killed: the journal has no end"
	}
	return e
}

// errLink says of a link what the system says in words of its own.
var errLink = errors.New("a link that leads to no file of this folder")

// errKind says of what is named like a journal that it cannot be one.
var errKind = errors.New("this is no regular file")

// open opens a journal for reading. What is no regular file is refused before it is
// opened: a pipe would wait for somebody to write to it.
func open(root *os.Root, id string) (*os.File, error) {
	if err := regular(root, id); err != nil {
		return nil, err
	}
	return root.Open(id + Suffix)
}

// regular refuses what is no regular file of the folder.
func regular(root *os.Root, id string) error {
	info, err := root.Stat(id + Suffix)
	if err != nil {
		if link, is := root.Lstat(id + Suffix); is == nil && link.Mode()&fs.ModeSymlink != 0 {
			return errLink
		}
		return err
	}
	if !info.Mode().IsRegular() {
		return errKind
	}
	return nil
}

// problem is the reason of an error without the path, which the entry has.
func problem(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}

// mostID is how long an id may be that somebody else gives.
const mostID = 64

// Open opens the journal of a run whose id somebody else gave, such as a page: letters,
// digits, - and _ only, and no way out of the folder. The caller closes it. The error
// is ErrNone where there is no such run.
func Open(dir, id string) (*os.File, error) {
	if !plainID(id) {
		return nil, fmt.Errorf("%w: %.80q is no id", ErrNone, id)
	}
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w %q", ErrNone, id)
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }() // the file stays open without it
	file, err := open(root, id)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w %q", ErrNone, id)
	}
	return file, err
}

// plainID tells whether an id has nothing in it that could mean something.
func plainID(id string) bool {
	for _, r := range id {
		if !letterOrDigit(r) && r != '-' && r != '_' {
			return false
		}
	}
	return id != "" && len(id) <= mostID
}

// letterOrDigit tells whether a rune is one of ASCII.
func letterOrDigit(r rune) bool {
	return '0' <= r && r <= '9' || letter(r)
}

// letter tells whether a rune is a letter of ASCII.
func letter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }
