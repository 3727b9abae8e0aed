package bench

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/results"
)

// classUnfetched is the class of requests that should have been made elsewhere and were
// not answered, or never arrived at all.
const classUnfetched = "not_fetched"

// Whole says that who makes the requests elsewhere must fetch the batch, though it keeps
// no record of them: a trial in which the embedded upstream answered fewer failed.
func (b *Batch) Whole() { b.noted.whole = true }

// unfetched makes a trial whose upstream gave fewer answers than the batch has requests
// one that failed: whoever fetches less is not faster.
func (b *Batch) unfetched(t *results.Trial, counts upstream.Counts) {
	answered := min(counts.Statuses[200], t.Tally.Planned)
	if !b.noted.whole || t.Outcome != results.OK || answered == t.Tally.Planned {
		return
	}
	missing := t.Tally.Planned - answered
	text := fmt.Sprintf("it did not fetch: the upstream gave %d good answers to a batch of %d", answered, t.Tally.Planned)
	if other := otherwise(counts.Statuses, t.Tally.Planned); other != "" {
		text = "the upstream answered " + other
	}
	t.Outcome, t.Tally.OK, t.Tally.Failed = results.Failed, answered, missing
	t.Tally.Failures = append(t.Tally.Failures, results.Failure{
		Class: classUnfetched, Count: missing, AtNS: t.ElapsedNS,
		Text: text,
	})
}

// otherwise words the answers with another status than 200, as in "1 of 5 with 404".
func otherwise(statuses map[int]int, planned int) string {
	var parts []string
	for _, status := range slices.Sorted(maps.Keys(statuses)) {
		if n := statuses[status]; n > 0 && status != http.StatusOK {
			parts = append(parts, fmt.Sprintf("%d of %d with %d", n, planned, status))
		}
	}
	return strings.Join(parts, ", ")
}

// Take hands in a whole trial that another program measured in place of this one, such
// as another build of it: its makespan, its records and what its upstream saw are taken
// over as they are. It is for after Elsewhere has returned.
func (b *Batch) Take(t results.Trial) { b.noted.taken = &t }

// taken is the trial that was handed in, at its place in this run.
func (b *Batch) taken(at results.Trial) results.Trial {
	t := *b.noted.taken
	t.Round, t.Position, t.Contender, t.StartNS = at.Round, at.Position, at.Contender, at.StartNS
	return t
}
