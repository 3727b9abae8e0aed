package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"github.com/fetchbench/fetchbench/results/web"
	"github.com/spf13/cobra"
)

// newServe shows the folder of runs in a browser of this computer.
func newServe(s *streams) *cobra.Command {
	var addr, dir string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Show the runs in a browser of this computer",
		Long: `Serve a page of the folder of runs and print its URL: the list, the report of a
run, two runs compared, and a run that is still under way, live. The page can be
read and nothing else: it starts no run, fetches no address and changes no file.

It is there for this computer only, at 127.0.0.1 and ::1, and answers until it
is interrupted. From another computer reach it through ssh -L.`,
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			address, err := web.ParseAddress(addr)
			if err != nil {
				f := usage(err)
				f.hint = "use --addr 127.0.0.1:PORT; from another computer: ssh -L PORT:127.0.0.1:PORT"
				return f
			}
			runs, err := runsDir(dir)
			if err != nil {
				return err
			}
			if missing(dir) {
				return &failure{code: exitUsage, err: fmt.Errorf("there is no folder %s", dir), hint: "give the folder of the journals, or leave --out away"}
			}
			return serveRuns(cmd.Context(), s, address, runs)
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:0", "`address` of this computer, or a port of it (0: any that is free)")
	cmd.Flags().StringVar(&dir, "out", "", "`folder` of the journals (default in your state folder)")
	return cmd
}

// missing tells whether a folder was typed that is not there. The usual one comes with
// the first run.
func missing(typed string) bool {
	_, err := os.Stat(typed)
	return typed != "" && errors.Is(err, fs.ErrNotExist)
}

// serveRuns serves until a signal, whose exit code it then has. The URL is printed
// once it is good, so that whoever reads it can open it.
func serveRuns(parent context.Context, s *streams, address web.Address, runs string) error {
	ctx, stop := untilSignal(parent)
	defer stop()
	server, err := web.Listen(ctx, address, runs)
	if err != nil {
		return taken(err)
	}
	if err := s.result("%s\n", server.URL()); err != nil {
		return errors.Join(err, server.Close())
	}
	s.note("fetchbench: showing %s; Ctrl-C ends it", runs)
	if err := server.Serve(ctx); err != nil {
		return &failure{code: exitIncomplete, err: fmt.Errorf("serving %s: %w", runs, err)}
	}
	if signal, ok := asStopped(context.Cause(ctx)); ok {
		return &failure{code: signal.code()}
	}
	return nil
}

// taken words why the page could not listen.
func taken(err error) *failure {
	f := usage(fmt.Errorf("cannot serve: %w", err))
	if errors.Is(err, syscall.EADDRINUSE) {
		f.hint = "something else has this port; leave --addr away for one that is free"
	}
	return f
}
