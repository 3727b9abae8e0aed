package page_test

import (
	"fmt"
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

// TestNobodyTakesAPlaceWithoutBeingDrawn: of six untold routes, all quicker than the
// rest, and twelve contenders whose requests are known, the twelve have their lanes, as
// many as there is room for, and eight their curves.
func TestNobodyTakesAPlaceWithoutBeingDrawn(t *testing.T) {
	names := many(12)
	for i := range 6 {
		names = append(names, fmt.Sprintf("route:http://127.0.0.1:%d/", 8001+i))
	}
	run := maker{names: names, rounds: 6}.run()
	for i := range run.Trials {
		if one := &run.Trials[i]; strings.HasPrefix(one.Contender, "route:") {
			one.Claimed, one.Requests = &results.Claimed{}, nil
		}
	}
	text := written(t, run, page.Options{})
	lanes := part(t, text, `<figure id="waterfall"`, "</figure>")
	if n := strings.Count(lanes, `class="lane `); n != 12 || strings.Contains(lanes, "contenders") {
		t.Errorf("%d of 12 lanes are drawn", n)
	}
	curves := part(t, text, `<figure id="ecdf"`, "</figure>")
	if n := strings.Count(part(t, curves, `<ul class="legend">`, "</ul>"), "<li>"); n != 8 || !strings.Contains(curves, "Of 12 contenders 8 are drawn") {
		t.Errorf("%d of 8 curves are drawn, and that is not what is said", n)
	}
}

// TestNobodyIsDrawnAlone: where one of several has requests that are known, and where one
// has answers, a sentence stands in the place of the figure; its numbers are in the table.
func TestNobodyIsDrawnAlone(t *testing.T) {
	const sentence = "<p>Only of sequential there is something to draw, and nothing to hold it against. "
	refused := maker{names: many(2), rounds: 6}.run()
	untold := maker{names: many(2), rounds: 6}.run()
	for i := range refused.Trials {
		if one := &refused.Trials[i]; one.Contender != "sequential" {
			for k := range one.Requests {
				one.Requests[k].Class = "refused"
			}
			untold.Trials[i].Claimed, untold.Trials[i].Requests = &results.Claimed{}, nil
		}
	}
	text := written(t, untold, page.Options{})
	for _, id := range []string{"waterfall", "ecdf"} {
		f := part(t, text, `<figure id="`+id+`"`, "</figure>")
		contains(t, f, sentence+"Of pool:2 no requests are known.</p>", ">sequential</th>")
		if strings.Contains(f, "<svg") || strings.Contains(f, "<ul") {
			t.Errorf("%s is drawn of one contender", id)
		}
	}
	f := part(t, written(t, refused, page.Options{}), `<figure id="ecdf"`, "</figure>")
	contains(t, f, sentence+"Of pool:2 no request was answered.</p>")
	one := written(t, maker{names: many(1), rounds: 6}.run(), page.Options{})
	contains(t, part(t, one, `<figure id="ecdf"`, "</figure>"), "<svg")
}
