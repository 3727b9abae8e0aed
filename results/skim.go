package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
)

// A Glimpse is what the first and the last lines of a journal tell of a run.
type Glimpse struct {
	Header
	// Done is how many measured rounds are whole, judged by the last trial and the order
	// alone; -1 where that trial lies too far up in the file to be looked for.
	Done int
	// Ended says that the run wrote a last line; without one it was killed, or is
	// still under way.
	Ended    bool
	Complete bool
	Reason   string
	Reached  string
	// Failed is how many requests of measured trials failed, as the last line has it: 0
	// where there is none, and in journals of programs that did not write it.
	Failed int
	// Torn is the number of bytes after the last whole line.
	Torn int
}

// How much is read of either end of a journal at first, and at most of its end.
const (
	firstLook = 4 << 10
	mostTail  = 8 << 20
)

// Skim reads the two ends of a journal: what a list of many runs has room for. It
// costs two reads however long the journal is. It refuses what Read refuses, but sees
// no damage between the ends.
func Skim(journal io.ReaderAt, size int64) (*Glimpse, error) {
	text, err := firstLine(journal, size)
	if err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	run := &Run{}
	if err := run.header(line{number: 1, kind: kind(text), text: text}); err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	g := &Glimpse{Header: run.Header, Done: -1}
	from := int64(len(text))
	for window := int64(firstLook); ; window *= 8 {
		start := max(from, size-window)
		tail := make([]byte, size-start)
		if n, err := journal.ReadAt(tail, start); n < len(tail) {
			return nil, fmt.Errorf("the end: %w", err)
		}
		found, err := g.tail(tail, start == from)
		if err != nil {
			return nil, err
		}
		if found || start == from || window >= mostTail {
			return g, nil
		}
	}
}

// firstLine reads up to the first line end, which it includes.
func firstLine(journal io.ReaderAt, size int64) ([]byte, error) {
	for window := int64(firstLook); ; window *= 8 {
		text := make([]byte, min(window, size, maxLine))
		if n, err := journal.ReadAt(text, 0); n < len(text) {
			return nil, err
		}
		if end := bytes.IndexByte(text, '\n'); end >= 0 {
			return text[:end+1], nil
		}
		switch {
		case int64(len(text)) == size:
			return nil, errNoHeader
		case len(text) == maxLine:
			return nil, fmt.Errorf("a line of more than %d bytes", maxLine)
		}
	}
}

// tail looks through the lines at the end of a journal, the last one first, and
// tells whether it came to one from which the rounds can be told. The first line is
// whole where the text begins with one.
func (g *Glimpse) tail(text []byte, whole bool) (found bool, err error) {
	end := bytes.LastIndexByte(text, '\n')
	g.Torn = len(text) - end - 1
	for last := true; end >= 0; last = false {
		start := bytes.LastIndexByte(text[:end], '\n')
		if start < 0 && !whole {
			return false, nil
		}
		found, err := g.line(text[start+1:end], last)
		if found || err != nil {
			return found, err
		}
		end = start
	}
	if whole {
		g.Done = 0 // there is the header, and nothing to count
	}
	return whole, nil
}

// line takes what one line says of how far the run is. One that is no JSON is torn if
// it is the last, as a crash of the machine leaves it.
func (g *Glimpse) line(text []byte, last bool) (found bool, err error) {
	switch {
	case !json.Valid(text) && last:
		g.Torn += len(text) + 1
		return false, nil
	case !json.Valid(text):
		return false, errors.New("near the end: this is no line of a journal")
	}
	switch what := kind(text); what {
	case "requests":
		return false, nil
	case "end":
		var e end
		if err := json.Unmarshal(text, &e); err != nil {
			return false, fmt.Errorf("the end: %w", err)
		}
		g.Ended, g.Complete, g.Reason, g.Reached, g.Failed = true, e.Complete, e.Reason, e.Reached, e.Failed
		return false, nil
	case "trial":
		if err := g.trial(text); err != nil {
			return false, fmt.Errorf("the last trial: %w", err)
		}
		return true, nil
	case "resumed":
		var r Resumption
		if err := json.Unmarshal(text, &r); err != nil {
			return false, fmt.Errorf("near the end: %w", err)
		}
		g.Done = min(max(0, r.Round), max(0, g.Design.Rounds))
		return true, nil
	default:
		return false, fmt.Errorf("near the end: unknown type %q", what)
	}
}

// trial takes what the last trial says of how far the run is.
func (g *Glimpse) trial(text []byte) error {
	var t Trial
	if err := json.Unmarshal(text, &t); err != nil {
		return err
	}
	g.Done = g.whole(&t)
	var alone ledger
	return alone.add(&g.Header, &t)
}

// whole is how many measured rounds are whole when a trial is the last one. In blocks
// none is before the turn of the last contender, who completes them one by one.
func (g *Glimpse) whole(t *Trial) int {
	others := t.Position+1 < len(g.Contenders)
	switch {
	case t.Round < 0, t.Round == math.MaxInt, others && g.Design.Order == orderBlocks:
		return 0
	case others, t.Outcome == Aborted:
		return t.Round
	}
	return t.Round + 1
}
