package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
)

//go:embed html
var files embed.FS

// A site is what all pages share: one client for as long as the server lives, so that
// the connections which one page opened are warm for the next.
type site struct {
	base   *url.URL
	urls   []string
	n      int
	key    string
	client *client.Client
	hooks  hooks
	pages  *template.Template
	log    *log.Logger
}

// newSite prepares the pages. Close its client to leave nothing behind.
func newSite(o options, to *log.Logger) (*site, error) {
	from, err := base(o.upstream)
	if err != nil {
		return nil, err
	}
	pages, err := template.ParseFS(files, "html/*.html")
	if err != nil {
		return nil, err
	}
	s := &site{base: from, urls: o.urls, n: o.n, key: o.key, client: client.New(o.config), pages: pages, log: to}
	s.hooks = s.plainHooks()
	if o.errands {
		s.hooks = s.busyHooks()
	}
	if s.urls == nil {
		s.urls = s.ten()
	}
	return s, nil
}

// ten are the URLs of the page of URLs if nobody names others: the first ten comics.
func (s *site) ten() []string {
	urls := make([]string, 10)
	for i := range urls {
		urls[i] = s.comicURL(i + 1)
	}
	return urls
}

// comicURL is where the API says what there is to say of a comic.
func (s *site) comicURL(number int) string {
	return s.base.JoinPath(strconv.Itoa(number), "info.0.json").String()
}

// forms are the ways in which a page makes its calls: the whole difference between its
// routes.
func forms() map[string]fetchers.Strategy {
	return map[string]fetchers.Strategy{
		"sync":  fetchers.Sequential{},
		"async": fetchers.Goroutines{},
		"pool":  fetchers.Pool{Workers: 4},
	}
}

// routes are the pages, those that make calls in every form.
func (s *site) routes() http.Handler {
	mux := http.NewServeMux()
	for form, strategy := range forms() {
		in := func(v func(*http.Request, fetchers.Strategy) (page, error), parameters ...string) http.Handler {
			return s.view(func(r *http.Request) (page, error) {
				if name := unknown(r.URL.Query(), parameters); name != "" {
					return text(http.StatusBadRequest, fmt.Sprintf("there is no parameter %.20q here\n", name)), nil
				}
				return v(r, strategy)
			})
		}
		mux.Handle("GET /comics/"+form, in(s.comicsPage, "n", "seed"))
		mux.Handle("GET /urls/"+form, in(s.urlsPage))
		mux.Handle("GET /urls/first-error/"+form, in(s.firstErrorPage))
		mux.Handle("GET /urls/completed/"+form, in(s.completedPage))
		mux.Handle("GET /summaries/"+form, in(s.summariesPage, "n"))
	}
	mux.Handle("GET /data", s.view(dataPage))
	mux.Handle("GET /boom", s.view(boomPage))
	mux.Handle("GET /{$}", s.view(s.homePage))
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, files, "html/style.css")
	})
	return mux
}

// unknown is the first parameter of a query that a page does not have: who gives one wants
// something that would not happen.
func unknown(query url.Values, known []string) string {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains(known, name) {
			return name
		}
	}
	return ""
}

// fetch makes one call and keeps its answer. The key is taken out of what comes back
// here, so that no page has to remember to.
func (s *site) fetch(ctx context.Context, url string) (client.Outcome, string) {
	o := s.client.Fetch(ctx, client.Request{URL: url, Keep: true})
	if o.Err != nil {
		o.Err = errors.New(s.hide(o.Err.Error()))
	}
	return o, s.hide(string(o.Answer.Body))
}

// homePage says what there is.
func (s *site) homePage(*http.Request) (page, error) { return s.html("home.html", s.urls) }
