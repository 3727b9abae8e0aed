package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/history"
	"github.com/fetchbench/fetchbench/results/page"
	"github.com/fetchbench/fetchbench/results/report"
)

//go:embed html
var files embed.FS

// What is kept in memory: pages of up to 2 MB each, and the trials of runs that were
// compared. Two processors' worth of them is made at a time.
const (
	keptPages = 16
	keptRuns  = 8
	atOnce    = 2
)

// A handler answers what guard lets through.
type handler struct {
	folder folder
	sheets *template.Template
	// script updates the view of a run under way, and policy allows it and no other.
	script template.JS
	policy string
	// Lists are not kept, but shared by those who ask at the same time.
	lists *cache[[]history.Entry]
	pages *cache[[]byte]
	runs  *cache[*results.Run]
}

// newHandler lays out the routes. All of them read, and none but these is there.
func newHandler(dir string, l limits) (http.Handler, error) {
	script, err := files.ReadFile("html/live.js")
	if err != nil {
		return nil, err
	}
	own, err := files.ReadFile("html/web.css")
	if err != nil {
		return nil, err
	}
	look, err := page.Style()
	if err != nil {
		return nil, err
	}
	// The look is that of a run's page, and what lists and forms need besides.
	style := func() template.CSS { return look + template.CSS(own) }
	sheets, err := template.New("").Funcs(page.TableFuncs()).Funcs(template.FuncMap{"style": style}).ParseFS(files, "html/*.html")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(script)
	h := &handler{
		folder: folder(dir), sheets: sheets, script: template.JS(script),
		policy: plainPolicy + "; connect-src 'self'; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'",
		lists:  newCache[[]history.Entry](0, atOnce), pages: newCache[[]byte](keptPages, atOnce), runs: newCache[*results.Run](keptRuns, atOnce),
	}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /{$}", h.list)
	routes.HandleFunc("GET /runs/{id}", h.named("/runs/", h.report))
	routes.HandleFunc("GET /compare", h.compare)
	routes.HandleFunc("GET /live/{id}", h.named("/live/", h.live))
	routes.Handle("GET /live/{id}/events", &streams{folder: h.folder, limits: l, places: make(chan struct{}, l.streams)})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := routes.Handler(r); pattern == "" || !plainPath(r.URL.EscapedPath()) {
			h.problem(w, http.StatusNotFound, errors.New("there is no such page"))
			return
		}
		routes.ServeHTTP(w, r)
	}), nil
}

// plainPath tells whether a path is made of ids and slashes alone, as all of ours
// are. What has dots, escapes or empty parts is not put right but refused.
func plainPath(path string) bool {
	if path == "/" {
		return true
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		if !isID(part) {
			return false
		}
	}
	return true
}

// show fills in a page and sends it whole: one that breaks off would look complete.
func (h *handler) show(w http.ResponseWriter, status int, name string, data any) {
	var out bytes.Buffer
	if err := h.sheets.ExecuteTemplate(&out, name, data); err != nil {
		http.Error(w, "internal error: the page could not be made", http.StatusInternalServerError)
		return
	}
	send(w, status, out.Bytes())
}

// send sends a finished page. A reader who has gone needs no answer.
func send(w http.ResponseWriter, status int, page []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(page)
}

// A problem is the page that says why there is no other, with a way to go on where there
// is one besides the list.
type problem struct{ Title, Text, Way, Label string }

// problem shows an error.
func (h *handler) problem(w http.ResponseWriter, status int, err error) {
	h.show(w, status, "problem.html", problem{Title: http.StatusText(status), Text: report.Clean(err.Error())})
}

// refuse words an error of a run by what it is: a run that is not there, one that
// nobody waits for any more, and a journal that cannot be read.
func (h *handler) refuse(w http.ResponseWriter, id string, err error) {
	switch {
	case errors.Is(err, errNoRun):
		h.problem(w, http.StatusNotFound, err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		h.problem(w, http.StatusUnprocessableEntity, fmt.Errorf("run %s cannot be shown: %w", id, err))
	}
}
