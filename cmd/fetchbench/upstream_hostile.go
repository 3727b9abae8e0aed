package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/fetchbench/fetchbench/bench/upstream/hostile"
	"github.com/spf13/cobra"
)

// hostileFlag asks for the hostile upstream instead of a profile.
const hostileFlag = "hostile"

// address is a listener of the hostile upstream as it is printed: a URL, or where
// there is none the address alone, and where the counts are.
type address struct {
	Name    string `json:"name"`
	URL     string `json:"url,omitempty"`
	Addr    string `json:"addr,omitempty"`
	Control string `json:"control"`
}

// hostile serves the hostile upstream until a signal or the end of its life. What
// says how a profile is served says nothing about it, and is refused.
func (how serving) hostile(cmd *cobra.Command, s *streams) error {
	for _, name := range []string{"profile", "listen", "scale", "tls"} {
		if cmd.Flags().Changed(name) {
			return fmt.Errorf("--%s says nothing about --%s: use one of them", name, hostileFlag)
		}
	}
	ctx, stop := untilSignal(cmd.Context())
	defer stop()
	server, err := hostile.Start(hostile.Options{Life: how.life})
	if err != nil {
		return err
	}
	err = errors.Join(how.writeCA(server.CA()), printHostile(s, server))
	if err == nil {
		wait(ctx, server.Done())
	}
	if err := errors.Join(err, server.Close()); err != nil {
		return err
	}
	if signal, ok := asStopped(context.Cause(ctx)); ok {
		return &failure{code: signal.code()}
	}
	return nil
}

// wait returns when either is done.
func wait(ctx context.Context, done <-chan struct{}) {
	select {
	case <-ctx.Done():
	case <-done:
	}
}

// printHostile prints each listener as one line of JSON.
func printHostile(s *streams, server *hostile.Server) error {
	for _, name := range server.Listeners() {
		a := address{Name: name, URL: server.URL(name), Control: server.Control()}
		if a.URL == "" {
			a.Addr = server.Addr(name)
		}
		line, err := json.Marshal(a)
		if err != nil {
			return fmt.Errorf("print listener %s: %w", name, err)
		}
		if err := s.result("%s\n", line); err != nil {
			return err
		}
	}
	return nil
}
