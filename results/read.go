package results

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// maxLine bounds a journal line, so that a file which is no journal cannot take
// all memory. A thousand requests take a tenth of a megabyte.
const maxLine = 64 << 20

// Open reads the journal at path, without the requests of its trials.
func Open(path string) (*Run, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	run, err := Read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return run, nil
}

// Read reads a journal without the requests of its trials. Bytes after the last
// whole line, which a crash may leave, are counted in Torn and ignored, and so
// are requests whose trial is missing. A journal of a newer schema is refused,
// and so is one that is damaged anywhere else, with the line.
func Read(r io.Reader) (*Run, error) {
	run := &Run{}
	for l, err := range lines(r) {
		if err != nil {
			return nil, err
		}
		if err := run.take(l); err != nil {
			return nil, fmt.Errorf("line %d: %w", l.number, err)
		}
	}
	if run.Schema == 0 {
		return nil, errors.New("no journal: the first line is missing")
	}
	if !run.Complete && run.Reason == "" {
		run.Reason = "the journal has no end: the run was killed"
	}
	return run, nil
}

// take adds what one line says.
func (run *Run) take(l line) error {
	switch {
	case l.torn > 0:
		run.Torn = l.torn
		return nil
	case l.number == 1:
		return run.header(l)
	case l.kind == "requests":
		return nil
	case l.kind == "trial":
		var t Trial
		if err := json.Unmarshal(l.text, &t); err != nil {
			return err
		}
		run.Trials = append(run.Trials, t)
		return nil
	case l.kind == "end":
		var e end
		if err := json.Unmarshal(l.text, &e); err != nil {
			return err
		}
		run.Complete, run.Reason = e.Complete, e.Reason
		return nil
	}
	return fmt.Errorf("unknown type %q", l.kind)
}

// header reads the first line. The schema is looked at first: a newer header
// may not decode as ours.
func (run *Run) header(l line) error {
	var version struct {
		Schema      int `json:"schema"`
		Environment struct {
			Tool string `json:"tool"`
		} `json:"environment"`
	}
	if l.kind != "run" || json.Unmarshal(l.text, &version) != nil {
		return errors.New("this is no journal of fetchbench")
	}
	if version.Schema != Schema {
		return fmt.Errorf("written by %s in schema %d, this program reads schema %d",
			version.Environment.Tool, version.Schema, Schema)
	}
	return json.Unmarshal(l.text, &run.Header)
}

// Trials streams the trials of a journal with their requests. It keeps one
// trial in memory; the trial is the caller's until the next step.
func Trials(r io.Reader) iter.Seq2[*Trial, error] {
	return func(yield func(*Trial, error) bool) {
		var requests []Request
		for l, err := range lines(r) {
			if err == nil && l.torn > 0 {
				return
			}
			var t *Trial
			if err == nil {
				requests, t, err = collect(l, requests)
			}
			if err != nil {
				yield(nil, fmt.Errorf("line %d: %w", l.number, err))
				return
			}
			if t != nil && !yield(t, nil) {
				return
			}
			if t != nil {
				requests = requests[:0]
			}
		}
	}
}

// collect adds a line of requests to those of its trial, and returns the trial
// when the line is one.
func collect(l line, requests []Request) ([]Request, *Trial, error) {
	switch l.kind {
	case "requests":
		var b block
		if err := json.Unmarshal(l.text, &b); err != nil {
			return nil, nil, err
		}
		if b.First == 0 {
			requests = requests[:0] // those of a trial that was never finished
		}
		more, err := b.requests()
		return append(requests, more...), nil, err
	case "trial":
		t := &Trial{Requests: requests}
		err := json.Unmarshal(l.text, t)
		return requests, t, err
	}
	return requests, nil, nil
}

// A line is one line of a journal, or the number of bytes after the last one.
type line struct {
	number int
	kind   string
	text   []byte
	torn   int
}

// lines yields the whole lines of a journal. A last line without its newline is
// torn; so is a last line that is no JSON, which a crash of the machine leaves
// where the file had grown before its content was there.
func lines(r io.Reader) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		in := bufio.NewReaderSize(r, 1<<20)
		for number := 1; ; number++ {
			text, err := readLine(in)
			if err != nil && !errors.Is(err, io.EOF) {
				yield(line{number: number}, err)
				return
			}
			if err == nil && !json.Valid(text) {
				if _, after := in.Peek(1); after == nil {
					yield(line{number: number}, errors.New("this is no JSON"))
					return
				}
				err = io.EOF
			}
			if err != nil {
				if len(text) > 0 {
					yield(line{number: number, torn: len(text)}, nil)
				}
				return
			}
			if !yield(line{number: number, kind: kind(text), text: text}, nil) {
				return
			}
		}
	}
}

// readLine returns the next line with its newline, or what there is before the
// end of the file with io.EOF.
func readLine(in *bufio.Reader) ([]byte, error) {
	var text []byte
	for {
		part, err := in.ReadSlice('\n')
		text = append(text, part...)
		if len(text) > maxLine {
			return nil, fmt.Errorf("a line of more than %d bytes", maxLine)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return text, err
		}
	}
}

// kind returns the type of a line. The writer puts it first, which spares most
// lines a decoding.
func kind(text []byte) string {
	if rest, ok := bytes.CutPrefix(text, []byte(`{"type":"`)); ok {
		if word, _, ok := bytes.Cut(rest, []byte(`"`)); ok {
			return string(word)
		}
	}
	var l struct {
		Type string `json:"type"`
	}
	_ = json.Unmarshal(text, &l) // a line without a type is refused by its empty kind
	return l.Type
}
