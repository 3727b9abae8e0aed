package web

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"

	"github.com/fetchbench/fetchbench/results/history"
)

// maxID is the most characters that an id has.
const maxID = 64

// errNoRun says that there is no run of an id that can be read: the id is none, or
// there is no such file, or it is not an ordinary one, or it lies elsewhere.
var errNoRun = errors.New("there is no such run")

// A folder is where the journals are. It is opened for each request, by history and
// so through os.Root: no name and no link leads out of it.
type folder string

// isID tells whether a word can be the id of a run: letters, digits, - and _ only.
// What it lets through has no meaning in a path, a URL or a page.
func isID(word string) bool {
	for _, c := range []byte(word) {
		switch {
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c == '_', c == '-':
		default:
			return false
		}
	}
	return word != "" && len(word) <= maxID
}

// open opens the journal of a run, an ordinary file of the folder. The file is the
// caller's to close. Why there is none is nobody's business who asks.
func (f folder) open(id string) (*os.File, error) {
	if !isID(id) {
		return nil, errNoRun
	}
	file, err := history.Open(string(f), id)
	if err != nil {
		return nil, errNoRun
	}
	return file, nil
}

// named leads from what a run is called besides its id, a name or a part of the id, to
// where it is, and else to the page. What could mean something in a path is no such word.
func (h *handler) named(under string, page http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		word := r.PathValue("id")
		if isID(word) {
			if id, err := history.Lookup(string(h.folder), word); err == nil && id != word && isID(id) {
				http.Redirect(w, r, under+id, http.StatusFound)
				return
			}
		}
		page(w, r)
	}
}

// still tells whether the run is the file that was opened, and not another or none.
func (f folder) still(id string, opened fs.FileInfo) bool {
	file, err := f.open(id)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }() // it was only read
	now, err := file.Stat()
	return err == nil && os.SameFile(opened, now)
}

// version is a key for what is made of a journal as it is now. A journal only grows,
// so that its size alone would nearly do.
func version(id string, info fs.FileInfo) string {
	return fmt.Sprintf("%s %d %d", id, info.Size(), info.ModTime().UnixNano())
}
