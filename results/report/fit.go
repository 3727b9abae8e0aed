package report

// fitted renders the columns as a plain table that is at most so wide as the
// options say. It tries the steps one after the other, which costs a rendering
// each: how wide a table comes out is known to the library alone.
//
// At the last step the table is narrower than 40 columns, whatever is in it, as
// long as times and counts have no more than eight digits.
func fitted(all []column, o Options) (string, error) {
	for step := 0; ; step++ {
		table, err := plain(grid(narrowed(all, step, o)))
		if err != nil || step == lastStep || fits(table, o.width()) {
			return table, err
		}
	}
}

// narrowed returns the columns as they are from this step on.
func narrowed(all []column, step int, o Options) []column {
	var kept []column
	for i, c := range all {
		if c.gone != 0 && step >= c.gone {
			continue
		}
		if c.short != 0 && step >= c.short {
			c.head = c.brief
		}
		if i == 0 {
			c.cells = shortened(c.cells, nameWidth(step), o)
		}
		kept = append(kept, c)
	}
	return kept
}

// nameWidth is how wide a name may be at a step. Names of twenty columns are the
// common case of long ones: pool:16+hedge:p95@h2 has 21.
func nameWidth(step int) int {
	switch {
	case step >= stepNames12:
		return 12
	case step >= stepNames20:
		return 20
	default:
		return longestName
	}
}

// shortened cuts each name.
func shortened(names []string, width int, o Options) []string {
	var cut []string
	for _, name := range names {
		cut = append(cut, o.shorten(name, width))
	}
	return cut
}

// grid turns columns into the header and the rows of a table. All columns have
// as many cells as there are contenders.
func grid(columns []column) (head []string, rows [][]string) {
	rows = make([][]string, len(columns[0].cells))
	for _, c := range columns {
		head = append(head, c.head)
		for i, cell := range c.cells {
			rows[i] = append(rows[i], cell)
		}
	}
	return head, rows
}
