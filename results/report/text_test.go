package report_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/fetchbench/fetchbench/results/stats"
)

// TestTextIsAsAgreed holds whole reports against files that people have read.
func TestTextIsAsAgreed(t *testing.T) {
	for name, c := range map[string]struct {
		j *results.Judgement
		o report.Options
	}{
		"article.txt":       {article(), report.Options{}},
		"article_style.txt": {article(), report.Options{Style: "article"}},
		"wide.txt":          {article(), report.Options{Width: 120}},
		"failing.txt":       {failing(), report.Options{Warnings: true}},
		"ascii.txt":         {failing(), report.Options{ASCII: true, Warnings: true}},
		"narrow.txt":        {failing(), report.Options{Width: 40}},
		"hostile.txt":       {hostile(), report.Options{Warnings: true}},
		"nothing.txt":       {&results.Judgement{Run: &results.Run{}}, report.Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, func(w io.Writer) error { return report.Text(w, c.j, c.o) })
		})
	}
}

// failing is a run in which a pool lost two trials and another one all, that
// was cut short, was made on a scaled mock, and that the upstream saw otherwise.
func failing() *results.Judgement {
	j := article()
	j.Run.Complete, j.Run.Reason = false, "interrupted"
	j.Run.Design.Rounds = 12
	j.Run.Target.Form, j.Run.Target.Scale = "mock", 0.1
	j.Run.Trials[7].Seen.Differs = []string{"requests: 11 seen, 10 made"}
	j.Requests = results.Requests{
		Count:    results.Count{Planned: 480, OK: 360, Failed: 80, Cancelled: 15, NotStarted: 25},
		Attempts: 455, Redirects: 3, Warmup: 40,
		ByClass: map[string]int{"ok": 360, "cancelled": 15, "timeout": 70, "http_5xx": 10},
	}
	pool, none := contender("pool:4", 4, 0.92, 0.9), contender("pool:2", 2, 0, 0)
	pool.OK = 8
	none.OK, none.Times, none.MedianCI, none.Efficiency = 0, results.Times{}, nil, nil
	j.Contenders = append(j.Contenders, pool, none)
	j.Comparisons = append(j.Comparisons,
		compared("pool:4", stats.Inconclusive, 1.1, 0.8, 1.5),
		compared("pool:2", stats.NotComparable, 1, 1, 1))
	j.Comparisons[2].SpeedUp = nil
	j.Warnings = []results.Warning{
		{Code: "failed", Contender: "pool:4", Text: "2 of 10 trials failed", Hint: "judge with care"},
		{Code: "saturated", Text: "this machine was the limit"},
	}
	return j
}

// hostile is a run of contenders that would like to own the terminal.
func hostile() *results.Judgement {
	j := article()
	j.Run.Complete, j.Run.Reason = false, "\x1b]0;owned\x07"
	j.Contenders = nil
	j.Comparisons = nil
	for _, name := range hostileNames() {
		j.Contenders = append(j.Contenders, contender(name, 4, 0.92, 0.9))
		j.Comparisons = append(j.Comparisons, compared(name, stats.Slower, 0.5, 0.4, 0.625))
		j.Comparisons[len(j.Comparisons)-1].FasterIn = 0
	}
	j.Contenders[0].OK = 8
	for _, name := range hostileNames()[:7] {
		j.Warnings = append(j.Warnings, results.Warning{Contender: name, Text: "slow", Hint: name})
	}
	j.Run.Trials[0].Seen.Differs = hostileNames()[:6]
	j.Requests.ByClass = map[string]int{"\x1b[31m": 3}
	return j
}

// hostileNames are what names are made of in the wild and in attacks: escape
// sequences, direction overrides, table syntax, lines, length, and nothing.
func hostileNames() []string {
	return []string{
		"\x1b[2J\x1b[31mred", "\u009b31mC1", "a\u202egnp.exe", "zero\u200bwidth\ufeff", "a|b`c`<script>&",
		"two\r\nlines\tand a tab", strings.Repeat("x", 300), "x" + strings.Repeat("\u0301", 300),
		strings.Repeat("日本", 40), "\xff\xfe", "", "=1+1", "# heading", "p99.9_ms", "  spaces  ",
	}
}

// TestTextHoldsItsWidth tries every width on a run with all that a table can
// have, and with names that do not want to fit.
func TestTextHoldsItsWidth(t *testing.T) {
	for _, j := range []*results.Judgement{article(), failing(), hostile()} {
		for width := 40; width < 140; width++ {
			for _, style := range report.Styles() {
				out := text(t, j, report.Options{Width: width, Warnings: true, Style: style})
				for line := range strings.Lines(out) {
					if got := twwidth.Width(strings.TrimRight(line, "\n")); got > width {
						t.Fatalf("width %d, style %s: %d columns: %q", width, style, got, line)
					}
				}
			}
		}
	}
}

// TestNarrowestIsForty: below that, the lines are as for forty.
func TestNarrowestIsForty(t *testing.T) {
	for _, width := range []int{-1, 1, 39} {
		if text(t, failing(), report.Options{Width: width}) != text(t, failing(), report.Options{Width: 40}) {
			t.Errorf("width %d differs", width)
		}
	}
}

// TestNamesOfTwentyFitIntoEighty: five contenders with names of 20 characters
// and failures still show every column of numbers, and their whole names.
func TestNamesOfTwentyFitIntoEighty(t *testing.T) {
	j := article()
	j.Contenders, j.Comparisons = nil, nil
	for i := range 5 {
		c := contender("abcdefghijklmnopqrs"+string(rune('0'+i)), 4, 1234.5, 0.9)
		c.OK = 9
		j.Contenders = append(j.Contenders, c)
		j.Comparisons = append(j.Comparisons, compared(c.Name, stats.Faster, 7.9, 6.9, 9))
	}
	out := text(t, j, report.Options{Width: 80})
	for _, want := range []string{"abcdefghijklmnopqrs4", "9/10", "Avg (s)", "Median (s)", "Speed-up", "in flight", "of best"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// TestTextHasNoControlCharacters and nothing else that is not seen as itself; with
// ASCII there is nothing but that.
func TestTextHasNoControlCharacters(t *testing.T) {
	for _, o := range []report.Options{{Warnings: true}, {Warnings: true, ASCII: true}} {
		for _, r := range text(t, hostile(), o) {
			if r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x202e || r == 0x200b || o.ASCII && r > 0x7f {
				t.Fatalf("%U in the report (ASCII %t)", r, o.ASCII)
			}
		}
	}
}

// TestUnknownStyleIsRefused with the way out.
func TestUnknownStyleIsRefused(t *testing.T) {
	for _, write := range []func(io.Writer, *results.Judgement, report.Options) error{report.Text, report.Markdown} {
		err := write(io.Discard, article(), report.Options{Style: "fancy"})
		if err == nil || err.Error() != `unknown table style "fancy" (have main, article)` {
			t.Errorf("got %v", err)
		}
	}
}

// full is a writer that takes nothing, like a full disk.
type full struct{}

// errFull is what it says.
var errFull = errors.New("no space left on device")

// Write fails.
func (full) Write([]byte) (int, error) { return 0, errFull }

// TestErrorOfTheWriterIsReported by every format: the last write of a buffer can
// fail as well as the first.
func TestErrorOfTheWriterIsReported(t *testing.T) {
	j := article()
	for name, err := range map[string]error{
		"text":     report.Text(full{}, j, report.Options{}),
		"markdown": report.Markdown(full{}, j, report.Options{}),
		"json":     report.JSON(full{}, j),
		"csv":      report.CSV(full{}, j),
		"requests": report.CSVRequests(full{}, j.Run.Header, trials(j.Run)),
	} {
		if !errors.Is(err, errFull) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestColourIsOnlyThereWhenAsked for, and adds nothing but colour.
func TestColourIsOnlyThereWhenAsked(t *testing.T) {
	if strings.Contains(text(t, failing(), report.Options{}), "\x1b") {
		t.Error("escape sequence without Color")
	}
	// With the colours taken out, the text is the same.
	painted := text(t, failing(), report.Options{Color: true})
	bare := strings.NewReplacer("\x1b[31m", "", "\x1b[32m", "", "\x1b[0m", "").Replace(painted)
	if bare == painted || bare != text(t, failing(), report.Options{}) {
		t.Errorf("got %q", painted)
	}
}
