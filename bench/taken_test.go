package bench

import (
	"testing"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/results"
)

// A batch that was fetched and answered otherwise than with 200 was fetched all the same:
// what is said is how it was answered.
func TestUnfetchedSaysWhatWasAnswered(t *testing.T) {
	for _, c := range []struct {
		statuses map[int]int
		text     string
	}{
		{map[int]int{200: 5}, ""},
		{map[int]int{200: 4, 404: 1}, "the upstream answered 1 of 5 with 404"},
		{map[int]int{200: 2, 503: 1, 404: 2}, "the upstream answered 2 of 5 with 404, 1 of 5 with 503"},
		{map[int]int{200: 4}, "it did not fetch: the upstream gave 4 good answers to a batch of 5"},
		{nil, "it did not fetch: the upstream gave 0 good answers to a batch of 5"},
	} {
		trial := &results.Trial{Outcome: results.OK}
		trial.Tally.Planned, trial.Tally.OK = 5, 5
		b := &Batch{}
		b.Whole()
		b.unfetched(trial, upstream.Counts{Statuses: c.statuses})
		text := ""
		for _, f := range trial.Tally.Failures {
			text += f.Text
		}
		if text != c.text {
			t.Errorf("%v: %q, want %q", c.statuses, text, c.text)
		}
	}
}

// What was not answered well may have been sent again; a second good answer is one too many.
func TestMoreThanTheBatchIsGoodAnswers(t *testing.T) {
	for _, c := range []struct {
		statuses map[int]int
		said     int
	}{
		{map[int]int{200: 5}, 0},
		{map[int]int{200: 5, 503: 3}, 0},
		{map[int]int{200: 4}, 0}, // which is unfetched
		{map[int]int{200: 6}, 1},
	} {
		trial := &results.Trial{Outcome: results.OK}
		trial.Tally.Planned, trial.Tally.OK = 5, 5
		b := &Batch{}
		counts := upstream.Counts{Statuses: c.statuses}
		counts.Requests.Started = 8
		if said := b.strayed(trial, counts); said != nil {
			t.Errorf("%v: of one that answers for no batch %q", c.statuses, said)
		}
		b.Whole()
		if said := b.strayed(trial, counts); len(said) != c.said || (trial.Outcome == results.OK) != (c.said == 0) {
			t.Errorf("%v: %s, %q", c.statuses, trial.Outcome, said)
		}
	}
}
