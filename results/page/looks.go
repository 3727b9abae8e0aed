package page

import "slices"

// mostCurves is how many contenders one figure tells apart. There are as many colours
// and dashes, and more lines than that are a ball of wool.
const mostCurves = 8

// Look is by what the colour and the shape of a contender are chosen, so that it is the
// same in every figure: its place in the run. Where there are more contenders than
// colours, those that a figure tells apart by their looks alone have one each, and of
// the others none looks like its neighbour.
func (in *Input) Look(name string) int {
	if len(in.Contenders) <= mostCurves {
		return in.Place(name)
	}
	if in.looks == nil {
		in.looks = in.dealt()
	}
	return in.looks[name]
}

// dealt gives each contender a look. One has six neighbours at most, two in each of three
// rows, and there are eight looks: of those left it takes the one that the fewest have.
func (in *Input) dealt() map[string]int {
	apart, rows := in.shownTogether()
	looks, uses := map[string]int{}, make([]int, mostCurves)
	for i, name := range apart {
		looks[name] = i
		uses[i]++
	}
	for _, name := range rows[0] {
		if _, has := looks[name]; has {
			continue
		}
		taken := map[int]bool{}
		for _, other := range neighbours(rows, name) {
			if look, has := looks[other]; has {
				taken[look] = true
			}
		}
		best := -1
		for look, n := range uses {
			if !taken[look] && (best < 0 || n < uses[best]) {
				best = look
			}
		}
		looks[name] = best
		uses[best]++
	}
	return looks
}

// shownTogether are the contenders of which one figure has the lines, and the rows in
// which they stand one below the other: of the table, the waterfall and the headline. A
// journal that cannot be read has no lines; whoever draws them says so.
func (in *Input) shownTogether() (apart []string, rows [3][]string) {
	for i := range in.Contenders {
		rows[0] = append(rows[0], in.Contenders[i].Name)
	}
	for _, c := range fastest(in) {
		rows[1] = append(rows[1], c.Name)
	}
	g, err := in.gathered()
	if err != nil || g == nil {
		return rows[1], rows
	}
	for _, l := range laned(in, g) {
		rows[2] = append(rows[2], l.column.Name)
	}
	for _, c := range selected(in, g) {
		apart = append(apart, c.name)
	}
	return apart, rows
}

// neighbours are those that stand beside one in a row.
func neighbours(rows [3][]string, name string) (beside []string) {
	for _, row := range rows {
		switch i := slices.Index(row, name); {
		case i > 0 && i+1 < len(row):
			beside = append(beside, row[i-1], row[i+1])
		case i > 0:
			beside = append(beside, row[i-1])
		case i == 0 && len(row) > 1:
			beside = append(beside, row[1])
		}
	}
	return beside
}
