package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
)

// A view makes the page of a request.
type view func(*http.Request) (page, error)

// Hooks are called around every view, in the time of the request: whoever waits for
// the page waits for them. Each may make calls of its own, in any form.
type hooks struct {
	before func(ctx context.Context) error
	// after may replace the page.
	after func(ctx context.Context, p page) page
	// failed is told of an error of the hook before or of the view.
	failed func(ctx context.Context, err error)
}

// view is the handler of a view, with the hooks around it.
func (s *site) view(v view) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, err := s.attempt(r, v)
		if err != nil {
			s.hooks.failed(r.Context(), err)
			p = text(http.StatusInternalServerError, "500 error")
		}
		s.send(w, s.hooks.after(r.Context(), p))
	})
}

// attempt makes the page. A view that panics has failed like any other.
func (s *site) attempt(r *http.Request, v view) (p page, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("panic: %v", reason)
		}
	}()
	if err := s.hooks.before(r.Context()); err != nil {
		return page{}, err
	}
	return v(r)
}

// plainHooks take no time.
func (s *site) plainHooks() hooks {
	return hooks{
		before: func(context.Context) error { return nil },
		after:  func(_ context.Context, p page) page { return p },
		failed: func(_ context.Context, err error) { s.log.Print(s.hide(err.Error())) },
	}
}

// busyHooks run an errand each. As the calls of an errand are made at once, it takes as
// long as the slowest of them.
func (s *site) busyHooks() hooks {
	plain := s.plainHooks()
	return hooks{
		before: s.errand,
		after: func(ctx context.Context, p page) page {
			if err := s.errand(ctx); err != nil {
				plain.failed(ctx, err) // the page is there all the same
			}
			return p
		},
		failed: func(ctx context.Context, err error) {
			plain.failed(ctx, errors.Join(err, s.errand(ctx)))
		},
	}
}

// errand greets three people at once, and fails if one of them did not hear it.
func (s *site) errand(ctx context.Context) error {
	_, errs := fetchers.Map(ctx, fetchers.Goroutines{}, plan(3), s.summary)
	return errors.Join(errs...)
}

// dataPage takes a second of its own, which no strategy shortens.
func dataPage(r *http.Request) (page, error) {
	timer := time.NewTimer(time.Second)
	defer timer.Stop()
	select {
	case <-timer.C:
		return text(http.StatusOK, "Done!"), nil
	case <-r.Context().Done():
		return page{}, context.Cause(r.Context())
	}
}

// boomPage fails.
func boomPage(*http.Request) (page, error) { return page{}, errors.New("boom") }
