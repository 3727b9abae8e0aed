package client

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// textLimit bounds the text of an error. net/http quotes status lines, which may be
// as long as the header limit, and an outcome may live as long as the run.
const textLimit = 300

// A cleanError reads as printable text and is still the error that it was.
type cleanError struct {
	text string
	err  error
}

func (e *cleanError) Error() string { return e.text }
func (e *cleanError) Unwrap() error { return e.err }

// printable returns an error that is safe to print: everything that could move a
// cursor, change a colour or turn the direction of writing is escaped. A text that
// had to be cut loses its error, which would hold on to the whole of it.
func printable(err error) error {
	text := err.Error()
	switch clean := escape(text); {
	case len(clean) > textLimit:
		return errors.New(strings.ToValidUTF8(clean[:textLimit], "") + "...")
	case clean != text:
		return &cleanError{clean, err}
	}
	return err
}

// escape writes runes that do not print, and bytes that are no UTF-8, as Go would
// in a quoted string. Text of this form passes through unchanged.
func escape(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)):
			b.WriteString(`\x` + strconv.FormatUint(uint64(s[i])|0x100, 16)[1:])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
		if b.Len() > textLimit+utf8.UTFMax {
			break
		}
	}
	return b.String()
}

// parseError takes the URL out of an error of package url: it may hold a password,
// and whoever prints the error knows the URL anyway. The URL of the error itself is not
// asked for a user name, as it ends before a hash.
func parseError(raw string, err error) error {
	var parse *url.Error
	switch {
	case !errors.As(err, &parse):
		return err
	case strings.Contains(raw, "@"):
		// Of http://me:a/b@host it says that port ":a" is invalid.
		return errors.New("a user name, or what follows it, has a character that cannot be there")
	}
	return parse.Err
}
