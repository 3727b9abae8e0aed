package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/fetchbench/fetchbench/results"
)

// An output is a result in one format that goes to a file, or to stdout as "-".
type output struct {
	path  string
	write writer
}

// A writer writes a judgement, whose journal is at the given path, in one format.
type writer func(w io.Writer, j *results.Judgement, journal string) error

// checkPaths finds out whether the files can be written, before anything is
// sent. Nothing is truncated and nothing is left behind. What the run is read
// from is never written over.
func checkPaths(files []output, inputs []string) error {
	if err := apart(paths(files), inputs); err != nil {
		return err
	}
	for _, o := range files {
		if err := checkPath(o.path); err != nil {
			return &failure{code: exitUsage, err: fmt.Errorf("cannot write %s: %w", o.path, cause(err)), hint: "nothing was measured; choose a file in a folder that exists and can be written"}
		}
	}
	return nil
}

// cause strips the operation and the path, which the message names already, or both
// paths of a rename, of which one is a name that nobody gave.
func cause(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}

// checkPath tries one path: an existing file is opened without truncating it, and
// either kind needs a folder in which files can be made.
func checkPath(path string) error {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return errors.New("it is a directory")
	}
	if err == nil && !info.Mode().IsRegular() {
		return nil // opening a pipe could wait for ever
	}
	if err == nil {
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		if err := file.Close(); err != nil {
			return err
		}
		path = resolved(path) // it is replaced where it is, by a new file beside it
	}
	probe, err := os.CreateTemp(filepath.Dir(path), ".fetchbench-*")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// save writes the outputs. Each file is complete or as it was before.
func save(s *streams, outputs []output, j *results.Judgement, journal string) *failure {
	var failed *failure
	for _, o := range outputs {
		var err error
		name := o.path
		if name == "-" {
			name = "stdout"
			err = buffered(s.out, o, j, journal)
		} else if err = saveFile(o, j, journal); err == nil {
			s.note("wrote %s", name)
		}
		if err != nil {
			failed = worse(failed, &failure{
				code: exitUnwritten, err: fmt.Errorf("writing %s: %w", name, cause(err)), hint: kept(j, journal),
			})
		}
	}
	return failed
}

// kept says what there is all the same where a result could not be written: the journal
// of a run that was cut short has its whole rounds and no more. What was not measured,
// which has no judgement or that of imported times, can be had again.
func kept(j *results.Judgement, journal string) string {
	switch {
	case j == nil || j.Run.Imported:
		return "nothing is lost: what it is made of is as it was"
	case !j.Run.Complete:
		return rounds(j.Run, journal)
	}
	return "the journal has it all: " + journal
}

// rounds says how much of a run its journal has.
func rounds(run *results.Run, journal string) string {
	return fmt.Sprintf("the journal has %d of %s: %s", len(run.Rounds()), counted(run.Design.Rounds, "round"), journal)
}

// buffered writes to stdout in pieces of some size: a million requests are no
// text to keep.
func buffered(w io.Writer, o output, j *results.Judgement, journal string) error {
	const size = 64 << 10
	text := bufio.NewWriterSize(w, size)
	if err := o.write(text, j, journal); err != nil {
		return err
	}
	return text.Flush()
}

// saveFile writes beside the file and renames, so that a crash leaves the old
// one. What is no regular file is written directly: a rename would replace a
// device by a file. A link's target is replaced, not the link.
func saveFile(o output, j *results.Judgement, journal string) error {
	path := resolved(o.path)
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(o.write(file, j, journal), file.Close())
	}
	return replace(path, func(w io.Writer) error { return o.write(w, j, journal) })
}
