package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/spf13/cobra"
)

// childFlag makes the program the embedded upstream of a run: it reads the
// profile from its standard input and ends with it.
const childFlag = "child"

// newUpstream serves a profile on its own.
func newUpstream(s *streams) *cobra.Command {
	var profile, listen string
	var scale float64
	var life time.Duration
	var child bool
	cmd := &cobra.Command{
		Use:   "upstream",
		Short: "Serve the embedded upstream on its own and print its URLs",
		Long: "Serve an upstream of known behaviour on loopback, print its URLs one a line and\n" +
			"answer until interrupted. Profiles:\n\n" + profiles(),
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if child {
				return upstream.RunChild(cmd.Context(), s.in, s.out)
			}
			p, err := upstream.Lookup(profile)
			if err != nil {
				return err
			}
			p.Scale = scale
			return serve(cmd.Context(), s, listen, p, life)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&profile, "profile", "article", "how the upstream behaves")
	flags.StringVar(&listen, "listen", "127.0.0.1:0", "address, on loopback")
	flags.Float64Var(&scale, "scale", 1, "multiply every latency")
	flags.DurationVar(&life, "for", 0, "end after this time (0: when interrupted)")
	flags.BoolVar(&child, childFlag, false, "serve the run that started this process")
	_ = flags.MarkHidden(childFlag) // the flag exists: it was just defined
	_ = cmd.RegisterFlagCompletionFunc("profile", completeProfiles)
	return cmd
}

// serve runs the upstream until a signal or the end of its life.
func serve(parent context.Context, s *streams, listen string, p upstream.Profile, life time.Duration) error {
	ctx, stop := untilSignal(parent)
	defer stop()
	if life > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, life)
		defer cancel()
	}
	server, err := upstream.Serve(listen, p)
	if err != nil {
		return err
	}
	s.note("embedded upstream, profile %s: %d URLs; what it saw: %s/counts", p.Name, p.URLs, server.Control())
	for _, url := range server.URLs() {
		if _, err := fmt.Fprintln(s.out, url); err != nil {
			return &failure{code: exitUnwritten, err: err}
		}
	}
	<-ctx.Done()
	if err := server.Close(); err != nil {
		return &failure{code: exitIncomplete, err: err}
	}
	if signal, ok := asStopped(context.Cause(ctx)); ok {
		return &failure{code: signal.code()}
	}
	return nil
}

// childCommand starts this program as the upstream of a run.
func childCommand() ([]string, error) {
	self, err := os.Executable()
	return []string{self, "upstream", "--" + childFlag}, err
}

// profiles lists the profiles with what they do.
func profiles() string {
	var b strings.Builder
	for _, p := range upstream.Profiles() {
		fmt.Fprintf(&b, "  %-12s %s\n", p.Name, upstream.Describe(p.Name))
	}
	return b.String()
}

// completeProfiles completes the name of a profile.
func completeProfiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, p := range upstream.Profiles() {
		names = append(names, p.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
