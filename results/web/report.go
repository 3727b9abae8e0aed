package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"os"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/page"
)

// report shows the page of one run, as report --format html writes it. Of a run under
// way it says how far that is, and where to watch it.
func (h *handler) report(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if r.URL.Query().Get("sofar") == "" && h.underWay(w, r, id) {
		return
	}
	made, err := h.page(r.Context(), id)
	if err != nil {
		h.refuse(w, id, err)
		return
	}
	send(w, http.StatusOK, made)
}

// underWay shows a run that has not ended and whose journal a program has. It returns
// whether the run is one.
func (h *handler) underWay(w http.ResponseWriter, r *http.Request, id string) bool {
	file, err := h.folder.open(id)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }() // it was only read
	if !results.UnderWay(file) {
		return false
	}
	follower := results.Follow(file)
	if _, err := follower.More(r.Context()); err != nil || follower.Ended() {
		return false
	}
	g := glance(follower, true)
	h.show(w, http.StatusOK, "underway.html", watched{ID: id, Status: g.Status})
	return true
}

// page makes the page of a run, or has it already.
func (h *handler) page(ctx context.Context, id string) ([]byte, error) {
	s, err := h.folder.snapshot(id)
	if err != nil {
		return nil, err
	}
	return h.pages.get(ctx, s.key, func(ctx context.Context) ([]byte, error) {
		var run *results.Run
		err := s.read(ctx, func(journal io.ReadSeeker) (err error) {
			run, err = results.ReadLatencies(journal)
			return err
		})
		if err != nil {
			return nil, err
		}
		var out bytes.Buffer
		err = page.Write(&out, results.Judge(run), page.Options{Home: "/", Trials: s.trials(ctx)})
		return out.Bytes(), err
	})
}

// run reads a run without its requests, or has it already. It is shared, and not to
// be changed.
func (h *handler) run(ctx context.Context, id string) (*results.Run, error) {
	s, err := h.folder.snapshot(id)
	if err != nil {
		return nil, err
	}
	return h.runs.get(ctx, s.key, func(ctx context.Context) (run *results.Run, err error) {
		err = s.read(ctx, func(journal io.ReadSeeker) (err error) {
			run, err = results.Read(journal)
			return err
		})
		return run, err
	})
}

// A snapshot is a journal as it was at one moment: what a run under way appends
// after that is not in it, however often it is read.
type snapshot struct {
	folder folder
	id     string
	info   os.FileInfo
	key    string
}

// snapshot looks at a journal now.
func (f folder) snapshot(id string) (*snapshot, error) {
	file, err := f.open(id)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	return &snapshot{folder: f, id: id, info: info, key: version(id, info)}, errors.Join(err, file.Close())
}

// read opens the journal for as long as use takes, or until the context ends.
func (s *snapshot) read(ctx context.Context, use func(io.ReadSeeker) error) error {
	file, err := s.folder.open(s.id)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	if now, err := file.Stat(); err != nil || !os.SameFile(now, s.info) {
		return errNoRun
	}
	return use(&hasty{io.NewSectionReader(file, 0, s.info.Size()), ctx})
}

// A hasty reader ends with its context.
type hasty struct {
	*io.SectionReader
	ctx context.Context
}

// Read reads on while there is time.
func (h *hasty) Read(p []byte) (int, error) {
	if h.ctx.Err() != nil {
		return 0, context.Cause(h.ctx)
	}
	return h.SectionReader.Read(p)
}

// trials streams the trials with their requests, anew each time it is asked.
func (s *snapshot) trials(ctx context.Context) func() iter.Seq2[*results.Trial, error] {
	return func() iter.Seq2[*results.Trial, error] {
		return func(yield func(*results.Trial, error) bool) {
			err := s.read(ctx, func(journal io.ReadSeeker) error {
				for t, err := range results.Trials(journal) {
					if !yield(t, err) {
						return nil
					}
				}
				return nil
			})
			if err != nil {
				yield(nil, err)
			}
		}
	}
}
