package bench

import (
	"fmt"
	"strconv"
	"strings"
)

// A Share is a part of one that plans and flags write as people do: "5%". A bare
// number is refused: 5 and 0.05 would both be meant by somebody.
type Share float64

// String is the form that UnmarshalText reads; none at all is a bare 0.
func (s Share) String() string {
	if s == 0 {
		return "0"
	}
	return strconv.FormatFloat(100*float64(s), 'g', 12, 64) + "%"
}

// MarshalText writes the share in percent.
func (s Share) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a percentage above 0 and below 100.
func (s *Share) UnmarshalText(text []byte) error {
	number, ok := strings.CutSuffix(strings.TrimSpace(string(text)), "%")
	percent, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !ok || err != nil || !(percent > 0 && percent < 100) {
		return fmt.Errorf("%q is no share: write it as 5%%", text)
	}
	*s = Share(percent / 100)
	return nil
}

// Set makes a Share a flag, with String and Type.
func (s *Share) Set(text string) error { return s.UnmarshalText([]byte(text)) }

// Type names the value of the flag in help texts.
func (s *Share) Type() string { return "percent" }
