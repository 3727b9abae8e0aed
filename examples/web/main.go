// Command web is a small web server of which every page calls other servers: comics,
// a list of URLs, greetings. Each page is there several times, with its calls made one
// after the other, all at once or by a pool, so that the forms can be compared.
//
//	fetchbench upstream --profile xkcd --listen 127.0.0.1:8081 &
//	FETCHBENCH_UPSTREAM=http://127.0.0.1:8081 go run ./examples/web
//	fetchbench run -s route:http://127.0.0.1:8080/comics/sync -s route:http://127.0.0.1:8080/comics/async
//
// The code of a form differs in one word, the strategy that is handed to
// [fetchers.Map]. It is an example: it measures nothing and keeps nothing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// leave is how long pages under way have to be finished once the server is to end.
const leave = 2 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stderr)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "web: error:", err)
		os.Exit(1)
	}
}

// run serves until the context ends. The address is said on stderr once it is open.
func run(ctx context.Context, args []string, getenv func(string) string, stderr io.Writer) error {
	o, err := parse(args, getenv, stderr)
	if err != nil {
		return err
	}
	s, err := newSite(o, log.New(stderr, "", log.LstdFlags))
	if err != nil {
		return err
	}
	defer s.client.Close()
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", o.listen)
	if err != nil {
		return fmt.Errorf("listen on %q: %w", o.listen, err)
	}
	s.log.Printf("http://%s/ fetches from %s", l.Addr(), s.base.Host)
	server := &http.Server{Handler: s.routes(), ReadHeaderTimeout: 5 * time.Second, ErrorLog: s.log}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), leave)
	defer cancel()
	if err := server.Shutdown(late); err != nil {
		err = server.Close()
		return errors.Join(err, ignoreClosed(<-ended))
	}
	return ignoreClosed(<-ended)
}

// ignoreClosed leaves out the error with which a server ends that was asked to.
func ignoreClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
