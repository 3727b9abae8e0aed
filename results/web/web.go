// Package web shows the folder of runs in a browser of this computer: the list of
// runs, the report of one, two compared, and a run that is still under way.
//
// It only reads. There is no request that changes anything, none that starts a run
// and none that fetches an address: what a request says selects among the journals
// in one folder and is never used for anything else. It listens on the loopback
// addresses alone and answers to their names alone.
//
// It writes no file, keeps nothing but a few finished pages in memory, and knows no
// flags: those are the program's.
//
//	server, err := web.Listen(ctx, address, folder)
//	fmt.Println(server.URL())
//	err = server.Serve(ctx)
package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"

	"golang.org/x/net/netutil"
	"golang.org/x/sync/errgroup"
)

// limits are what one browser, or whoever else sits at this computer, can take of
// the server. A client that sends its request a byte a second is closed after read,
// one that does not take its answer after write.
type limits struct {
	read, write, idle time.Duration
	connections       int
	headers           int
	// look is how often a journal under way is looked at, streams how many readers
	// may watch at once.
	look    time.Duration
	streams int
}

// usual are the limits that hold outside of tests. A page of a million requests
// may take ten seconds to make, which count as writing.
func usual() limits {
	return limits{
		read: 5 * time.Second, write: time.Minute, idle: 30 * time.Second,
		connections: 128, headers: 1 << 20,
		look: 250 * time.Millisecond, streams: 32,
	}
}

// leave is how long answers under way have to be finished once Serve is to end.
const leave = 2 * time.Second

// A Server is the page at its address. Make one with Listen.
type Server struct {
	listeners []net.Listener
	host      string
	port      uint16
	folder    string
	limits    limits
}

// Listen takes the port, so that the URL is known and good before anything is
// served. The folder need not exist yet. Call Serve or Close, which give it back.
func Listen(ctx context.Context, a Address, folder string) (*Server, error) {
	both, err := a.listen(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(both, a.within) {
		return nil, errors.Join(fmt.Errorf("this computer has no %s", a.host), closeAll(both))
	}
	return &Server{listeners: both, host: a.host, port: portOf(both[0].Addr()), folder: folder, limits: usual()}, nil
}

// URL is where the page is.
func (s *Server) URL() string {
	return "http://" + net.JoinHostPort(s.host, strconv.Itoa(int(s.port))) + "/"
}

// Close gives back the port of a server that is not going to serve.
func (s *Server) Close() error { return closeAll(s.listeners) }

// Serve answers until the context ends, which is no error. Then it takes no more
// requests, ends the views of runs under way, gives other answers two seconds and
// closes every connection. Nothing is left of it when it returns.
func (s *Server) Serve(ctx context.Context) error {
	handler, err := newHandler(s.folder, s.limits)
	if err != nil {
		return errors.Join(err, closeAll(s.listeners))
	}
	inside, stop := context.WithCancel(ctx)
	defer stop()
	server := &http.Server{
		Handler:           guard(s.port, handler),
		ReadTimeout:       s.limits.read,
		ReadHeaderTimeout: s.limits.read,
		WriteTimeout:      s.limits.write,
		IdleTimeout:       s.limits.idle,
		MaxHeaderBytes:    s.limits.headers,
		// What net/http has to say of clients is about clients, and in their words.
		ErrorLog:    log.New(io.Discard, "", 0),
		BaseContext: func(net.Listener) context.Context { return inside },
	}
	var group errgroup.Group
	for _, l := range s.listeners {
		group.Go(func() error {
			defer stop() // one that fails ends both
			return server.Serve(netutil.LimitListener(l, s.limits.connections))
		})
	}
	<-inside.Done()
	err = shut(server)
	if served := group.Wait(); !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// shut ends the server: what is under way may finish, for a while.
func shut(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), leave)
	defer cancel()
	if err := server.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return server.Close()
}
