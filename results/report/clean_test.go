package report_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/fetchbench/fetchbench/results/report"
)

// TestCleanShowsWhatCanNotBeSeen as the number that it has in Unicode, and leaves
// all that can be, in whatever script.
func TestCleanShowsWhatCanNotBeSeen(t *testing.T) {
	for text, want := range map[string]string{
		"":                                      "",
		"pool:8+retry:3@h2":                     "pool:8+retry:3@h2",
		"naïve 日本 שלום \U0001f600":              "naïve 日本 שלום \U0001f600",
		"\x1b[31m\a":                            `\x1b[31m\x07`,
		"\u009b31m":                             `\u009b31m`, // the control sequence introducer as one rune
		"\x9b31m":                               `\x9b31m`,   // and as one byte that is no UTF-8
		"a\r\nb\tc\x7f":                         `a\r\nb\tc\x7f`,
		"\u202egnp\u2066":                       `\u202egnp\u2066`, // written from the right
		"\u200b\u200d\ufeff":                    `\u200b\u200d\ufeff`,
		"\u00a0\u3000\u2028":                    `\u00a0\u3000\u2028`, // spaces that are not the space
		"\u115f\u3164\ufe0f":                    `\u115f\u3164\ufe0f`, // letters and marks without a look
		"\U000e0041":                            `\U000e0041`,
		"\xe2\x28\xa1":                          `\xe2(\xa1`,
		"\ufffd":                                "\ufffd", // that rune itself is fine
		`back\slash`:                            `back\slash`,
		"e\u0301":                               "e\u0301",
		"x\u0301\u0301\u0301\u0301\u0301\u0301": "x\u0301\u0301\u0301\u0301" + `\u0301\u0301`,
	} {
		if got := report.Clean(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// FuzzClean: what is clean stays as it is, is UTF-8, can be seen, and was not
// touched without need.
func FuzzClean(f *testing.F) {
	for _, name := range hostileNames() {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := report.Clean(text)
		if again := report.Clean(got); again != got {
			t.Errorf("%q became %q, then %q", text, got, again)
		}
		if !utf8.ValidString(got) {
			t.Errorf("%q became %q, which is no UTF-8", text, got)
		}
		for _, r := range got {
			if !unicode.IsPrint(r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Bidi_Control) {
				t.Errorf("%q became %q, with %U", text, got, r)
			}
		}
		plain := !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
		if plain && got != text {
			t.Errorf("%q became %q", text, got)
		}
	})
}

// TestNamesAreCutInTheMiddle, because contenders differ at both ends, and by
// what they take on a terminal, not by bytes or runes.
func TestNamesAreCutInTheMiddle(t *testing.T) {
	for name, want := range map[string]string{
		"short":                              "short",
		strings.Repeat("x", 30):              strings.Repeat("x", 30),
		"some:./fetch --url http://a/b --pr": "some:./fetch --url h…/a/b --pr", // 20 + 1 + 9
		strings.Repeat("日", 15):              strings.Repeat("日", 15),
		strings.Repeat("日", 16):              strings.Repeat("日", 10) + "…" + strings.Repeat("日", 4),
		// The start has room for a half of its last one, which goes to the end.
		"x" + strings.Repeat("日", 16): "x" + strings.Repeat("日", 9) + "…" + strings.Repeat("日", 5),
	} {
		j := article()
		j.Contenders, j.Comparisons = j.Contenders[:1], nil
		j.Contenders[0].Name = name
		row := strings.Split(text(t, j, report.Options{Width: wide}), "\n")[1]
		if !strings.HasPrefix(row, want+" ") || twwidth.Width(want) > 30 {
			t.Errorf("%q became %q, want %q", name, row, want)
		}
	}
}
