package hostile

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
)

// headerTime is how long a client may take to send its headers.
const headerTime = 10 * time.Second

// site is a server of net/http that can be stopped.
type site struct {
	host *upstream.Host
	addr net.Addr
}

// stop ends the site.
func (s site) stop() error { return s.host.Stop() }

// startSite serves the handler at the address, over TLS if there is a configuration
// for that. Connections are counted for the listener.
func startSite(b *book, name, address string, handler http.Handler, secure *tls.Config) (site, error) {
	l, err := upstream.Listen(address)
	if err != nil {
		return site{}, err
	}
	server := &http.Server{
		Handler:           handler,
		TLSConfig:         secure,
		ReadHeaderTimeout: headerTime,
		// A client that does not take what it is sent is bounded by the write of it.
		ReadTimeout:  mostTime,
		WriteTimeout: mostTime + headerTime,
		IdleTimeout:  defaultLife,
		ErrorLog:     log.New(io.Discard, "", 0),
		ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, b.connected(name))
		},
	}
	if secure != nil && secure.MaxVersion != 0 {
		// HTTP/2 is for TLS 1.2 and later (RFC 9113, 9.2).
		server.Protocols = new(http.Protocols)
		server.Protocols.SetHTTP1(true)
	}
	return site{upstream.StartHost(l, server), l.Addr()}, nil
}

// startControl serves the counts beside all that is counted.
func startControl(b *book, reset func()) (site, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_stats", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		// An error here is a client that left; it sees a truncated answer.
		_ = json.NewEncoder(w).Encode(b.snapshot())
	})
	mux.HandleFunc("POST /_reset", func(w http.ResponseWriter, _ *http.Request) {
		reset()
		w.WriteHeader(http.StatusNoContent)
	})
	return startSite(&book{}, "control", "", mux, nil)
}
