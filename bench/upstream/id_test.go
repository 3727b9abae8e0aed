package upstream

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The forms on the wire are part of the protocol with other programs, so some are
// spelt out; then any id whatever has to survive the way there and back.
func TestRequestIDReadsBack(t *testing.T) {
	for text, want := range map[string]ID{
		"3.1.7":    {Round: 3, Contender: 1, Index: 7},
		"-1.0.4":   {Round: -1, Index: 4},
		"0.0.0":    {},
		"-10.20.3": {Round: -10, Contender: 20, Index: 3},
	} {
		if got := RequestID(want.Round, want.Contender, want.Index); got != text {
			t.Errorf("RequestID(%+v) = %q, want %q", want, got, text)
		}
		if got, err := ParseID(text); err != nil || got != want {
			t.Errorf("ParseID(%q) = %+v, %v", text, got, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.IntRange(0, math.MaxInt32)
		want := ID{rapid.IntRange(-math.MaxInt32, math.MaxInt32).Draw(t, "round"), number.Draw(t, "contender"), number.Draw(t, "index")}
		if got, err := ParseID(want.String()); err != nil || got != want {
			t.Fatalf("%+v came back as %+v, %v", want, got, err)
		}
	})
}

// Signs, zeros, spaces, other digits, too few and too many parts, and the first
// number that is too large (2^31) in two places.
func TestParseIDRefusesOtherSpellings(t *testing.T) {
	for _, text := range []string{
		"", ".", "..", "1", "1.2", "1.2.", ".1.2", "1..2", "1.2.3.4", "1.2.3.", "+1.2.3", "1.+2.3", "1.-2.3", "1.2.-3",
		"-0.1.2", "--1.2.3", "01.2.3", "1.02.3", "1.2.03", " 1.2.3", "1.2.3 ", "1.2.3\n", "a.b.c", "1,2,3", "1.2.0x3",
		"2147483648.0.0", "0.0.2147483648", "99999999999.0.0", "\u0661.2.3",
	} {
		if id, err := ParseID(text); err == nil {
			t.Errorf("ParseID(%q) = %+v", text, id)
		}
	}
	const want = `request id "a.b.c": want round.contender.index, such as 3.1.7`
	if _, err := ParseID("a.b.c"); err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
}

// One id, one spelling: what parses is written back unchanged.
func FuzzParseID(f *testing.F) {
	for _, text := range []string{"3.1.7", "-1.0.4", "-0.0.0", "007.1.1", "1.2.3.4", "2147483647.2147483647.2147483647"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if id, err := ParseID(text); err == nil && id.String() != text {
			t.Fatalf("%q parses as %+v, which is written %q", text, id, id)
		}
	})
}
