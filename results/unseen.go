package results

import "fmt"

// Unseen tells whether nobody saw what a trial fetched: whoever made its requests tells
// of none, and no upstream was asked. It was as long as it was, and that it fetched the
// batch is its own word.
func (t *Trial) Unseen() bool {
	return t.Claimed != nil && !t.Claimed.Records && t.Claimed.Broken == "" && t.Seen == nil
}

// Unseen is how many requests count as answered that nobody saw.
func (r *Run) Unseen() (n int) {
	for t := range r.Measured {
		if t.Unseen() {
			n += t.Tally.OK
		}
	}
	return n
}

// checkUnseen names contenders of which nobody knows whether they fetched anything: one
// that fetched nothing would be the fastest. Of those that are quicker than anybody could
// be checkAhead says it.
func checkUnseen(q *inquiry) []Warning {
	var names []string
	for _, c := range q.Run.Contenders {
		if q.ahead(c.Name) > 0 {
			continue
		}
		for t := range q.Run.Measured {
			if t.Contender == c.Name && t.Unseen() {
				names = append(names, c.Name)
				break
			}
		}
	}
	if names == nil {
		return nil
	}
	w := Warning{
		Code: WarnUnseen, Contender: names[0],
		Text: fmt.Sprintf("nobody saw what %s fetched: that it fetched the batch is its own word", names[0]),
		Hint: "only the embedded upstream can tell: compare on one of its profiles first (--profile)",
	}
	if len(names) > 1 {
		w.Contender = ""
		w.Text = fmt.Sprintf("nobody saw what %s fetched: that they fetched the batch is their own word", few(names))
	}
	return []Warning{w}
}
