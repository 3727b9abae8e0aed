package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/spf13/cobra"
)

// childFlag makes the program the embedded upstream of a run: it reads the
// profile from its standard input and ends with it.
const childFlag = "child"

// newUpstream serves a profile on its own.
func newUpstream(s *streams) *cobra.Command {
	var profile string
	var scale float64
	var child, evil bool
	var how serving
	cmd := &cobra.Command{
		Use:   "upstream",
		Short: "Serve the embedded upstream on its own and print its URLs",
		Long: "Serve an upstream of known behaviour on loopback, print its URLs one a line and\n" +
			"answer until interrupted. Profiles:\n\n" + profiles() +
			"\nEach also serves pages to try a program on, as slow as its URLs:\n\n  " +
			strings.Join(upstream.Pages(), "\n  ") + "\n",
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if child {
				// A signal for the whole process group is the parent's, which asks for
				// the counts before it lets this process end.
				signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
				return upstream.RunChild(cmd.Context(), s.in, s.out)
			}
			if how.life < 0 {
				return fmt.Errorf("--for must not be negative, got %v", how.life)
			}
			if evil {
				return how.hostile(cmd, s)
			}
			p, err := upstream.Lookup(profile)
			if err != nil {
				return meant(err, profile, profileNames())
			}
			if how.ca != "" && !how.options.Secure {
				return errors.New("--ca needs --tls: without it there is no certificate")
			}
			p.Scale = scale
			return how.serve(cmd.Context(), s, p)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&profile, "profile", "article", "`name` of how the upstream behaves")
	flags.StringVar(&how.listen, "listen", "127.0.0.1:0", "`address`, on loopback")
	flags.Float64Var(&scale, "scale", 1, "multiply every latency")
	flags.BoolVar(&how.options.Secure, "tls", false, "serve https too, HTTP/3 included, at a second port")
	flags.StringVar(&how.ca, "ca", "", "write the certificate of the authority to this `file`")
	flags.DurationVar(&how.life, "for", 0, "end after this time (0: when interrupted)")
	flags.BoolVar(&evil, hostileFlag, false, "serve all that a server should not do instead, for ten minutes unless --for says otherwise")
	flags.BoolVar(&child, childFlag, false, "serve the run that started this process")
	_ = flags.MarkHidden(childFlag) // the flag exists: it was just defined
	_ = cmd.RegisterFlagCompletionFunc("profile", completeProfiles)
	return cmd
}

// serving says how an upstream is served on its own.
type serving struct {
	listen, ca string
	options    upstream.Options
	life       time.Duration
}

// serve runs the upstream until a signal or the end of its life. The certificate is
// written before the addresses, so that who reads one of those can use it.
func (how serving) serve(parent context.Context, s *streams, p upstream.Profile) error {
	ctx, stop := untilSignal(parent)
	defer stop()
	if how.life > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, how.life)
		defer cancel()
	}
	server, err := upstream.Serve(how.listen, p, how.options)
	if err != nil {
		return err
	}
	if err := how.writeCA(server.CA()); err != nil {
		return errors.Join(err, server.Close())
	}
	s.note("embedded upstream, profile %s: %d URLs; what it saw: %s/counts", p.Name, p.URLs, server.Control())
	s.note("as slow are the pages for programs at %s: %s", server.Addr(), list(upstream.Pages()))
	for _, url := range slices.Concat(server.URLs(), server.SecureURLs()) {
		if err := s.result("%s\n", url); err != nil {
			return errors.Join(err, server.Close())
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

// writeCA writes the certificate of the authority, if that was asked for.
func (how serving) writeCA(text []byte) error {
	if how.ca == "" {
		return nil
	}
	if err := os.WriteFile(how.ca, text, 0o644); err != nil {
		err = fmt.Errorf("cannot write %s: %w", how.ca, cause(err))
		return &failure{code: exitUsage, err: err, hint: "choose a file in a folder that exists and can be written"}
	}
	return nil
}

// childCommand starts this program as the upstream of a run.
func childCommand() ([]string, error) {
	self, err := os.Executable()
	return []string{self, "upstream", "--" + childFlag}, err
}

// profiles lists the profiles with what they do, within the width of a help page.
func profiles() string {
	var b strings.Builder
	for _, name := range profileNames() {
		line := fmt.Sprintf("  %-12s", name)
		for word := range strings.FieldsSeq(upstream.Describe(name)) {
			if len(line)+1+len(word) > plainWidth {
				b.WriteString(line + "\n")
				line = fmt.Sprintf("  %-12s", "")
			}
			line += " " + word
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// profileNames lists the names of the profiles.
func profileNames() []string {
	var names []string
	for _, p := range upstream.Profiles() {
		names = append(names, p.Name)
	}
	return names
}

// completeProfiles completes the name of a profile.
func completeProfiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return profileNames(), cobra.ShellCompDirectiveNoFileComp
}
