package web

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// What many ask for at the same time is made once, and those who do not wait are let
// go while it is made.
func TestPagesAreMadeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCache[int](2, 3)
		made := 0
		build := func(context.Context) (int, error) {
			time.Sleep(time.Minute)
			made++
			return made, t.Context().Err()
		}
		hurry, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := c.get(hurry, "a", build); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("who hurried got %v", err)
		}
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				if v, err := c.get(t.Context(), "a", build); v != 1 || err != nil {
					t.Errorf("got %d, %v", v, err)
				}
			})
		}
		all.Wait()
		if made != 1 {
			t.Errorf("it was made %d times", made)
		}
	})
}

// What cannot be finished is given up, whoever waits for it, and reading ends with it.
func TestR85BuildsHaveADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCache[int](2, 1)
		_, err := c.get(t.Context(), "slow", func(ctx context.Context) (int, error) {
			for { // a journal that has no end
				time.Sleep(time.Second)
				if _, err := (&hasty{io.NewSectionReader(strings.NewReader("a"), 0, 1), ctx}).Read(make([]byte, 1)); err != nil {
					return 0, err
				}
			}
		})
		if !errors.Is(err, errSlow) {
			t.Errorf("got %v", err)
		}
		if v, err := c.get(t.Context(), "next", func(context.Context) (int, error) { return 1, nil }); v != 1 || err != nil {
			t.Errorf("after it: %d, %v", v, err)
		}
	})
}

// Only so many are kept, and the one that was not asked for the longest goes first.
func TestOldPagesAreForgotten(t *testing.T) {
	c := newCache[string](2, 1)
	made := ""
	for _, key := range []string{"a", "b", "a", "c", "a", "b"} {
		v, err := c.get(t.Context(), key, func(context.Context) (string, error) { made += key; return key, nil })
		if v != key || err != nil || len(c.kept) > 2 {
			t.Errorf("%s: got %q, %v with %d kept", key, v, err, len(c.kept))
		}
	}
	if made != "abcb" {
		t.Errorf("made were %q", made)
	}
}

// What fails is tried again, a panic included, which ends nothing else.
func TestFailuresAreNotKept(t *testing.T) {
	c := newCache[string](2, 1)
	if _, err := c.get(t.Context(), "a", func(context.Context) (string, error) { panic("no") }); err == nil {
		t.Error("a panic was no error")
	}
	if _, err := c.get(t.Context(), "a", func(context.Context) (string, error) { return "", os.ErrClosed }); !errors.Is(err, os.ErrClosed) {
		t.Errorf("got %v", err)
	}
	if v, err := c.get(t.Context(), "a", func(context.Context) (string, error) { return "a", nil }); v != "a" || err != nil {
		t.Errorf("got %q, %v", v, err)
	}
}

// A journal is judged once for each state it was in.
func TestRunsAreJudgedOncePerState(t *testing.T) {
	dir := t.TempDir()
	j := begin(t, dir, header("a", "sequential", "pool:2"))
	h := &handler{folder: folder(dir), pages: newCache[[]byte](keptPages, atOnce)}
	for round := range 3 {
		for i, name := range []string{"sequential", "pool:2"} {
			took := trialOf(round, name, time.Duration(100-50*i)*time.Millisecond)
			must(t, j.Append(&took))
		}
		for range 3 {
			_, err := h.page(t.Context(), "a")
			must(t, err)
		}
		if len(h.pages.kept) != round+1 {
			t.Errorf("after round %d there are %d pages", round, len(h.pages.kept))
		}
	}
	must(t, j.End(""))
	s, err := h.folder.snapshot("a")
	must(t, err)
	other := t.TempDir()
	finished(t, other, header("a", "sequential"))
	must(t, os.Rename(filepath.Join(other, "a.jsonl"), filepath.Join(dir, "a.jsonl")))
	for _, err := range s.trials(t.Context())() {
		if !errors.Is(err, errNoRun) {
			t.Errorf("another file was read for the one that was looked at: %v", err)
		}
	}
	if _, err := h.page(t.Context(), "b"); !errors.Is(err, errNoRun) {
		t.Errorf("a run that is not there: %v", err)
	}
}
