package results

import "bytes"

// scan reads a line of requests into b and tells whether it could: whether the
// line is, byte by byte, of the form that appendBlock writes. A line of another
// form, perhaps edited by hand, is for encoding/json, which takes five times as
// long; where both can read a line they agree on it. The columns of b are used
// again, so that a million requests take the memory of a thousand.
//
// What it does not know it refuses: other names, another order, spaces, escapes,
// numbers of more than 18 digits, columns that are empty or too long.
func (b *block) scan(line []byte) bool {
	// No number and no name goes on over the end of the line, so that nothing
	// below needs to look for the end of the text.
	if len(line) == 0 || line[len(line)-1] != '\n' {
		return false
	}
	s := scanner{text: line, ok: true}
	s.word(`{"type":"requests","first":`)
	first := s.number()
	s.word(`,"n":`)
	n := s.number()
	s.word(`,"classes":[`)
	b.Classes = s.words(b.Classes[:0])
	b.Class = s.column("class", b.Class)
	b.Status = s.column("status", b.Status)
	b.Attempts = s.column("attempts", b.Attempts)
	for _, f := range fields() {
		values := f.block(b)
		*values = s.column(f.name, *values)
	}
	late := b.LateNS
	if b.LateNS = nil; s.next(`,"` + lateName) {
		b.LateNS = s.column(lateName, late)
	}
	s.word("}\n")
	b.Type, b.First, b.N = "requests", int(first), int(n)
	return s.ok && s.at == len(line)
}

// A scanner is a place in a line that ends with a newline. Once something was
// not as expected it is not ok, and stays where it is.
type scanner struct {
	text []byte
	at   int
	ok   bool
}

// word goes past what must stand here.
func (s *scanner) word(want string) {
	if !s.next(want) {
		s.ok = false
		return
	}
	s.at += len(want)
}

// next tells whether this stands here, and stays.
func (s *scanner) next(want string) bool {
	return s.ok && bytes.HasPrefix(s.text[s.at:], []byte(want))
}

// number reads a whole number.
func (s *scanner) number() int64 {
	if !s.ok {
		return 0
	}
	v, end := digits(s.text, s.at)
	s.ok = end > s.at
	s.at = end
	return v
}

// column reads `,"name":[values]` into the memory of values.
func (s *scanner) column(name string, values []int64) []int64 {
	s.word(`,"`)
	s.word(name)
	s.word(`":[`)
	values = values[:0]
	for s.ok && len(values) < requestsPerLine {
		v, end := digits(s.text, s.at)
		if end == s.at {
			break
		}
		values = append(values, v)
		s.at = end + 1
		switch s.text[end] {
		case ',':
		case ']':
			return values
		default:
			s.ok = false
		}
	}
	s.ok = false
	return values
}

// words reads `"word","word"]` for words of plain letters, which have the same
// form in a text as in JSON.
func (s *scanner) words(words []string) []string {
	for s.ok {
		s.word(`"`)
		end := s.at
		for plain(s.text[end]) {
			end++
		}
		words = append(words, string(s.text[s.at:end]))
		s.at = end
		s.word(`"`)
		if s.ok && s.text[s.at] == ']' {
			s.at++
			return words
		}
		s.word(`,`)
	}
	return words
}

// plain tells whether a character stands for itself in JSON.
func plain(c byte) bool {
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\'
}

// digits reads the whole number at a place and returns where it ends: at the
// place itself if none stands there. As in JSON it has no zeros in front and no
// plus. 18 digits cannot overflow; times and sizes of more do not occur.
func digits(text []byte, at int) (v int64, end int) {
	i := at
	if text[i] == '-' {
		i++
	}
	from := i
	for d := text[i] - '0'; d <= 9; d = text[i] - '0' {
		v = 10*v + int64(d)
		i++
	}
	if n := i - from; n == 0 || n > 18 || text[from] == '0' && i > at+1 {
		return 0, at
	}
	if from > at {
		v = -v
	}
	return v, i
}
