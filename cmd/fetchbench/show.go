package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/history"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/cobra"
)

// newShow shows what a run was.
func newShow(s *streams) *cobra.Command {
	var out outputFlags
	var dir string
	var f failedList
	cmd := &cobra.Command{
		Use:   "show RUN",
		Short: "Show what a run was, or each request that failed in it",
		Long: `Show what a run was: what was fetched, where and how, its table, and where its
journal is. With --failed show each request that failed in a measured trial
instead. The exit code is 0 whatever the run says: fetchbench report judges.`,
		Args: exactly(1, "one RUN"),
		RunE: func(_ *cobra.Command, args []string) error {
			runs, err := runsDir(dir)
			if err != nil {
				return err
			}
			path, err := findRun(runs, args[0])
			if err != nil {
				return err
			}
			run, err := openRun(runs, path)
			if err != nil {
				return err
			}
			if f.wanted {
				return f.show(s, run, path)
			}
			return showRun(s, run, runs, path, &out)
		},
	}
	out.defineStyle(cmd)
	cmd.Flags().BoolVar(&f.wanted, "failed", false, "show each failed request: the first 50")
	cmd.Flags().BoolVar(&f.all, "all", false, "with --failed: show all of them")
	cmd.Flags().StringVar(&dir, "out", "", "`folder` of the journals (default in your state folder)")
	cmd.ValidArgsFunction = completeRuns(&dir, cobra.ShellCompDirectiveDefault)
	return cmd
}

// showRun prints what a run was, and its table.
func showRun(s *streams, run *results.Run, dir, path string, out *outputFlags) error {
	if err := knownStyle(out.style); err != nil {
		return err
	}
	var b strings.Builder
	for _, part := range facts(run, dir, path) {
		if part.text == "" {
			continue
		}
		fmt.Fprintln(&b, wrapped(fmt.Sprintf("%-11s %s", part.name, broken(part.text)), plainWidth))
	}
	b.WriteString("\n")
	o := s.options(out)
	o.Warnings = true
	if err := report.Text(&b, results.Judge(run), o); err != nil {
		return err
	}
	return s.result("%s", b.String())
}

// A fact is one line about a run.
type fact struct{ name, text string }

// facts are what is known of a run before its table. What is unknown is left out.
func facts(run *results.Run, dir, path string) []fact {
	e := run.Environment
	return []fact{
		{"run", strings.Join(append([]string{run.ID}, savedAs(dir, path)...), ", ")},
		{"journal", path + weight(path)},
		{"started", day(run.Started)},
		{"fetched", fetched(run.Header)},
		{"contenders", names(run.Contenders)},
		{"commands", started(run.Contenders)},
		{"baseline", run.Design.Baseline},
		{"rounds", fmt.Sprintf("%d, and %d to warm up; %s order, seed %d", run.Design.Rounds, run.Design.Warmup, run.Design.Order, run.Design.Seed)},
		{"connections", fmt.Sprintf("%s; timeout %v, pause %v", run.Design.Connections, time.Duration(run.Design.TimeoutNS), time.Duration(run.Design.PauseNS))},
		{"machine", joined(e.OS, e.Kernel, e.CPU, counted(e.CPUs, "processor"), fmt.Sprintf("GOMAXPROCS %d", e.MaxProcs), e.Container)},
		{"bounds", bounds(e)},
		{"program", joined(e.Tool, e.Go, "GOGC "+e.GOGC)},
		{"plan", plan(run)},
	}
}

// names lists contenders.
func names(columns []results.Column) string {
	var list []string
	for _, c := range columns {
		list = append(list, c.Name)
	}
	return clip(strings.Join(list, ", "))
}

// started lists what the contenders are that are programs.
func started(columns []results.Column) string {
	var list []string
	for _, c := range columns {
		if line := c.Process.Line(); line != "" {
			list = append(list, c.Name+" is "+report.Command(c.Process))
		}
	}
	return strings.Join(list, "; ")
}

// savedAs says under which names the run is saved.
func savedAs(dir, path string) []string {
	id, isJournal := strings.CutSuffix(filepath.Base(path), history.Suffix)
	if !isJournal || filepath.Dir(path) != filepath.Clean(dir) {
		return nil
	}
	names, err := history.Names(dir, id)
	if err != nil || len(names) == 0 {
		return nil
	}
	return []string{"saved as " + list(names)}
}

// weight is how large a file is.
func weight(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprintf(", %d bytes", info.Size())
}

// fetched is what was fetched: where from, how much, and the first addresses.
func fetched(h results.Header) string {
	const shown = 3
	text := fmt.Sprintf("%s; %s a trial", where(h), trialSize(h.Target))
	if h.Target.Embedded != "" {
		return text
	}
	list := addresses(h)
	for _, address := range list[:min(shown, len(list))] {
		text += "; " + clip(address)
	}
	if more := len(list) - shown; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}

// bounds are what the process was held to, as far as the journal tells.
func bounds(e results.Environment) string {
	var parts []string
	add := func(known bool, format string, value any) {
		if known {
			parts = append(parts, fmt.Sprintf(format, value))
		}
	}
	add(e.FDLimit > 0, "%d open files", e.FDLimit)
	add(e.Ports > 0, "%d local ports", e.Ports)
	add(e.CPULimit > 0, "%v processors", e.CPULimit)
	add(e.MemoryLimit > 0, "%d bytes of memory", e.MemoryLimit)
	add(e.Governor != "", "governor %s", e.Governor)
	return strings.Join(parts, ", ")
}

// plan is the plan as it was written into the journal, shortened, with its hash.
func plan(run *results.Run) string {
	var text bytes.Buffer
	if json.Compact(&text, run.Plan) != nil {
		return run.Environment.PlanHash
	}
	return joined(run.Environment.PlanHash, clip(strings.ReplaceAll(text.String(), `,"`, `, "`)))
}

// broken is a text made fit to be shown, with a space in words that no line has room for.
func broken(text string) string {
	text = report.Clean(text) // which may make it longer
	const longest = plainWidth - 6
	words := strings.Split(text, " ")
	for i, word := range words {
		var parts []string
		for runes := []rune(word); ; runes = runes[longest:] {
			if len(runes) <= longest {
				words[i] = strings.Join(append(parts, string(runes)), " ")
				break
			}
			parts = append(parts, string(runes[:longest]))
		}
	}
	return strings.Join(words, " ")
}

// joined joins the texts that are there.
func joined(texts ...string) string {
	var there []string
	for _, text := range texts {
		if text != "" {
			there = append(there, text)
		}
	}
	return strings.Join(there, ", ")
}

// seeAlso adds to what is wrong with a run where its failed requests are listed; name
// is how it is called. Nil stays nil.
func (f *failure) seeAlso(j *results.Judgement, name string) *failure {
	if f == nil || f.code != exitInvalid || j.Requests.Failed == 0 || j.Run.Imported {
		return f
	}
	see := "see fetchbench show " + name + " --failed"
	if f.hint != "" {
		see = f.hint + "; " + see
	}
	return &failure{code: f.code, err: f.err, hint: see}
}
