package hostile

import "net"

// listener is a row of the table: a name, the scheme of its URLs, and how it starts.
type listener struct {
	name, scheme string
	// start opens it and returns how it is stopped.
	start func(s *Server, row listener) (net.Addr, func() error, error)
	// address is where it listens; "" is 127.0.0.1.
	address string
	// optional ones may be missing where their address is.
	optional bool
}

// listeners is the table.
func listeners() []listener {
	var all []listener
	for _, group := range [][]listener{muxes(), bare(), secured(), streams(), proxies(), names()} {
		all = append(all, group...)
	}
	return all
}

// muxes serve the endpoints without TLS; those after the first are the other
// origins: of another host, of another port, and of another family.
func muxes() []listener {
	return []listener{
		{name: "http", scheme: "http", start: startMux},
		{name: "other", scheme: "http", start: startMux, address: "127.0.0.2:0", optional: true},
		{name: "port2", scheme: "http", start: startMux},
		{name: "v6", scheme: "http", start: startMux, address: "[::1]:0", optional: true},
	}
}

// startMux serves the endpoints.
func startMux(s *Server, row listener) (net.Addr, func() error, error) {
	site, err := startSite(&s.book, row.name, row.address, mux{s, endpoints()}, nil)
	if err != nil {
		return nil, nil, err
	}
	return site.addr, site.stop, nil
}
