package main

import (
	"context"
	"net/http"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
)

// A line is a URL of the list and what became of it.
type line struct {
	URL    string
	Status int
	Err    error
}

// urlsPage lists every URL with its status, those that failed with the reason.
func (s *site) urlsPage(r *http.Request, strategy fetchers.Strategy) (page, error) {
	lines, errs := fetchers.Map(r.Context(), strategy, s.urls, s.status)
	for i, err := range errs {
		if err != nil {
			lines[i] = line{URL: s.shown(s.urls[i]), Err: err}
		}
	}
	return s.html("urls.html", lines)
}

// firstErrorPage is the list, or the first error: it cancels the calls under way, and
// those that have not begun.
func (s *site) firstErrorPage(r *http.Request, strategy fetchers.Strategy) (page, error) {
	ctx, stop := context.WithCancelCause(r.Context())
	defer stop(nil)
	lines, _ := fetchers.Map(ctx, strategy, s.urls, func(ctx context.Context, url string) (line, error) {
		l, err := s.status(ctx, url)
		if err != nil {
			stop(err)
		}
		return l, err
	})
	if ctx.Err() != nil {
		return page{}, context.Cause(ctx)
	}
	return s.html("urls.html", lines)
}

// completedPage lists the URLs as they answer: each is dealt with at once, and not when
// the last one is there.
func (s *site) completedPage(r *http.Request, strategy fetchers.Strategy) (page, error) {
	var lines []line
	fetchers.Each(r.Context(), strategy, s.urls, s.status, func(_ int, l line, err error) {
		l.Err = err
		lines = append(lines, l)
	})
	return s.html("urls.html", lines)
}

// status fetches a URL. Whatever the status is, an answer is no error.
func (s *site) status(ctx context.Context, url string) (line, error) {
	o, _ := s.fetch(ctx, url)
	l := line{URL: s.shown(o.Answer.URL), Status: o.Status}
	if o.Class == client.StatusClass(o.Status) {
		return l, nil
	}
	return l, o.Failed()
}
