package client

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPrintableEscapes(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"plain", "plain"},
		{"grün 日本", "grün 日本"},
		{"\x1b[31mred\a", `\x1b[31mred\a`},
		{"a\r\nb\x00", `a\r\nb\x00`},
		{"\u202eevil\u200b", `\u202eevil\u200b`},
		{"\x9b1m \xff", `\x9b1m \xff`},
		{"\ufffd", "\ufffd"},
		{"it's \"quoted\"", "it's \"quoted\""},
	} {
		if got := printable(errors.New(tt.in)).Error(); got != tt.want {
			t.Errorf("printable(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestPrintableKeepsTheErrorAndBoundsTheText(t *testing.T) {
	if err := printable(errors.Join(io.EOF, fmt.Errorf("%s", "\n"))); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want it to be io.EOF still", err)
	}
	if got := len(printable(errors.New(strings.Repeat("\x01é", 1<<20))).Error()); got > textLimit+len("...") {
		t.Errorf("got %d bytes, want at most %d", got, textLimit)
	}
}

// TestR36HostileTextIsEscaped sends what a terminal would obey.
func TestR36HostileTextIsEscaped(t *testing.T) {
	for name, text := range map[string]string{
		"status":   "HTTP/1.1 2\x1b[2J0 \x9b\r\n\r\n",
		"location": "HTTP/1.1 302 Found\r\nLocation: http://\u202e\x80other/\r\nContent-Length: 0\r\n\r\n",
		"long":     "HTTP/1.1 " + strings.Repeat("\xff", 10_000) + "\r\n\r\n",
	} {
		o := fetch(t, newClient(t, Config{}), listen(t, answer(text)), "/")
		if o.Err == nil {
			t.Fatalf("%s: got %+v, want an error", name, o)
		}
		if got := o.Err.Error(); strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) || len(got) > 400 {
			t.Errorf("%s: error text %q is not printable or too long", name, got)
		}
	}
}

func FuzzPrintable(f *testing.F) {
	f.Add("plain")
	f.Add("\x1b[31m\xff\u202e")
	f.Fuzz(func(t *testing.T, in string) {
		once := printable(errors.New(in)).Error()
		if !utf8.ValidString(once) || strings.ContainsFunc(once, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("printable(%q) = %q", in, once)
		}
		if twice := printable(errors.New(once)).Error(); len(once) <= textLimit && twice != once {
			t.Errorf("%q became %q when made printable again", once, twice)
		}
	})
}
