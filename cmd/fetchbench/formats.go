package main

import (
	"errors"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/export"
	"github.com/fetchbench/fetchbench/results/gate"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A format is one form in which a judgement can be written.
type format struct {
	// name is that of report --format, and of the flag that takes a file.
	name  string
	usage string
	// sweeps says that only commands which may have a sweep have the flag.
	sweeps bool
	write  writer
	// suits refuses runs of which this form cannot be made, nil if there are none.
	suits func(results.Header) error
}

// Looks says how tables look. It is asked when a table is written: by then a terminal
// may have another width than it had when the command began.
type looks func() report.Options

// formats lists them. What is wanted in several is written in this order. Who wants to
// know their names alone needs no looks.
func formats(options looks) []format {
	return []format{
		{name: "benchfmt", usage: "write one line a trial to this `file`, for benchstat", write: simple(export.Benchmarks)},
		{name: "csv", usage: "write one row a trial to this `file` (- for stdout)", write: simple(report.CSV)},
		{name: requestsFormat, usage: "write one row a request to this `file`", write: writeRequests},
		{name: "csv-sizes", usage: "write one row a size of a sweep to this `file`", sweeps: true, write: simple(report.SweepCSV), suits: isSweep},
		{name: "html", usage: "write a page with figures to this `file`", write: writePage},
		{name: "json", usage: "write everything as one JSON object to this `file`", write: simple(report.JSON)},
		{name: linesFormat, usage: "write one JSON line a trial to this `file`, as each ends", write: simple(export.JSONLines)},
		{name: junitFormat, usage: "write what became of the --fail-if limits as JUnit XML to this `file`", write: simple(gate.JUnit)},
		{name: "markdown", usage: "write the table as Markdown to this `file`", write: styled(report.Markdown, options)},
		{name: "prometheus", usage: "write the numbers to this `file`, for the textfile collector", write: simple(export.Prometheus)},
		{name: summaryFormat, usage: "write a page for CI as Markdown to this `file` (github for the page of the job)", write: writeSummary(options)},
		{name: sidesFormat, write: styled(report.Sides, options), suits: hasSides},
		{name: textFormat, write: styled(report.Text, options)},
	}
}

// sidesFormat is that of a comparison of two sides.
const sidesFormat = "ab"

// textFormat is the format of stdout that nobody asked for.
const textFormat = "text"

// summaryFormat is what a CI job shows.
const summaryFormat = "summary"

// requestsFormat has a row a request.
const requestsFormat = "csv-requests"

// unlisted says of which contenders there is no row a request, and why.
func unlisted(s *streams) ending {
	return func(j *results.Judgement, _ string) *failure {
		if silent := silentIn(j.Run); len(silent) > 0 {
			s.note("fetchbench: %s has no rows of %s: %s tell nothing of their requests", requestsFormat, report.Clean(list(silent)), kindsOf(silent))
		}
		return nil
	}
}

// junitFormat is what CI systems read.
const junitFormat = "junit"

// simple is a writer that needs the judgement alone.
func simple(write func(io.Writer, *results.Judgement) error) writer {
	return func(w io.Writer, j *results.Judgement, _ string) error { return write(w, j) }
}

// styled is a writer whose looks can be chosen.
func styled(write func(io.Writer, *results.Judgement, report.Options) error, o looks) writer {
	return func(w io.Writer, j *results.Judgement, _ string) error { return write(w, j, o()) }
}

// writeRequests streams the requests from the journal: a run may have a million.
func writeRequests(w io.Writer, j *results.Judgement, journal string) error {
	file, err := os.Open(journal)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	return report.CSVRequests(w, j.Run.Header, results.Trials(file))
}

// outputFlags are the flags that say what is made of a judgement.
type outputFlags struct {
	// files are the values of the flags that name a file, by format.
	files map[string]*string
	// unasked is the format that goes to stdout unless something else does.
	unasked       string
	flags         *pflag.FlagSet
	style         string
	noColor, cost bool
	otlp          otlpFlags
	gateFlags
}

// define adds the flags to a command that never has a sweep.
func (f *outputFlags) define(cmd *cobra.Command) { f.defineFiles(cmd, false) }

// defineSweep adds the flags to a command that may have one.
func (f *outputFlags) defineSweep(cmd *cobra.Command) { f.defineFiles(cmd, true) }

// defineFiles adds a flag a format, and those of the table.
func (f *outputFlags) defineFiles(cmd *cobra.Command, sweeps bool) {
	f.files, f.unasked, f.flags = map[string]*string{}, textFormat, cmd.Flags()
	for _, known := range formats(nil) {
		if known.usage != "" && (sweeps || !known.sweeps) {
			f.files[known.name] = cmd.Flags().String(known.name, "", known.usage)
		}
	}
	f.gateFlags.define(cmd)
	f.defineStyle(cmd)
	f.otlp.define(cmd)
}

// defineStyle adds the flags of the table.
func (f *outputFlags) defineStyle(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.style, "style", report.Styles()[0], "table `style`: "+list(report.Styles()))
	cmd.Flags().BoolVar(&f.cost, "cost", false, "also show what each contender costs: connections, attempts, CPU, memory")
	cmd.Flags().BoolVar(&f.noColor, "no-color", false, "no colours, whatever the terminal")
	_ = cmd.RegisterFlagCompletionFunc("style", cobra.FixedCompletions(report.Styles(), cobra.ShellCompDirectiveNoFileComp))
}

// add puts a format into a file, or a summary behind what is on the page of the job.
func (p *products) add(known format, path string) error {
	if path != github || known.name != summaryFormat {
		p.files = append(p.files, output{path, known.write})
		return nil
	}
	end, err := appended(known.write)
	p.endings, p.appended = append(p.endings, end), os.Getenv(stepSummary)
	return err
}

// isStdout tells whether a path means stdout, which may be a file that a rename would
// take away.
func isStdout(path string) bool { return path == "-" || path == "/dev/stdout" }

// products are what is to be made of a run.
type products struct {
	// files are the results, stdout last.
	files []output
	// each is told of a trial once it is in the journal.
	each []func(*results.Trial) error
	// endings come after the files.
	endings []ending
	// stream is the one of the files that a run writes as it goes on: see begin.
	stream string
	// suits are what a run has to be for that.
	suits []func(results.Header) error
	// appended is the file that is written behind what is in it, empty for none.
	appended string
	// held is what the run is held to.
	held
}

// An ending does something with the judgement, whose journal is at the given path,
// when everything is written. It is nil if it went well.
type ending func(j *results.Judgement, journal string) *failure

// products lists what was asked for. The table goes to stdout unless something else
// does. The inputs are never written over.
func (f *outputFlags) products(s *streams, inputs ...string) (products, error) {
	s.plain = f.noColor
	if err := knownStyle(f.style); err != nil {
		return products{}, err
	}
	if err := filled(f.flags, append(slices.Sorted(maps.Keys(f.files)), otlpFlag)...); err != nil {
		return products{}, err
	}
	held, err := f.gates()
	if err != nil {
		return products{}, err
	}
	endings, err := f.otlp.endings()
	if err != nil {
		return products{}, err
	}
	p := products{held: held, endings: endings, stream: f.stream(), suits: f.demands()}
	if path := f.files[requestsFormat]; f.unasked == requestsFormat || path != nil && *path != "" {
		p.endings = append(p.endings, unlisted(s))
	}
	stdout, err := f.sort(s, &p)
	if err != nil {
		return products{}, err
	}
	err = f.check(p, inputs)
	p.files, s.strict = append(p.files, stdout), held.strict
	return p, err
}

// check finds out whether all that is wanted can be written.
func (f *outputFlags) check(p products, inputs []string) error {
	given := ""
	if out := f.flags.Lookup("out"); out != nil {
		given = out.Value.String()
	}
	all := paths(p.files)
	if p.appended != "" {
		all = append(all, p.appended)
	}
	if dir, err := runsDir(given); err == nil {
		if err := outside(dir, all); err != nil {
			return err
		}
	}
	if err := apart(all, inputs); err != nil {
		return err
	}
	return checkPaths(p.files, inputs)
}

// strictly is a format as it is written where a decision is asked for.
func (f *outputFlags) strictly(known format) format {
	if f.strict && known.name == junitFormat {
		known.write = simple(gate.StrictJUnit)
	}
	return known
}

// sort puts each format that is wanted where it goes, and returns the one for stdout.
func (f *outputFlags) sort(s *streams, p *products) (output, error) {
	var stdout []output
	var table output
	for _, known := range formats(func() report.Options { return s.options(f) }) {
		known = f.strictly(known)
		if known.name == f.unasked {
			table = output{"-", known.write}
		}
		path := f.files[known.name]
		if path == nil || *path == "" {
			continue
		}
		if isStdout(*path) {
			stdout = append(stdout, output{"-", known.write})
			continue
		}
		if err := p.add(known, *path); err != nil {
			return output{}, err
		}
	}
	switch len(stdout) {
	case 0:
		s.tabled = f.unasked == textFormat || f.unasked == sidesFormat
		return table, nil
	case 1:
		return stdout[0], nil
	}
	return output{}, &failure{code: exitUsage, err: errors.New("stdout takes one result, and - was given more than once"), hint: "write the others to files"}
}

// make writes the files and then does the rest.
func (p products) make(s *streams, j *results.Judgement, journal string) *failure {
	j.Gates = gate.Judge(p.gates, j)
	failed := save(s, p.files, j, journal)
	for _, end := range p.endings {
		failed = worse(failed, end(j, journal))
	}
	return worse(failed, p.verdict(s, j))
}

// tell tells everybody who wants to know of a trial. What comes first goes first.
func (p products) tell(t *results.Trial) error {
	for _, each := range p.each {
		if err := each(t); err != nil {
			return err
		}
	}
	return nil
}
