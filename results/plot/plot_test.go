package plot_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results/plot"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// wellFormed fails the test unless the figure is XML, and returns its elements.
func wellFormed(t testing.TB, svg string) (elements []xml.StartElement) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return elements
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		if start, ok := token.(xml.StartElement); ok {
			elements = append(elements, start.Copy())
		}
	}
}

// TestTicksAreRound: multiples of 1, 2 or 5 times a power of ten, and no more of them
// than asked for. Each list was counted by hand.
func TestTicksAreRound(t *testing.T) {
	for _, test := range []struct {
		scale plot.Scale
		most  int
		want  []float64
	}{
		{plot.Linear(0, 10), 6, []float64{0, 2, 4, 6, 8, 10}},
		{plot.Linear(0.3, 0.9), 7, []float64{0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}},
		{plot.Linear(-1, 1), 3, []float64{-1, 0, 1}},
		{plot.Linear(412, 418), 7, []float64{412, 413, 414, 415, 416, 417, 418}},
		{plot.Log(1, 100), 7, []float64{1, 2, 5, 10, 20, 50, 100}},
		{plot.Log(0.3, 20), 7, []float64{0.5, 1, 2, 5, 10, 20}},
		{plot.Log(1, 1000), 7, []float64{1, 3, 10, 30, 100, 300, 1000}},
		{plot.Log(1, 1e6), 7, []float64{1, 10, 100, 1e3, 1e4, 1e5, 1e6}},
		{plot.Log(1, 1e12), 7, []float64{1, 100, 1e4, 1e6, 1e8, 1e10, 1e12}},
		{plot.Log(1, 1.5), 6, []float64{1, 1.1, 1.2, 1.3, 1.4, 1.5}},
	} {
		var got, want []string
		for _, v := range test.scale.Ticks(test.most) {
			got = append(got, plot.Number(v))
		}
		for _, v := range test.want {
			want = append(want, plot.Number(v))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", test.scale, diff)
		}
	}
}

// TestScalesKeepTheOrder: whatever the ends, a larger value is never further left, all
// is within the length, and ticks are few, within the ends and in order.
func TestScalesKeepTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(-1e12, 1e12).Draw(t, "a"), rapid.Float64Range(-1e12, 1e12).Draw(t, "b")
		most := rapid.IntRange(2, 12).Draw(t, "most")
		scale := plot.Linear(a, b)
		if rapid.Bool().Draw(t, "log") {
			scale = plot.Log(math.Abs(a), math.Abs(b))
		}
		if rapid.Bool().Draw(t, "nice") {
			scale = scale.Nice(most)
		}
		low, high := scale.Ends()
		x, y := rapid.Float64Range(low, high).Draw(t, "x"), rapid.Float64Range(low, high).Draw(t, "y")
		if sx, sy := scale.Share(min(x, y)), scale.Share(max(x, y)); !(sx <= sy && sx >= -1e-9 && sy <= 1+1e-9) {
			t.Fatalf("%v is at %v, %v at %v", min(x, y), sx, max(x, y), sy)
		}
		ticks := scale.Ticks(most)
		if len(ticks) > most {
			t.Fatalf("%d ticks, asked for %d: %v", len(ticks), most, ticks)
		}
		for i, v := range ticks {
			if v < low-1e-6*(high-low) || v > high+1e-6*(high-low) || i > 0 && v <= ticks[i-1] {
				t.Fatalf("ticks %v in %v to %v", ticks, low, high)
			}
		}
	})
}

// TestScaleIsChosenBySpread: from zero where all can be seen, by ratios where not.
func TestScaleIsChosenBySpread(t *testing.T) {
	if plot.Fit(1, 8).IsLog() || !plot.Fit(1, 40).IsLog() || plot.Fit(0, 40).IsLog() {
		t.Error("8 times the least needs no ratios, 40 times does, and zero has none")
	}
	if low, _ := plot.Fit(1, 8).Ends(); low != 0 {
		t.Errorf("begins at %v", low)
	}
}

// hostile are texts that would be more than text if they could.
func hostile() []string {
	return []string{`"><script>x</script>`, "</text></svg>", "' onload='x", "&lt;", "]]>", "<!--"}
}

// draw is a figure with every kind of mark, and a text wherever there can be one.
func draw(text string, v float64) string {
	c := plot.New(plot.Width, 100)
	ink := plot.Ink{Class: "bar", Tip: text}
	at := []plot.Point{{X: 1, Y: v}, {X: v, Y: 2}, {X: 3, Y: 3}}
	f := plot.Frame{
		Box: plot.Box{Left: 10, Top: 10, Width: 100, Height: 50},
		X:   plot.Axis{Scale: plot.Linear(0, v), Label: text, Ticks: 5},
		Y:   plot.Axis{Scale: plot.Log(1, v), Label: text, Ticks: 5, Words: func(float64) string { return text }},
	}
	f.Draw(c)
	c.Group(ink)
	c.Line(ink, at[0], at[1])
	c.Rect(ink, at[0], at[1])
	c.Dot(ink, at[0], v)
	c.Cross(ink, at[2], 3)
	for i := range 7 {
		c.Mark(ink, i, at[2], 3)
	}
	c.Dots(ink, at)
	c.Polyline(ink, at)
	c.Steps(ink, at)
	c.Area(ink, at, at)
	c.Text(ink, at[2], plot.Middle, text)
	return string(c.HTML("id", text, text))
}

// TestTextIsText: no text becomes an element or an attribute.
func TestTextIsText(t *testing.T) {
	want := wellFormed(t, draw("tame", 5))
	for _, text := range hostile() {
		got := wellFormed(t, draw(text, 5))
		if len(got) != len(want) {
			t.Errorf("%q makes %d elements of %d", text, len(got), len(want))
		}
		for _, e := range got {
			for _, a := range e.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "style" {
					t.Errorf("%q makes an attribute %s", text, a.Name.Local)
				}
			}
		}
	}
}

// TestNumbersArePlain: no exponent, no more than two decimals, and what is no number is
// not drawn.
func TestNumbersArePlain(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e-9, 1e18, 0, math.Copysign(0, -1), 1.0 / 3} {
		svg := draw("x", v)
		wellFormed(t, svg)
		if bad := regexp.MustCompile(`NaN|Inf|[0-9]e[+-]|="[^"]*\.[0-9]{3}`).FindString(svg); bad != "" {
			t.Errorf("%v is written as %q", v, bad)
		}
	}
}

// TestManyDotsAreShort: a dot takes less than twenty bytes.
func TestManyDotsAreShort(t *testing.T) {
	c := plot.New(plot.Width, 100)
	var at []plot.Point
	for i := range plot.MostMarks {
		at = append(at, plot.Point{X: float64(i) / 8, Y: 50.25})
	}
	c.Dots(plot.Ink{}, at)
	if c.Marks() != plot.MostMarks {
		t.Errorf("%d marks are counted as %d", plot.MostMarks, c.Marks())
	}
	if n := len(c.HTML("id", "", "")); n > 20*plot.MostMarks {
		t.Errorf("%d dots take %d bytes", plot.MostMarks, n)
	}
}

// TestSeriesDiffer: eight look different by class and by dash, six by shape.
func TestSeriesDiffer(t *testing.T) {
	style := plot.Style()
	for i := range 8 {
		class := "." + plot.Series(i) + "{--c:var(--c" + fmt.Sprint(i)
		if !strings.Contains(style, class) {
			t.Errorf("the style sheet has no %s", class)
		}
	}
	seen := map[string]bool{}
	for i := range 6 {
		c := plot.New(1, 1)
		c.Mark(plot.Ink{}, i, plot.Point{}, 1)
		seen[string(c.HTML("id", "", ""))] = true
	}
	if len(seen) != 6 {
		t.Errorf("six shapes are %d", len(seen))
	}
}

// ExampleFrame_At puts a value in the middle of a box.
func ExampleFrame_At() {
	f := plot.Frame{
		Box: plot.Box{Left: 40, Top: 10, Width: 200, Height: 100},
		X:   plot.Axis{Scale: plot.Linear(0, 10)}, Y: plot.Axis{Scale: plot.Log(1, 100)},
	}
	fmt.Println(f.At(5, 10))
	// Output: {140 60}
}
