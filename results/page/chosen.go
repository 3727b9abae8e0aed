package page

import (
	"cmp"
	"slices"

	"github.com/fetchbench/fetchbench/results"
)

// chosen are the contenders that stand for all where there is room for so many: the
// baseline, the one that makes one request after the other, of each kind the fastest and
// then of each kind the slowest, so that what a kind costs and what it can do are both
// there, and the next fastest in the places that are left.
func (in *Input) chosen(most int) []*results.Contender {
	ranked := in.ranked()
	most = min(most, len(ranked))
	var some []*results.Contender
	take := func(c *results.Contender) {
		if len(some) < most && !slices.Contains(some, c) {
			some = append(some, c)
		}
	}
	for _, c := range ranked {
		if in.rank(c) < 0 {
			take(c)
		}
	}
	kinds := in.byTime()
	for _, kind := range kinds {
		take(kind[0])
	}
	for _, kind := range kinds {
		take(kind[len(kind)-1])
	}
	for _, c := range ranked {
		take(c)
	}
	return some
}

// byTime are the contenders of each kind that have a median, by that: strategies of this
// program, whole routes, programs. A kind of which there is none is not there.
func (in *Input) byTime() (kinds [][]*results.Contender) {
	const strategy, route, program = 0, 1, 2
	kindOf := map[string]int{}
	for _, c := range in.Run.Contenders {
		switch {
		case c.Route != "":
			kindOf[c.Name] = route
		case c.Process != nil:
			kindOf[c.Name] = program
		}
	}
	for kind := strategy; kind <= program; kind++ {
		var some []*results.Contender
		for i := range in.Contenders {
			if c := &in.Contenders[i]; c.Median != nil && kindOf[c.Name] == kind {
				some = append(some, c)
			}
		}
		slices.SortStableFunc(some, func(a, b *results.Contender) int { return cmp.Compare(*a.Median, *b.Median) })
		if len(some) > 0 {
			kinds = append(kinds, some)
		}
	}
	return kinds
}
