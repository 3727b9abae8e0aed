package results

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// A Resumption is a place in a journal at which a run went on that had been cut
// short. Round is the first that was made from there on, and it is made whole:
// what stands before this line of it and of later rounds belongs to no round.
type Resumption struct {
	Round   int       `json:"round"`
	Started time.Time `json:"started"`
	// PausedNS is how long nothing was written before it, by the wall clock.
	PausedNS int64 `json:"paused_ns"`
	// Aside is what it put aside, counted when the journal is read.
	Aside Aside `json:"-"`
}

// Aside is what was made of a round that was cut short, and made again.
type Aside struct {
	Trials   int `json:"trials"`
	Attempts int `json:"attempts"` // on the wire, in no other number
}

// Precedes tells whether round a is made before round b: warm-up rounds count
// down from -1, measured ones up from 0.
func Precedes(a, b int) bool {
	if a < 0 && b < 0 {
		return a > b
	}
	return a < b
}

// resume puts aside what is to be made again. How the run had ended counts no
// longer.
func (run *reading) resume(text []byte) error {
	var r Resumption
	if err := json.Unmarshal(text, &r); err != nil {
		return err
	}
	var kept []Trial
	for i := range run.Trials {
		t := &run.Trials[i]
		if Precedes(t.Round, r.Round) {
			kept = append(kept, *t)
			continue
		}
		r.Aside.Trials++
		r.Aside.Attempts += t.Tally.Attempts + t.Warming
	}
	run.Trials, run.Resumed = kept, append(run.Resumed, r)
	run.Complete, run.Reason, run.Reached = false, "", ""
	run.ledger.resume(r.Round)
	return nil
}

// A resumed line is the round from which a run went on, and how many trials stand
// before it in the journal.
type resumed struct{ round, trials int }

// standing tells whether a trial belongs to its round: none of the lines after it
// says that the round was made again.
func standing(t *Trial, number int, later []resumed) bool {
	for _, r := range later {
		if number < r.trials && !Precedes(t.Round, r.round) {
			return false
		}
	}
	return true
}

// lookAhead finds the places at which a run was resumed and goes back to where it
// began to read. It passes over requests, which are nearly all of a journal,
// without a look. What cannot be read twice, as a pipe, has none: see Trials.
func lookAhead(r io.Reader) (found []resumed, err error) {
	file, ok := r.(io.ReadSeeker)
	if !ok {
		return nil, nil
	}
	start, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, nil // a pipe
	}
	defer func() {
		_, back := file.Seek(start, io.SeekStart)
		err = errors.Join(err, back)
	}()
	in := bufio.NewReaderSize(file, 64<<10)
	trials := 0
	for text, err := readLine(in, nil); err == nil; text, err = readLine(in, text[:0]) {
		if bytes.HasPrefix(text, []byte(`{"type":"requests"`)) {
			continue
		}
		switch kind(text) {
		case "trial":
			trials++
		case "resumed":
			var r Resumption
			if json.Unmarshal(text, &r) == nil { // what is wrong with it is told in its turn
				found = append(found, resumed{r.Round, trials})
			}
		}
	}
	return found, nil
}

// again says that a trial has to be taken back that was handed out already.
func again(r Resumption) error {
	return fmt.Errorf("the run was resumed at round %d, and what it puts aside was read already: read it from a file", r.Round)
}
