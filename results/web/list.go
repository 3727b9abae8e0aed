package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/fetchbench/fetchbench/results/history"
	"github.com/fetchbench/fetchbench/results/report"
)

// What is shown of a folder at once, and of what is looked for.
const (
	perPage   = 100
	mostQuery = 200
	mostShown = 6 // contenders of a run
)

// A listing is the page with the runs.
type listing struct {
	Query       string
	Found, All  int
	First, Last int
	// Older and Newer are addresses, empty where there is nothing that way.
	Older, Newer string
	Runs         []listed
}

// A listed run is one row, in words. ID is empty where there is nothing to link to.
type listed struct {
	Name, ID, Started, Target, Contenders, Rounds string
	Saved                                         []string
	State                                         history.State
	// Standing is the state with what failed.
	Standing string
	// Note says why the run is not complete, or its journal cannot be read.
	Note string
}

// Running tells whether there is something to watch.
func (l listed) Running() bool { return l.State == history.Running }

// list shows the runs that have all words of the query, a hundred at a time. The
// query is part of the address, so that the list works without a script, can be
// bookmarked, and the way back leads back to it.
func (h *handler) list(w http.ResponseWriter, r *http.Request) {
	all, err := h.lists.get(r.Context(), "", func(context.Context) ([]history.Entry, error) { return history.List(string(h.folder)) })
	if err != nil {
		h.problem(w, http.StatusInternalServerError, fmt.Errorf("the runs cannot be listed: %w", err))
		return
	}
	form := r.URL.Query()
	query := strings.ToValidUTF8(form.Get("q"), "")
	if runes := []rune(query); len(runes) > mostQuery {
		query = string(runes[:mostQuery])
	}
	found := matching(all, strings.Fields(query))
	page, _ := strconv.Atoi(form.Get("page")) // what is no number is the first page
	page = max(1, min(page, (len(found)+perPage-1)/perPage))
	first := min((page-1)*perPage, len(found))
	last := min(first+perPage, len(found))
	l := listing{Query: query, Found: len(found), All: len(all), First: first + 1, Last: last}
	if page > 1 {
		l.Newer = address(query, page-1)
	}
	if last < len(found) {
		l.Older = address(query, page+1)
	}
	for i := range found[first:last] {
		l.Runs = append(l.Runs, inWords(&found[first+i]))
	}
	h.show(w, http.StatusOK, "list.html", l)
}

// matching keeps the runs that have every word, as fetchbench list does.
func matching(all []history.Entry, words []string) (found []history.Entry) {
	for i := range all {
		e := &all[i]
		missing := func(word string) bool { return !e.Matches(word) }
		if !slices.ContainsFunc(words, missing) {
			found = append(found, *e)
		}
	}
	return found
}

// address is that of a page of the list.
func address(query string, page int) string {
	form := url.Values{}
	if query != "" {
		form.Set("q", query)
	}
	if page > 1 {
		form.Set("page", strconv.Itoa(page))
	}
	return "/?" + form.Encode()
}

// inWords is the row of a run. Its id is the name of a file, which anything can be:
// only what can be asked for is linked to.
func inWords(e *history.Entry) listed {
	l := listed{Name: report.Clean(e.ID), State: e.State, Standing: e.Standing()}
	if when := e.When(); !when.IsZero() {
		l.Started = when.Local().Format("2006-01-02 15:04")
	}
	for _, name := range e.Names {
		l.Saved = append(l.Saved, report.Clean(name))
	}
	if e.State == history.Unreadable {
		l.Note = report.Clean(e.Problem)
		return l
	}
	if isID(e.ID) {
		l.ID = e.ID
	}
	l.Note = report.Clean(e.Reason)
	l.Target = fmt.Sprintf("%d × %s", e.Target.Requests, report.Clean(e.Target.String()))
	l.Contenders = few(e.Contenders)
	if e.Sweep {
		l.Contenders = "sweep of " + l.Contenders
	}
	if e.Done >= 0 {
		l.Rounds = fmt.Sprintf("%d of %d", e.Done, e.Planned)
	}
	return l
}

// few names the first contenders and counts the rest.
func few(names []string) string {
	var shown []string
	for _, name := range names[:min(mostShown, len(names))] {
		shown = append(shown, report.Name(name))
	}
	text := strings.Join(shown, ", ")
	if more := len(names) - len(shown); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
