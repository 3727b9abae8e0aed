package report

// fitted renders the columns as a plain table that is at most so wide as the
// options say.
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

// nameWidth is how wide a name may be at a step.
func nameWidth(step int) int {
	switch {
	case step >= stepNames8:
		return 8
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

// grid turns columns into the header and the rows of a table.
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
