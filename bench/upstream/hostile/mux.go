package hostile

import (
	"context"
	"net/http"
	"strings"

	"github.com/fetchbench/fetchbench/bench/upstream"
)

// endpoint is a row of a table: a path and what happens there. A path that ends in a
// slash stands for all below it.
type endpoint struct {
	path  string
	serve func(v *visit)
}

// endpoints puts the groups together.
func endpoints() map[string]func(v *visit) {
	all := map[string]func(v *visit){}
	for _, group := range [][]endpoint{
		shaped(), slow(), sized(), broken(), faults(), connections(), redirects(), malformed(), evil(),
	} {
		for _, row := range group {
			all[row.path] = row.serve
		}
	}
	return all
}

// mux serves the endpoints. It is not http.ServeMux, which cleans paths and
// redirects to the clean ones: hostile paths must arrive as they were sent.
type mux struct {
	server    *Server
	endpoints map[string]func(v *visit)
}

// ServeHTTP implements http.Handler. The request is counted before anything else is
// done, and ended in every way out.
func (m mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn := connectionOf(r)
	ctx, cancel := context.WithTimeout(r.Context(), mostTime)
	defer cancel()
	begun, drawn := m.server.arrived(conn, r)
	v := &visit{
		server: m.server, w: w, r: r, ctx: ctx, query: r.URL.Query(), id: drawn, entry: begun,
	}
	defer v.end()
	m.find(r.URL.Path)(v)
}

// arrived counts a request that comes over a connection and returns for what id it is
// drawn.
func (s *Server) arrived(conn *connection, r *http.Request) (entry, string) {
	counted, drawn := identify(r.Header.Get(upstream.IDHeader), r.URL.Query().Get("id"), r.URL.RequestURI())
	s.book.suspect(conn.listener, r.URL.Path, r.Header)
	return s.book.begin(conn, r.URL.Path, counted), drawn
}

// connectionOf is the connection that brought a request.
func connectionOf(r *http.Request) *connection {
	conn, ok := r.Context().Value(connKey{}).(*connection)
	if !ok {
		panic("hostile: a request without a connection")
	}
	return conn
}

// find returns what happens at a path.
func (m mux) find(path string) func(v *visit) {
	if serve, ok := m.endpoints[path]; ok {
		return serve
	}
	for prefix, serve := range m.endpoints {
		if strings.HasSuffix(prefix, "/") && strings.HasPrefix(path, prefix) {
			return serve
		}
	}
	return func(v *visit) { v.text(http.StatusNotFound, "no such path\n") }
}
