package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// An importer reads an import token by token and knows where each begins.
type importer struct {
	name   string
	text   []byte
	tokens *json.Decoder
	at     int // where the last token begins
	// What was read so far; a place below 0 says that it was not.
	series              []series
	times               int
	baseline            string
	judging             Judging
	baselineAt, timesAt int
}

// newImporter is at the beginning of the text.
func newImporter(name string, text []byte) *importer {
	im := &importer{name: name, text: text, baselineAt: -1, timesAt: -1}
	im.judging = Judging{Alpha: defaultShare, Delta: defaultShare}
	im.tokens = json.NewDecoder(bytes.NewReader(text))
	im.tokens.UseNumber()
	return im
}

// valid refuses what is no JSON, NaN and bare Infinity among it. After it the
// tokens are those of one whole value.
func (im *importer) valid() error {
	for at := 0; at < len(im.text); {
		r, size := utf8.DecodeRune(im.text[at:])
		if r == utf8.RuneError && size == 1 {
			return im.wrong(at, "this is no UTF-8 text: save it as such")
		}
		at += size
	}
	var value json.RawMessage
	err := json.Unmarshal(im.text, &value)
	if err == nil {
		return nil
	}
	at := len(im.text) // where more was expected
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && !strings.Contains(syntax.Error(), "unexpected end") {
		at = int(syntax.Offset) - 1 // which counts the character itself
	}
	return im.wrong(at, "this is no JSON: %w; this reads %s", err, importForm)
}

// wrong says what is wrong at a place of the text.
func (im *importer) wrong(at int, format string, a ...any) error {
	before := im.text[:at]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[1+bytes.LastIndexByte(before, '\n'):])
	return fmt.Errorf("%s:%d:%d: %w", im.name, line, column, fmt.Errorf(format, a...))
}

// next is the next token.
func (im *importer) next() (json.Token, error) {
	im.at = int(im.tokens.InputOffset())
	for im.at < len(im.text) && bytes.IndexByte([]byte(" \t\r\n,:"), im.text[im.at]) >= 0 {
		im.at++
	}
	token, err := im.tokens.Token()
	if err != nil {
		return nil, im.wrong(im.at, "%w", err)
	}
	return token, nil
}

// quoted is the last token as it stands in the text, as far as one wants to
// read it.
func (im *importer) quoted() string {
	const most = 40
	token := im.text[im.at:im.tokens.InputOffset()]
	if utf8.RuneCount(token) > most {
		return string([]rune(string(token))[:most]) + "…"
	}
	return string(token)
}

// object reads an object, field by field. A field of the same name twice is
// refused: which of the two would count?
func (im *importer) object(field func(key string) error) error {
	places := map[string]int{}
	if err := im.opens('{', "an object"); err != nil {
		return err
	}
	for im.tokens.More() {
		token, err := im.next()
		if err != nil {
			return err
		}
		key, _ := token.(string) // nothing else can stand here
		if before, twice := places[key]; twice {
			return im.wrong(im.at, "%q is here for the second time, after line %d: rename one of the two",
				key, 1+bytes.Count(im.text[:before], []byte("\n")))
		}
		places[key] = im.at
		if err := field(key); err != nil {
			return err
		}
	}
	_, err := im.next()
	return err
}

// list reads a list, value by value, and says where it begins.
func (im *importer) list(value func() error, from *int) error {
	if err := im.opens('[', "a list of times"); err != nil {
		return err
	}
	*from = im.at
	for im.tokens.More() {
		if err := value(); err != nil {
			return err
		}
	}
	_, err := im.next()
	return err
}

// opens reads the beginning of an object or a list.
func (im *importer) opens(with json.Delim, what string) error {
	token, err := im.next()
	if err == nil && token != with {
		err = im.wrong(im.at, "%s is expected here, and not %s; this reads %s", what, im.quoted(), importForm)
	}
	return err
}

// word reads a text; form says what is expected.
func (im *importer) word(form string) (string, error) {
	token, err := im.next()
	if err != nil {
		return "", err
	}
	word, ok := token.(string)
	if !ok {
		return "", im.wrong(im.at, "%s, in quotes, and not %s", form, im.quoted())
	}
	return word, nil
}

// number reads a number; form says what is expected. One that is too large is
// infinite.
func (im *importer) number(form string) (float64, error) {
	token, err := im.next()
	if err != nil {
		return 0, err
	}
	number, ok := token.(json.Number)
	if !ok {
		return 0, im.wrong(im.at, "%s, and not %s", form, im.quoted())
	}
	f, _ := number.Float64()
	return f, nil
}
