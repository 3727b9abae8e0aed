package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A sheet writes CSV by RFC 4180, with the header first and as many cells in
// every row. The cells of a row are written one behind the other into one
// buffer, since a row for each of a million requests is a string each otherwise.
type sheet struct {
	out   *csv.Writer
	cells []string
	text  []byte
	ends  []int
}

// newSheet writes the header.
func newSheet(w io.Writer, header string) (*sheet, error) {
	s := &sheet{out: csv.NewWriter(w)}
	s.out.UseCRLF = true // as the RFC has it, and old spreadsheets want it
	if err := s.out.Write(strings.Split(header, ",")); err != nil {
		return nil, fmt.Errorf("write CSV: %w", err)
	}
	return s, nil
}

// end closes the cell that was appended to the buffer.
func (s *sheet) end() { s.ends = append(s.ends, len(s.text)) }

// empty is the cell of a number that there is not.
func (s *sheet) empty() { s.end() }

// cell appends a text that has gone through harmless.
func (s *sheet) cell(text string) {
	s.text = append(s.text, text...)
	s.end()
}

// int appends a whole number.
func (s *sheet) int(n int64) {
	s.text = strconv.AppendInt(s.text, n, 10)
	s.end()
}

// whole appends a count that may exceed an int64.
func (s *sheet) whole(n uint64) {
	s.text = strconv.AppendUint(s.text, n, 10)
	s.end()
}

// seconds appends nanoseconds as seconds, exactly: nine digits behind the point
// less the zeros at the end.
func (s *sheet) seconds(ns int64) {
	whole, part := ns/1e9, ns%1e9
	if ns < 0 {
		s.text = append(s.text, '-')
		whole, part = -whole, -part
	}
	s.text = strconv.AppendInt(s.text, whole, 10)
	if part != 0 {
		digits := len(s.text)
		s.text = strconv.AppendInt(s.text, 1e9+part, 10)
		s.text[digits] = '.'
		for s.text[len(s.text)-1] == '0' {
			s.text = s.text[:len(s.text)-1]
		}
	}
	s.end()
}

// float appends a number with all its digits, or nothing for none. 'f' without an
// exponent is what every spreadsheet reads as a number.
func (s *sheet) float(v *float64) {
	if f, ok := finite(v); ok {
		s.text = strconv.AppendFloat(s.text, f, 'f', -1, 64)
	}
	s.end()
}

// row writes the cells appended since the last one.
func (s *sheet) row() error {
	all, from := string(s.text), 0
	s.cells = s.cells[:0]
	for _, end := range s.ends {
		s.cells = append(s.cells, all[from:end])
		from = end
	}
	s.text, s.ends = s.text[:0], s.ends[:0]
	if err := s.out.Write(s.cells); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// close hands over what is still in memory. The last write can fail like any.
func (s *sheet) close() error {
	s.out.Flush()
	if err := s.out.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// harmless makes a text a cell that no spreadsheet takes for a formula: what
// begins with a character that opens one, spaces and quotes before it not
// counted, gets an apostrophe in front. Runes that do not show are replaced as
// by Clean, so that a row is always one line.
func harmless(s string) string {
	start := strings.TrimLeft(s, " \"'`")
	// The last four are those of keyboards in East Asia, and open formulae there.
	first, _ := utf8.DecodeRuneInString(start)
	if start != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		s = "'" + s
	}
	return Clean(s)
}
