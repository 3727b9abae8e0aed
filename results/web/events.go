package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// quiet is after how many looks without news a stream says that it is still there,
// which is how a reader who has gone is found out.
const quiet = 40

// streams sends runs under way to those who watch them, as server-sent events. Each
// costs a goroutine and an open file until its reader goes away, its run ends or the
// server does; there are only so many at once.
type streams struct {
	folder folder
	limits limits
	places chan struct{}
}

// ServeHTTP sends a glance at once and after everything that the journal gains.
func (s *streams) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
	default:
		w.Header().Set("Retry-After", "10")
		http.Error(w, "too many watch already", http.StatusServiceUnavailable)
		return
	}
	id := r.PathValue("id")
	file, err := s.folder.open(id)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer func() { _ = file.Close() }() // it was only read
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	out := &stream{w: w, control: http.NewResponseController(w), patience: s.limits.write}
	// A write that fails is a reader who has gone, whom there is nothing to tell.
	if err := s.watch(r.Context(), id, file, out); err != nil && r.Context().Err() == nil {
		_ = out.send("trouble", err.Error())
	}
}

// watch sends what the journal gains until the run ends, the file is another or
// gone, or nobody listens.
func (s *streams) watch(ctx context.Context, id string, file *os.File, out *stream) error {
	opened, err := file.Stat()
	if err != nil {
		return err
	}
	look := time.NewTicker(s.limits.look)
	defer look.Stop()
	v := &view{file: file, follower: results.Follow(file)}
	for {
		news, err := v.look(ctx)
		switch {
		case err != nil:
		case news:
			err = out.send("glance", glance(v.follower, v.held))
		case v.silent%quiet == 0:
			err = out.write(": nothing new\n\n")
		}
		if err != nil || v.follower.Ended() {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
		if !s.folder.still(id, opened) {
			return errors.New("the journal was removed")
		}
	}
}

// A view is what one reader has been told of a run.
type view struct {
	file     *os.File
	follower *results.Follower
	// silent counts the looks since there was news, and held says whether a program
	// had the journal when that was last asked.
	silent int
	held   bool
}

// look tells whether there is something that the reader does not know. Who writes is
// asked about now and then only: to ask, the lock is tried.
func (v *view) look(ctx context.Context) (news bool, err error) {
	news, err = v.follower.More(ctx)
	if err != nil {
		return false, fmt.Errorf("the journal cannot be read any further: %w", err)
	}
	v.silent++
	if news {
		v.silent = 0
	}
	if v.silent%quiet == 0 {
		held := results.UnderWay(v.file)
		news, v.held = news || held != v.held, held
	}
	return news, nil
}

// A stream is the answer to one reader. Each piece has its own deadline: the stream
// may last for hours, but who does not take what is sent is given up.
type stream struct {
	w        http.ResponseWriter
	control  *http.ResponseController
	patience time.Duration
}

// send sends one event. JSON has no line ends, which would end the event.
func (s *stream) send(event string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return s.write(fmt.Sprintf("event: %s\ndata: %s\n\n", event, text))
}

// write sends text now.
func (s *stream) write(text string) error {
	err := s.control.SetWriteDeadline(time.Now().Add(s.patience))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}
