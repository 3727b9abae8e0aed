package main

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/export"
)

// linesFormat is the format that a run writes while it measures.
const linesFormat = "json-lines"

// A linesOutput is written line by line, each as soon as its trial is in the
// journal. Once a line could not be written no other is: what follows half a line
// could not be read. The run goes on all the same, since the journal has it all.
type linesOutput struct {
	path   string
	lines  *export.Lines
	close  func() error
	failed error
}

// stream is the path of this output, "-" for stdout, empty if there is none.
func (f *outputFlags) stream() string {
	switch path := f.files[linesFormat]; {
	case path == nil:
		return ""
	case *path == "/dev/stdout":
		return "-"
	default:
		return *path
	}
}

// begin opens the output that is written while the run goes on, with what a run that
// is resumed has made already. It is no longer among the files, of which none has
// the same path.
func (p products) begin(s *streams, h *results.Header, made []results.Trial) products {
	at := slices.IndexFunc(p.files, func(o output) bool { return p.stream != "" && o.path == p.stream })
	if at < 0 {
		return p
	}
	l := &linesOutput{path: p.stream}
	l.open(s, h, made)
	end := func(j *results.Judgement, journal string) *failure { return l.end(s, j, journal) }
	p.files = slices.Delete(slices.Clone(p.files), at, at+1)
	p.each, p.endings = append(p.each, l.add), append([]ending{end}, p.endings...)
	return p
}

// open begins the stream. A file is emptied here: who wants to watch it cannot wait
// for the end. A named pipe waits for its reader.
func (l *linesOutput) open(s *streams, h *results.Header, made []results.Trial) {
	w := s.out
	l.close = func() error { return nil }
	if l.path != "-" {
		file, err := os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
		if err != nil {
			l.failed = err
			return
		}
		w, l.close = file, file.Close
	}
	l.lines, l.failed = export.NewLines(w, h)
	for i := range made {
		_ = l.add(&made[i])
	}
}

// add writes a trial. It never ends the run.
func (l *linesOutput) add(t *results.Trial) error {
	if l.failed == nil {
		l.failed = l.lines.Trial(t)
	}
	return nil
}

// end writes the last line and says what went wrong, if anything did.
func (l *linesOutput) end(s *streams, j *results.Judgement, journal string) *failure {
	if l.failed == nil {
		l.failed = l.lines.End(j)
	}
	name := l.path
	if name == "-" {
		name = "stdout"
	}
	if err := errors.Join(l.failed, l.close()); err != nil {
		return &failure{code: exitUnwritten, err: fmt.Errorf("writing %s: %w", name, cause(err)), hint: kept(j, journal)}
	}
	if l.path != "-" {
		s.note("wrote %s", name)
	}
	return nil
}
