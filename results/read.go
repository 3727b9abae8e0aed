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

// maxLine bounds a journal line, which is held in memory several times over while it is
// read, so that a file which is no journal cannot take all of it. A thousand requests
// take a tenth of a megabyte, the longest trial (of 100,000 fan-outs) six, and a header
// with 100,000 URLs of 60 bytes fourteen. What would be longer is not written.
const maxLine = 16 << 20

// errNoHeader says that a file is empty or breaks off in its first line.
var errNoHeader = errors.New("no journal: the first line is missing")

// errForeign says of a file that its first line is whole and no header.
var errForeign = errors.New("this is no journal of fetchbench")

// Open reads the journal at path, without the requests of its trials.
func Open(path string) (*Run, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
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
	var in reading
	for l, err := range lines(r) {
		if err == nil {
			err = in.take(l)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", l.number, err)
		}
	}
	run := &in.Run
	if run.Schema == 0 {
		return nil, errNoHeader
	}
	if !run.Complete && run.Reason == "" {
		run.Reason = "the journal has no end: the run was killed, or is still under way"
	}
	return run, nil
}

// A reading is a run as far as its journal was read, with what its next lines are
// held against.
type reading struct {
	Run
	ledger ledger
}

// take adds what one line says.
func (run *reading) take(l line) error {
	switch {
	case l.torn > 0:
		run.Torn = l.torn
		return nil
	case l.number == 1:
		return run.header(l)
	case run.ledger.ended && l.kind != "resumed":
		return fmt.Errorf("a bad journal: a line of type %q after its end", l.kind)
	case l.kind == "requests":
		return nil
	case l.kind == "trial":
		var t Trial
		if err := json.Unmarshal(l.text, &t); err != nil {
			return err
		}
		run.Trials = append(run.Trials, t)
		return run.ledger.add(&run.Header, &t)
	case l.kind == "end":
		return run.end(l.text)
	case l.kind == "resumed":
		return run.resume(l.text)
	}
	return fmt.Errorf("unknown type %q", l.kind)
}

// end takes the last line of a run that came to an end by itself.
func (run *reading) end(text []byte) error {
	var e end
	if err := json.Unmarshal(text, &e); err != nil {
		return err
	}
	run.Complete, run.Reason, run.Reached = e.Complete, e.Reason, e.Reached
	return run.ledger.end(&run.Header, e)
}

// Trials streams the trials of a journal with their requests. It refuses what
// Read refuses, but only when it comes to it. It keeps one trial in memory; the
// trial is the caller's until the next step. To leave out what a resumption put
// aside it looks ahead; from a pipe, where it cannot, such a run is refused.
func Trials(r io.Reader) iter.Seq2[*Trial, error] {
	return func(yield func(*Trial, error) bool) {
		later, err := lookAhead(r)
		if err != nil {
			yield(nil, err)
			return
		}
		var run reading
		var requests []Request
		number := 0
		for l, err := range lines(r) {
			var t *Trial
			if err == nil {
				t, err = run.collect(l, &requests)
			}
			if err == nil && len(run.Resumed) > len(later) {
				err = again(run.Resumed[len(later)])
			}
			if err != nil {
				yield(nil, fmt.Errorf("line %d: %w", l.number, err))
				return
			}
			if t == nil {
				continue
			}
			if standing(t, number, later) && !yield(t, nil) {
				return
			}
			number++
			requests = requests[:0]
		}
		if run.Schema == 0 {
			yield(nil, errNoHeader)
		}
	}
}

// collect adds a line of requests to those of its trial, and returns the trial
// when the line is one.
func (run *reading) collect(l line, requests *[]Request) (*Trial, error) {
	switch {
	case run.ledger.ended: // which a resumption may follow, and no trial
	case l.torn == 0 && l.number > 1 && l.kind == "requests":
		b := l.block
		if b == nil { // not in our own hand
			b = &block{}
			if err := json.Unmarshal(l.text, b); err != nil {
				return nil, err
			}
		}
		if b.First == 0 {
			*requests = (*requests)[:0] // those of a trial that was never finished
		}
		var err error
		*requests, err = b.appendTo(*requests)
		return nil, err
	case l.torn == 0 && l.number > 1 && l.kind == "trial":
		t := &Trial{Requests: *requests}
		if err := json.Unmarshal(l.text, t); err != nil {
			return nil, err
		}
		return t, run.ledger.add(&run.Header, t)
	}
	return nil, run.take(l)
}

// A line is one line of a journal, or the number of bytes after the last one.
// Requests in the form in which this program writes them are there as a block.
// The text and the block are overwritten by the next line.
type line struct {
	number int
	kind   string
	text   []byte
	block  *block
	torn   int
}

// lines yields the whole lines of a journal. A last line without its newline is
// torn; so is a last line that is no JSON, which a crash of the machine leaves
// where the file had grown before its content was there.
func lines(r io.Reader) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		in := bufio.NewReaderSize(r, 64<<10)
		var text []byte
		var b block
		for number := 1; ; number++ {
			var err error
			text, err = readLine(in, text[:0])
			l := line{number: number, text: text}
			switch {
			case err == nil:
				err = l.classify(&b, in)
			case errors.Is(err, io.EOF):
				l.torn, err = len(text), nil
				if l.torn == 0 {
					return
				}
			}
			if !yield(l, err) || err != nil || l.torn > 0 {
				return
			}
		}
	}
}

// classify finds out what a line is. One that is no JSON is an error, but for
// the last one.
func (l *line) classify(b *block, in *bufio.Reader) error {
	switch {
	case b.scan(l.text):
		l.kind, l.block = b.Type, b
	case json.Valid(l.text):
		l.kind = kind(l.text)
	case l.number == 1:
		return errForeign
	case more(in):
		return errors.New("this is no line of a journal")
	default:
		l.torn = len(l.text)
	}
	return nil
}

// more tells whether anything follows.
func more(in *bufio.Reader) bool {
	_, err := in.Peek(1)
	return err == nil
}

// readLine appends the next line with its newline to text, or what there is
// before the end of the file with io.EOF.
func readLine(in *bufio.Reader, text []byte) ([]byte, error) {
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
