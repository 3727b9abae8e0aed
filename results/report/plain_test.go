package report

import (
	"math"
	"strings"
	"testing"
)

// Names are cut first, then columns go from the right, the second one never.
func TestPlainFitsItsPlace(t *testing.T) {
	columns := []Column{
		{"Type", []string{"pool:4", "a name that nobody in the world would ever type"}},
		{"Median (ms)", []string{"12.5", "3.0"}},
		{"interval", []string{"12.0 .. 13.0", "2.5 .. 3.5"}},
		{"of trials", []string{"10.0 .. 15.0", "1.0 .. 9.0"}},
	}
	for width, heads := range map[int]string{80: "Type Median (ms) interval of trials", 40: "Type Median (ms)"} {
		var out strings.Builder
		if err := Plain(&out, columns, []string{"A sentence that is longer than the table is wide, so that it takes two lines."}, Options{Width: width}); err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(out.String(), "\n")
		if got := strings.Join(strings.Fields(first), " "); !strings.HasPrefix(got, heads) || width == 80 && got != heads {
			t.Errorf("%d columns: head is %q, want %q", width, got, heads)
		}
		if !fits(out.String(), width) {
			t.Errorf("wider than %d columns:\n%s", width, out.String())
		}
	}
}

// What somebody else wrote cannot move the cursor.
func TestPlainIsClean(t *testing.T) {
	var out strings.Builder
	err := Plain(&out, []Column{{"Type", []string{"\x1b[2Jx"}}, {"Median", []string{"1"}}}, []string{"from \x1b[2J"}, Options{})
	if err != nil || strings.Contains(out.String(), "\x1b") {
		t.Errorf("error %v and %q", err, out.String())
	}
}

func TestTimesHaveOneUnit(t *testing.T) {
	unit, cell := Times([]float64{0.5, 0.0125})
	if unit != "ms" || cell(0.5) != "500.0" || cell(0.0125) != "12.5" {
		t.Errorf("%s: %s and %s, want ms: 500.0 and 12.5", unit, cell(0.5), cell(0.0125))
	}
}

func TestObjectHasNoHoles(t *testing.T) {
	var out strings.Builder
	err := Object(&out, struct {
		A float64  `json:"a"`
		B []string `json:"b"`
	}{A: math.Inf(1)})
	if want := "{\n  \"a\": null,\n  \"b\": []\n}\n"; err != nil || out.String() != want {
		t.Errorf("error %v and %q, want %q", err, out.String(), want)
	}
}
