package main

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// version is the release; a build from a checkout adds the commit.
const version = "0.1.0"

// userAgent is how upstreams know the program.
const userAgent = "fetchbench/" + version + " (+https://github.com/fetchbench/fetchbench)"

// newRoot builds the command line.
func newRoot(s *streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "fetchbench",
		Short: "What does concurrency buy, with which strategy, and how sure is that?",
		Long: `fetchbench fetches the same batch of URLs with several strategies, interleaved
round by round, counts every request and reports average and median times with
intervals, the speed-up, how many requests were really in flight and how far
each strategy is from the best possible.`,
		Example: `  fetchbench run                                   the table of the article
  fetchbench run --urls upstreams.txt -s sequential,pool:4,goroutines -r 12
  fetchbench run --profile capacity -s sequential,pool:8,pool:32`,
		Version:       fullVersion(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noSuchCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetFlagErrorFunc(flagError)
	root.PersistentFlags().BoolVarP(&s.quiet, "quiet", "q", false, "print nothing on stderr but errors")
	root.AddCommand(newRun(s), newSweep(s), newAB(s), newReport(s), newList(s), newShow(s), newCompare(s), newRemove(s), newResume(s), newAnalyse(s),
		newPredict(s), newSelftest(s), newDoctor(s), newServe(s), newStrategies(s), newUpstream(s), newVersion(s), newExitCodes())
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), "Flags.FlagUsages", fmt.Sprintf("Flags.FlagUsagesWrapped %d", plainWidth)))
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	strict(root)
	return root
}

// strict makes the commands that cobra brings refuse what they do not know: left
// alone they answer it with a page of help and exit code 0.
func strict(root *cobra.Command) {
	for _, c := range root.Commands() {
		switch c.Name() {
		case "completion":
			c.Args = noSuchCommand
			c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		case "help":
			c.Args = func(_ *cobra.Command, args []string) error {
				found, rest, err := root.Find(args)
				if err != nil || len(rest) == 0 {
					return err
				}
				return noSuchCommand(found, rest)
			}
		}
	}
}

// noSuchCommand refuses what is no command, with a guess.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	f := usage(fmt.Errorf("unknown command %q", args[0]))
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	f.hint = fmt.Sprintf("see %s --help", cmd.CommandPath())
	if meant := bench.Closest(args[0], names); meant != "" {
		f.hint = fmt.Sprintf("did you mean %q?", meant)
	}
	return f
}

// flagError words what is wrong with a flag, with a guess at a misspelt one.
func flagError(cmd *cobra.Command, err error) error {
	f := usage(plainly(err))
	f.hint = fmt.Sprintf("see %s --help", cmd.CommandPath())
	var missing *pflag.NotExistError
	if errors.As(err, &missing) {
		if way := elsewhere(missing.GetSpecifiedName()); way != "" {
			f.hint = way
			return f
		}
		var names []string
		cmd.Flags().VisitAll(func(flag *pflag.Flag) { names = append(names, flag.Name) })
		if meant := bench.Closest(missing.GetSpecifiedName(), names); meant != "" {
			f.hint = fmt.Sprintf("did you mean --%s?", meant)
		}
	}
	return f
}

// elsewhere is how to have here what a flag of other tools does, empty where it is
// not one that people try.
func elsewhere(flag string) string {
	switch flag {
	case "k", "insecure":
		return "certificates are always checked; --ca FILE trusts an authority of yours"
	case "c", "concurrency", "parallel", "workers":
		return "how many are in flight is a contender's: -s pool:8"
	case "X", "method", "d", "data":
		return "methods and bodies are said in a plan file: urls: [{url: ..., method: POST, body: ...}]"
	case "trials", "iterations", "runs":
		return "did you mean --rounds?"
	}
	return ""
}

// plainly leaves out of an error about the value of a flag in which function of Go
// it arose.
func plainly(err error) error {
	if text, _, found := strings.Cut(err.Error(), ": strconv.Parse"); found {
		return errors.New(text)
	}
	return err
}

// exactly refuses a wrong number of arguments in our own words.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == n {
			return nil
		}
		got := "none"
		if len(args) > 0 {
			got = fmt.Sprintf("%q", args)
		}
		f := usage(fmt.Errorf("%s takes %s, got %s", cmd.CommandPath(), what, got))
		f.hint = fmt.Sprintf("see %s --help", cmd.CommandPath())
		return f
	}
}

// newVersion prints the version and the commit it was built from.
func newVersion(s *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  exactly(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			return s.result("%s\n", fullVersion())
		},
	}
}

// fullVersion is the name and version of the program, with the commit where the
// build knows it.
func fullVersion() string {
	text := "fetchbench " + version
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return text
	}
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	if revision := settings["vcs.revision"]; len(revision) >= 12 {
		text += " (" + revision[:12]
		if settings["vcs.modified"] == "true" {
			text += ", modified"
		}
		text += ")"
	}
	return text
}
