package page_test

import (
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/page"
)

// A contender of whose requests nothing is known has no place in the pictures of
// requests, and a sentence says so; one that told some of them has its curve.
func TestRequestsThatNobodyKnowsAreNotDrawn(t *testing.T) {
	const route = "route:http://127.0.0.1:8001/urls/sync"
	untold := func(from int) *results.Run {
		r := maker{names: []string{"sequential", route, "pool:3"}, rounds: 6}.run()
		for i := range r.Trials {
			if one := &r.Trials[i]; one.Contender == route && one.Round >= from {
				one.Claimed, one.Requests = &results.Claimed{}, nil
			}
		}
		return r
	}
	const sentence = "Of :8001/urls/sync no requests are known."
	text := written(t, untold(0), page.Options{})
	for _, id := range []string{"waterfall", "ecdf"} {
		figure := part(t, text, `<figure id="`+id+`"`, "</figure>")
		contains(t, figure, sentence)
		if strings.Contains(strings.ReplaceAll(figure, sentence, ""), ":8001") || strings.Contains(figure, " 0 slots") {
			t.Errorf("%s shows requests that nobody knows", id)
		}
	}
	figure := part(t, written(t, untold(1), page.Options{}), `<figure id="ecdf"`, "</figure>")
	if strings.Contains(figure, sentence) || !strings.Contains(figure, ":8001/urls/sync") {
		t.Error("the requests that were told have no curve")
	}
}
