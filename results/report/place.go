package report

import "strings"

// Place shows a text with a mark under the byte of it that is wrong, on two lines that
// are clean and indented. Of a long text what lies around the place is shown.
//
//	pool:8.medain > 500ms
//	       ^
func Place(text string, at int) string {
	const before, after = 40, 30 // so that both lines fit a terminal
	at = min(max(at, 0), len(text))
	left, right := Clean(text[:at]), Clean(text[at:])
	if columnsOf(left) > before {
		left = "…" + ending(left, before)
	}
	if columnsOf(right) > after {
		n, _ := take([]rune(right), after)
		right = string([]rune(right)[:n]) + "…"
	}
	return indent + left + right + "\n" + indent + strings.Repeat(" ", columnsOf(left)) + "^"
}

// ending is as much of the end of a text as so many columns have room for.
func ending(text string, width int) string {
	for columnsOf(text) > width {
		_, rest, _ := strings.Cut(text, string([]rune(text)[0]))
		text = rest
	}
	return text
}
