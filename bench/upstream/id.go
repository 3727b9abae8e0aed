package upstream

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// IDHeader is the header that carries a request's ID to the upstream.
const IDHeader = "X-Request-Id"

// An ID says which request of a run this is: the round (negative for warm-up
// rounds), the index of the contender and the index of the request in the batch.
// On the wire it reads "round.contender.index", for example 3.1.7 or -1.0.4.
type ID struct{ Round, Contender, Index int }

// RequestID is the value of the header X-Request-Id for one request of a run.
func RequestID(round, contender, index int) string {
	return ID{Round: round, Contender: contender, Index: index}.String()
}

// String is the form on the wire, the only one that ParseID accepts.
func (id ID) String() string {
	var room [40]byte
	text, _ := id.AppendText(room[:0])
	return string(text)
}

// AppendText appends the form on the wire; the error is always nil.
func (id ID) AppendText(text []byte) ([]byte, error) {
	text = strconv.AppendInt(text, int64(id.Round), 10)
	text = append(text, '.')
	text = strconv.AppendInt(text, int64(id.Contender), 10)
	text = append(text, '.')
	return strconv.AppendInt(text, int64(id.Index), 10), nil
}

// MarshalText makes an ID a key of a JSON object.
func (id ID) MarshalText() ([]byte, error) { return id.AppendText(nil) }

// UnmarshalText is the inverse of MarshalText.
func (id *ID) UnmarshalText(text []byte) error {
	parsed, err := ParseID(string(text))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

// ParseID reads the form that RequestID writes, and no other: ParseID(s).String()
// is s. Signs, leading zeros and numbers beyond 31 bits are refused, so that two
// spellings of one id can never be counted apart.
func ParseID(s string) (ID, error) {
	round, rest, _ := strings.Cut(s, ".")
	contender, index, _ := strings.Cut(rest, ".")
	negative := strings.HasPrefix(round, "-")
	r, okRound := parseNumber(strings.TrimPrefix(round, "-"))
	c, okContender := parseNumber(contender)
	i, okIndex := parseNumber(index)
	if !okRound || !okContender || !okIndex || negative && r == 0 {
		return ID{}, fmt.Errorf("request id %.60q: want round.contender.index, such as 3.1.7", s)
	}
	if negative {
		r = -r
	}
	return ID{Round: r, Contender: c, Index: i}, nil
}

// parseNumber reads a decimal number below 2^31 in its shortest spelling.
func parseNumber(s string) (int, bool) {
	if len(s) == 0 || len(s) > 10 || len(s) > 1 && s[0] == '0' {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		digit := s[i] - '0'
		if digit > 9 {
			return 0, false
		}
		n = n*10 + int(digit)
	}
	return n, n <= math.MaxInt32
}
