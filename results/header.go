package results

import (
	"encoding/json"
	"fmt"
	"slices"
)

// MaxContenders is how many contenders a run may have: more are no comparison that
// anybody reads, and every one of them is held against the others.
const MaxContenders = 1000

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
		return errForeign
	}
	if version.Schema != Schema {
		return &OtherSchema{Tool: version.Environment.Tool, Schema: version.Schema}
	}
	if err := json.Unmarshal(l.text, &run.Header); err != nil {
		return err
	}
	return run.check()
}

// An OtherSchema error is that of a journal in a schema that this program does not read.
type OtherSchema struct {
	Tool   string
	Schema int
}

// Error says who wrote the journal, and what would be read.
func (o *OtherSchema) Error() string {
	return fmt.Sprintf("written by %s in schema %d, this program reads schema %d", o.Tool, o.Schema, Schema)
}

// check refuses what no run writes and nothing could be judged by: a header that was
// edited by hand, or made to cost time.
func (h *Header) check() error {
	if n := len(h.Contenders); n > MaxContenders {
		return fmt.Errorf("a bad journal: it has %d contenders, at most %d", n, MaxContenders)
	}
	var names []string
	for _, c := range h.Contenders {
		names = append(names, c.Name)
	}
	if base := h.Design.Baseline; base != "" && !slices.Contains(names, base) {
		return fmt.Errorf("a bad journal: its baseline %q is none of its contenders", clipped(base))
	}
	slices.Sort(names)
	for i := 1; i < len(names); i++ {
		if names[i] == names[i-1] {
			return fmt.Errorf("a bad journal: two of its contenders are called %q", clipped(names[i]))
		}
	}
	return nil
}

// within refuses a trial that the run cannot have: one of a round beyond its last, one
// that took no time and succeeded, and one whose requests are not those of the target.
func (h *Header) within(t *Trial) error {
	last, planned := h.Design.Rounds, h.Target.Planned()
	switch {
	case last > 0 && t.Round >= last:
		return fmt.Errorf("a bad journal: a trial of round %d in a run of %d", t.Round+1, last)
	case t.Outcome == OK && t.ElapsedNS <= 0:
		return fmt.Errorf("a bad journal: a trial of round %d succeeded in %d ns", t.Round+1, t.ElapsedNS)
	case h.Target.Requests > 0 && t.Tally.Planned != planned && t.Tally.Planned != 0: // as where nothing was counted
		return fmt.Errorf("a bad journal: a trial of %d requests in a run of %d a trial", t.Tally.Planned, planned)
	}
	return t.Tally.check()
}

// check refuses counts of which one is impossible, or that do not add up. Failed is held
// against what is left, which does not overflow.
func (c *Count) check() error {
	left := c.Planned
	for _, n := range []int{c.OK, c.Failed, c.Cancelled, c.NotStarted} {
		if n < 0 || n > left {
			return fmt.Errorf("a bad journal: %d ok, %d failed, %d cancelled and %d not started of %d requests",
				c.OK, c.Failed, c.Cancelled, c.NotStarted, c.Planned)
		}
		left -= n
	}
	if left != 0 {
		return fmt.Errorf("a bad journal: nothing is said of %d of %d requests", left, c.Planned)
	}
	return nil
}
