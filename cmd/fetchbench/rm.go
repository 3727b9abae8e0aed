package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/history"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/cobra"
)

// newRemove removes runs.
func newRemove(s *streams) *cobra.Command {
	var given string
	var dry bool
	cmd := &cobra.Command{
		Use:   "rm RUN...",
		Short: "Remove runs and the names that they were saved under",
		Long: `Remove the journals of runs for good, and the names that they were saved
under. RUN is an id, a beginning or the last part of it, or a name. All are
looked up before the first is removed: a word that stands for no run or for
several, or for a run that is still under way, removes nothing.`,
		Args: someRuns(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir, err := runsDir(given)
			if err != nil {
				return err
			}
			return remove(s, dir, args, dry)
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would be removed, and remove nothing")
	cmd.Flags().StringVar(&given, "out", "", "`folder` of the journals (default in your state folder)")
	cmd.ValidArgsFunction = completeRuns(&given, cobra.ShellCompDirectiveNoFileComp)
	return cmd
}

// remove removes the runs that the words stand for, and says which those were.
func remove(s *streams, dir string, words []string, dry bool) error {
	var ids []string
	for _, word := range words {
		id, err := history.Lookup(dir, word)
		if err != nil {
			return noneToRemove(dir, word, err)
		}
		if err := wholly(dir, word, id); err != nil {
			return err
		}
		if _, err := history.Remove(dir, id, true); err != nil {
			return notRemoved(id, err)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	did := "removed"
	if dry {
		did = "would remove"
	}
	for _, id := range ids {
		names, err := history.Remove(dir, id, dry)
		if err != nil {
			return notRemoved(id, err)
		}
		text := fmt.Sprintf("%s run %s", did, report.Clean(id))
		if len(names) > 0 {
			text += ", saved as " + list(names)
		}
		if err := s.result("%s\n", text); err != nil {
			return err
		}
	}
	return nil
}

// wholly refuses a word that is only a beginning: it may stand for another run tomorrow,
// and a letter is typed easily.
func wholly(dir, word, id string) error {
	names, err := history.Names(dir, id)
	if err != nil || word == id || strings.HasSuffix(id, "-"+word) || slices.Contains(names, word) {
		return err
	}
	last := id[strings.LastIndexByte(id, '-')+1:]
	return &failure{code: exitUsage, err: fmt.Errorf("%q is only a part of run %s", word, report.Clean(id)), hint: "to remove it: fetchbench rm " + report.Clean(last)}
}

// noneToRemove is the failure of a word that stands for no run: a path is none here.
func noneToRemove(dir, word string, err error) error {
	if info, stat := os.Stat(word); errors.Is(err, history.ErrNone) && stat == nil && !info.IsDir() {
		return &failure{code: exitUsage, err: err, hint: "rm takes ids and names, of runs in its folder only; a file elsewhere is yours to remove"}
	}
	return notFound(dir, word, err)
}

// notRemoved is the failure of a run that stays.
func notRemoved(id string, err error) *failure {
	if errors.Is(err, results.ErrBusy) {
		return &failure{code: exitUsage, err: fmt.Errorf("run %s is still under way", id), hint: "wait for its end, or stop it first"}
	}
	return usage(fmt.Errorf("cannot remove run %s: %w", id, cause(err)))
}

// someRuns refuses fewer runs than that.
func someRuns(least int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) >= least {
			return nil
		}
		f := usage(fmt.Errorf("%s takes %s at least, got %d", cmd.CommandPath(), counted(least, "RUN"), len(args)))
		f.hint = fmt.Sprintf("see %s --help; fetchbench list shows the runs", cmd.CommandPath())
		return f
	}
}

// completeRuns completes the names and ids of runs in a folder, whose flag is read when
// it is time.
func completeRuns(given *string, directive cobra.ShellCompDirective) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		dir, err := runsDir(*given)
		if err != nil {
			return nil, directive
		}
		words, err := runWords(dir, typed)
		if err != nil {
			return nil, directive
		}
		for i := range words {
			words[i] = report.Clean(words[i])
		}
		return words, directive
	}
}

// buffer collects what is written in many small pieces.
func buffer(w io.Writer) *bufio.Writer { return bufio.NewWriterSize(w, 64<<10) }

// unwritten is the failure of a result that could not be written; nil stays nil.
func unwritten(err error) error {
	if err == nil {
		return nil
	}
	return &failure{code: exitUnwritten, err: fmt.Errorf("writing stdout: %w", cause(err))}
}
