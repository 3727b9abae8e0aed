package web

import (
	"html/template"
	"net/http"

	"github.com/fetchbench/fetchbench/results"
)

// watched is the page of a run under way.
type watched struct {
	ID, Status string
	Rows       []GlanceRow
	Ended      bool
	Script     template.JS
}

// live shows a run as it is now. A small script of ours keeps the page up to date;
// without it the page is right when it was loaded, and can be loaded again.
func (h *handler) live(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	file, err := h.folder.open(id)
	if err != nil {
		h.refuse(w, id, err)
		return
	}
	defer func() { _ = file.Close() }() // it was only read
	follower := results.Follow(file)
	if _, err := follower.More(r.Context()); err != nil {
		h.refuse(w, id, err)
		return
	}
	g := glance(follower, results.UnderWay(file))
	w.Header().Set("Content-Security-Policy", h.policy)
	h.show(w, http.StatusOK, "live.html", watched{ID: id, Status: g.Status, Rows: g.Rows, Ended: g.Ended, Script: h.script})
}
