package results

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// agreed reads a line in both ways. What scan takes encoding/json must take,
// and to the same block.
func agreed(t rapid.TB, line []byte) (taken bool) {
	t.Helper()
	// What was read before must not shine through.
	b := block{Type: "x", First: 7, N: 7, Classes: []string{"before"}}
	b.Bytes, b.LateNS = []int64{1, 2, 3}, []int64{4}
	if !b.scan(line) {
		return false
	}
	var want block
	if err := json.Unmarshal(line, &want); err != nil {
		t.Fatalf("scan takes %q: %v", line, err)
	}
	if diff := cmp.Diff(want, b, cmp.AllowUnexported(block{})); diff != "" {
		t.Fatalf("%q (-json +scan):\n%s", line, diff)
	}
	return true
}

// FuzzScan: whatever the line, scan refuses it or agrees with encoding/json.
func FuzzScan(f *testing.F) {
	line := string(appendBlock(nil, []Request{
		{Class: ClassOK, Status: 200, Bytes: 5, Attempts: 1, ServiceNS: 1e6},
		{Index: 1, Class: "timeout", Phase: "wait", Bytes: -3, StartNS: 1},
	}))
	f.Add([]byte(line))
	f.Add([]byte(strings.Replace(line, "}\n", `,"late_ns":[3,0]}`+"\n", 1)))
	for _, c := range refused() {
		f.Add([]byte(c.edit(line)))
	}
	f.Fuzz(func(t *testing.T, line []byte) { agreed(t, line) })
}

// TestScanTakesWhatIsWritten: no line of ours is read the slow way, but for
// numbers that do not occur.
func TestScanTakesWhatIsWritten(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := func(name string) int64 {
			return rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(-1e18+1, 1e18-1)).Draw(r, name)
		}
		requests := make([]Request, rapid.SampledFrom([]int{1, 2, 3, 999, 1000}).Draw(r, "n"))
		few := rapid.SliceOfN(rapid.Custom(func(*rapid.T) Request {
			return Request{
				Class: rapid.SampledFrom([]string{"", ClassOK, "http_5xx"}).Draw(r, "class"), StartNS: n("start"), ServiceNS: n("service"),
				Bytes: n("bytes"), Attempts: rapid.IntRange(0, 2).Draw(r, "attempts"), Phases: Phases{WaitNS: n("wait"), LateNS: n("late")},
			}
		}), 1, 3).Draw(r, "requests")
		for i := range requests {
			requests[i] = few[i%len(few)]
			requests[i].Index = 1000 + i
		}
		if line := appendBlock(nil, requests); !agreed(r, line) {
			r.Fatalf("refused: %s", line)
		}
	})
}

// TestOurLinesAreNotDecodedTwice: a million requests cost encoding/json a second,
// and the same memory a hundred times over.
func TestOurLinesAreNotDecodedTwice(t *testing.T) {
	requests := make([]Request, requestsPerLine)
	for i := range requests {
		requests[i] = Request{Index: i, Class: ClassOK, Bytes: int64(i)}
	}
	text := "{\"type\":\"run\",\"schema\":1,\"contenders\":[{\"name\":\"a\"}]}\n" + string(appendBlock(nil, requests)) + "{\"type\":\"trial\",\"contender\":\"a\"}\n"
	count := func(text string) float64 {
		return testing.AllocsPerRun(10, func() {
			for _, err := range Trials(strings.NewReader(text)) {
				if err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	if ours, others := count(text), count(strings.Replace(text, `"n":`, `"n": `, 1)); ours >= others {
		t.Errorf("%v allocations, as many as the %v of encoding/json", ours, others)
	}
}

// An edit is one that somebody could make by hand.
type edit struct{ name, old, new string }

// edit makes it.
func (e edit) edit(line string) string { return strings.Replace(line, e.old, e.new, 1) }

// refused are forms of a line that encoding/json reads otherwise than its
// digits seem to say, or not at all, or that we do not write.
func refused() []edit {
	return []edit{
		{"a space", `,"n":`, `, "n":`},
		{"another name", `"status"`, `"Status"`},
		{"another order", `"status":[200,0],"attempts":[1,0]`, `"attempts":[1,0],"status":[200,0]`},
		{"another type", `"requests"`, `"request"`},
		{"one name more", "}\n", ",\"x\":1}\n"},
		{"an empty last column", "}\n", ",\"late_ns\":[]}\n"},
		{"a last column twice", "}\n", ",\"late_ns\":[1],\"late_ns\":[2]}\n"},
		{"one brace more", "}\n", "}}\n"},
		{"no brace", "}\n", "\n"},
		{"a line more", "}\n", "}\n\n"},
		{"a zero in front", `"n":2`, `"n":02`},
		{"a minus by itself", `"n":2`, `"n":-`},
		{"a minus and a zero in front", `"status":[200`, `"status":[-0200`},
		{"a plus", `"n":2`, `"n":+2`},
		{"a fraction", `"status":[200`, `"status":[200.5`},
		{"an exponent", `"status":[200`, `"status":[2e2`},
		{"more than an int64", `"status":[200`, `"status":[9223372036854775808`},
		{"an empty column", `"status":[200,0]`, `"status":[]`},
		{"a comma at the end", `"status":[200,0]`, `"status":[200,0,]`},
		{"a column without end", `"body_ns":[0]}`, `"body_ns":[0`},
		{"a long column", `"status":[200,0]`, `"status":[` + strings.Repeat("1,", 1000) + "1]"},
		{"an escape", `"ok"`, `"\u006fk"`},
		{"another alphabet", `"ok"`, `"ök"`},
		{"a control character", `"ok"`, "\"o\tk\""},
		{"no classes", `["ok","timeout wait"]`, `[]`},
		{"a class without end", `wait"]`, `wait`},
		{"null", `"status":[200,0]`, `"status":null`},
		{"no newline", "\n", ""},
	}
}

// TestScanRefusesWhatIsNotOurs: for each of them encoding/json decides.
func TestScanRefusesWhatIsNotOurs(t *testing.T) {
	line := string(appendBlock(nil, []Request{
		{Class: ClassOK, Status: 200, Bytes: 5, Attempts: 1}, {Index: 1, Class: "timeout", Phase: "wait"},
	}))
	if !agreed(t, []byte(line)) {
		t.Fatalf("refused: %s", line)
	}
	for _, c := range refused() {
		edited := c.edit(line)
		if edited == line || agreed(t, []byte(edited)) {
			t.Errorf("%s: taken: %s", c.name, edited)
		}
	}
	if (&block{}).scan(nil) {
		t.Error("nothing is taken")
	}
}
