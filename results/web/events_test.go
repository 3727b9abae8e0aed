package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// A watcher is the answer to one who watches a run, in virtual time.
type watcher struct {
	header http.Header
	status int
	mu     sync.Mutex
	text   bytes.Buffer
	leave  func()
	done   chan struct{}
}

func (w *watcher) Header() http.Header { return w.header }
func (w *watcher) WriteHeader(s int)   { w.status = s }
func (w *watcher) Flush()              {}

// Write takes what was sent.
func (w *watcher) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(text)
}

// watch begins to watch run a, in a bubble of virtual time.
func watch(t *testing.T, page http.Handler) *watcher {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	w := &watcher{header: http.Header{}, leave: cancel, done: make(chan struct{})}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+testHost+"/live/a/events", http.NoBody)
	must(t, err)
	go func() {
		defer close(w.done)
		page.ServeHTTP(w, request)
	}()
	return w
}

// events lets a second pass and returns what came since the last time.
func (w *watcher) events(t *testing.T) (glances []Glance, troubles []string) {
	t.Helper()
	time.Sleep(time.Second)
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	for event := range strings.SplitSeq(w.text.String(), "\n\n") {
		name, data, found := strings.Cut(event, "\ndata: ")
		if !found {
			continue
		}
		if name == "event: trouble" {
			troubles = append(troubles, data)
			continue
		}
		var g Glance
		must(t, json.Unmarshal([]byte(data), &g))
		glances = append(glances, g)
	}
	w.text.Reset()
	return glances, troubles
}

// ended tells whether the answer is complete.
func (w *watcher) ended() bool {
	select {
	case <-w.done:
		return true
	default:
		return false
	}
}

// A watcher is told of each trial once it is there whole, and of the end, which ends
// the stream. In between nothing is sent.
func TestLiveTellsOfEveryTrial(t *testing.T) {
	dir := t.TempDir()
	page := shown(t, dir)
	synctest.Test(t, func(t *testing.T) {
		j := begin(t, dir, header("a", "sequential", "pool:2"))
		w := watch(t, page)
		first := w.one(t)
		if first.Status != "Under way: no trial has ended yet." || first.Rows[1].Last != none {
			t.Errorf("at first: %+v", first)
		}
		for round, want := range []GlanceRow{
			{"sequential", "1 of 8", "100.0 ms", "0", "100.0 ms"},
			{"sequential", "2 of 8", "150.0 ms", "0", "200.0 ms"},
			{"sequential", "3 of 8", "200.0 ms", "0", "300.0 ms"},
		} {
			took := trialOf(round, "sequential", time.Duration(1+round)*100*time.Millisecond)
			must(t, j.Append(&took))
			if got := w.one(t); got.Rows[0] != want || got.Ended {
				t.Errorf("after round %d: %+v, want %+v", round, got, want)
			}
		}
		if got, _ := w.events(t); len(got) != 0 || w.ended() {
			t.Errorf("without news: %+v", got)
		}
		must(t, j.EndReached("enough"))
		if got := w.one(t); !got.Ended || got.Status != "The run is complete." || !w.ended() {
			t.Errorf("at the end: %+v", got)
		}
	})
}

// one is the only event that came since the last time.
func (w *watcher) one(t *testing.T) Glance {
	t.Helper()
	got, troubles := w.events(t)
	if len(got) != 1 || len(troubles) != 0 {
		t.Fatalf("got %+v and %q, want one glance", got, troubles)
	}
	return got[0]
}

// A line that is there in part is waited for.
func TestLiveWaitsForWholeLines(t *testing.T) {
	dir, whole := t.TempDir(), t.TempDir()
	finished(t, whole, header("a", "sequential"))
	text, err := os.ReadFile(filepath.Join(whole, "a.jsonl"))
	must(t, err)
	page := shown(t, dir)
	file, err := os.Create(filepath.Join(dir, "a.jsonl"))
	must(t, err)
	synctest.Test(t, func(t *testing.T) {
		w := watch(t, page)
		last := ""
		for at := 0; at < len(text); at += 97 {
			there := text[:min(at+97, len(text))]
			_, err := file.Write(there[at:])
			must(t, err)
			got, troubles := w.events(t)
			if len(troubles) != 0 {
				t.Fatalf("after %d bytes: %q", len(there), troubles)
			}
			whole := string(there[:bytes.LastIndexByte(there, '\n')+1])
			want := fmt.Sprintf("%d of 8", strings.Count(whole, `{"type":"trial"`))
			for _, g := range got {
				if last = g.Rows[0].Rounds; last != want {
					t.Errorf("after %d bytes: %s rounds, want %s", len(there), last, want)
				}
			}
		}
		if !w.ended() || last != "8 of 8" {
			t.Errorf("ended is %v after %s rounds", w.ended(), last)
		}
	})
	must(t, file.Close())
}

// The stream ends with its reason when there is nothing more to come.
func TestLiveEndsWithItsJournal(t *testing.T) {
	for what, happens := range map[string]func(path string, j *results.Journal) error{
		"the journal was removed": func(path string, _ *results.Journal) error { return os.Remove(path) },
		"this is no line of a journal": func(path string, _ *results.Journal) error {
			file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			if err == nil {
				_, err = file.WriteString("<script>alert(1)</script>\n{}\n")
			}
			return err
		},
	} {
		dir := t.TempDir()
		page := shown(t, dir)
		synctest.Test(t, func(t *testing.T) {
			j := begin(t, dir, header("a", "sequential"))
			w := watch(t, page)
			w.events(t)
			must(t, happens(filepath.Join(dir, "a.jsonl"), j))
			_, troubles := w.events(t)
			if len(troubles) != 1 || !strings.Contains(troubles[0], what) || strings.Contains(troubles[0], "<") || !w.ended() {
				t.Errorf("%s: got %q, ended is %v", what, troubles, w.ended())
			}
			must(t, j.Close())
		})
	}
}

// A reader who goes makes place for another, and there are only so many places.
func TestLiveHasSoManyPlaces(t *testing.T) {
	dir := t.TempDir()
	l := usual()
	l.streams = 2
	handler, err := newHandler(dir, l)
	must(t, err)
	page := guard(testPort, handler)
	synctest.Test(t, func(t *testing.T) {
		j := begin(t, dir, header("a", "sequential"))
		one, two := watch(t, page), watch(t, page)
		one.events(t)
		three := watch(t, page)
		if three.events(t); three.status != http.StatusServiceUnavailable || !three.ended() {
			t.Errorf("the third of two got %d", three.status)
		}
		one.leave()
		one.events(t)
		four := watch(t, page)
		if got, _ := four.events(t); !one.ended() || len(got) != 1 {
			t.Errorf("after one has left: ended is %v, the next got %+v", one.ended(), got)
		}
		two.leave()
		four.leave()
		synctest.Wait()
		must(t, j.Close())
	})
}

// A run that was killed says so to those who watch it.
func TestLiveTellsOfAKilledRun(t *testing.T) {
	dir := t.TempDir()
	page := shown(t, dir)
	synctest.Test(t, func(t *testing.T) {
		j := begin(t, dir, header("a", "sequential"))
		w := watch(t, page)
		w.events(t)
		must(t, j.Close()) // as the system does for a process that was killed
		time.Sleep(time.Minute)
		got, _ := w.events(t)
		if len(got) != 1 || got[0].Ended || !strings.HasPrefix(got[0].Status, "No program holds the journal") {
			t.Errorf("got %+v", got)
		}
		w.leave()
		synctest.Wait()
	})
}
