package page_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/fetchbench/fetchbench/results/page"
)

// TestLooksAreTheSameInEveryFigure: of nineteen contenders the colours of the strips are
// those of the speed-ups, the lanes, the curves and the bars; no two curves have the same,
// and no two lanes or strips one below the other.
func TestLooksAreTheSameInEveryFigure(t *testing.T) {
	names := many(19)
	run := maker{names: names, rounds: 6}.run()
	for i := range run.Trials {
		if q := run.Trials[i].Requests; run.Trials[i].Contender == "pool:4" {
			for k := range q {
				q[k].ServiceNS = 90e6 // the slowest requests: a sentence names it, and it is drawn
			}
		}
	}
	text := written(t, run, page.Options{})
	const lane = `<text class="strong"[^>]*>(?<name>[^<]+)</text><text class="note"[^>]*>[^<]*</text>`
	looks := map[string]string{}
	for _, one := range []struct {
		figure, pattern string
		least, apart    int // so many that follow each other are not alike
	}{
		{"trials", lane + `<g class="(?<look>s\d)">`, 19, 2},
		{"speedups", lane + `<line[^>]*><title>[^<]*</title></line><g class="(?<look>s\d)">`, 18, 2},
		{"waterfall", lane + `<g class="lane (?<look>s\d)">`, 12, 2},
		{"ecdf", `class="curve dashed (?<look>s\d)" d="[^"]*"><title>(?<name>[^<]+)</title>`, 8, 8},
		{"medians", `class="bar (?<look>s\d)"[^>]*><title>(?<name>[^<]+): [^<]*</title>`, 6, 2},
	} {
		pattern := regexp.MustCompile(one.pattern)
		all := pattern.FindAllStringSubmatch(part(t, text, `<figure id="`+one.figure+`"`, "</figure>"), -1)
		if len(all) != one.least {
			t.Fatalf("%s: %d of %d are found", one.figure, len(all), one.least)
		}
		var before []string
		for _, m := range all {
			name, look := m[pattern.SubexpIndex("name")], m[pattern.SubexpIndex("look")]
			if had, seen := looks[name]; seen && had != look {
				t.Errorf("%s: %s is %s, and %s elsewhere", one.figure, name, look, had)
			}
			looks[name] = look
			if slices.Contains(before[max(0, len(before)-one.apart+1):], look) {
				t.Errorf("%s: %s is %s like a neighbour: %v", one.figure, name, look, before)
			}
			before = append(before, look)
		}
	}
}
