package hostile

import (
	"net"
	"net/http"
)

// mostLines is how many lines the proxy keeps, and mostLine how much of each.
const (
	mostLines = 10_000
	mostLine  = 1000
)

// proxies are the listeners that take requests for others.
func proxies() []listener {
	return []listener{{name: "proxy", scheme: "http", start: startProxy}}
}

// startProxy records what it is asked for and answers it itself: it dials nobody.
func startProxy(s *Server, row listener) (net.Addr, func() error, error) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		line := r.Method + " " + r.RequestURI + " " + r.Proto
		s.book.note(func(seen *Stats) {
			if len(seen.Proxied) < mostLines {
				seen.Proxied = append(seen.Proxied, line[:min(len(line), mostLine)])
			}
		})
		s.book.suspect(row.name, r.URL.Path, r.Header)
		if r.Method == http.MethodConnect {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = w.Write([]byte("proxied\n")) // a client that left is told nothing
	})
	site, err := startSite(&s.book, row.name, row.address, handler, nil)
	if err != nil {
		return nil, nil, err
	}
	return site.addr, site.stop, nil
}
