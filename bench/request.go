package bench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// A Request is one request of a batch as plans write it: an address alone, or
// with what a GET of it does not say. A value of its header or query, or its body,
// that begins with env: or @ names a variable or a file that has it; literal: stands
// before a text that begins like that itself.
type Request struct {
	URL    string            `yaml:"url" json:"url"`
	Method string            `yaml:"method" json:"method,omitempty"`
	Header map[string]string `yaml:"header" json:"header,omitempty"`
	Body   string            `yaml:"body" json:"body,omitempty"`
}

// UnmarshalYAML reads an address alone or a mapping.
func (r *Request) UnmarshalYAML(decode func(any) error) error {
	if decode(&r.URL) == nil {
		return nil
	}
	type mapping Request // without this method
	return decode((*mapping)(r))
}

// Check says what is wrong with the request, before anything is sent.
func (r Request) Check() error {
	live := r.live("")
	if len(live.Header) < len(r.Header) {
		return fmt.Errorf("a header of %s is set twice, in different letter case", shown(r.URL))
	}
	return client.Check(live)
}

// live is the request as the client takes it.
func (r Request) live(id string) client.Request {
	out := client.Request{ID: id, Method: r.Method, URL: r.URL}
	for name, value := range r.Header {
		if out.Header == nil {
			out.Header = http.Header{}
		}
		out.Header.Set(name, value)
	}
	if r.Body != "" {
		out.Body = []byte(r.Body)
	}
	return out
}

// maxURLLine bounds a line of a list of URLs.
const maxURLLine = 1 << 20

// ParseURLs reads a list of URLs, one a line. Empty lines count for nothing, nor
// does what follows a # at the beginning of a line or after a space. The error
// names the source and the line of the first bad URL, and how many more there
// are; a list without a URL is an error too.
func ParseURLs(source string, r io.Reader) ([]Request, error) {
	var list []Request
	var first error
	more := 0
	number := 1
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxURLLine)
	for ; lines.Scan(); number++ {
		text := uncomment(string(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff"))))
		if text == "" {
			continue
		}
		request := Request{URL: verbatim(text)}
		switch err := onePerLine(request); {
		case err == nil:
			list = append(list, request)
		case first == nil:
			first = fmt.Errorf("%s:%d: %w", source, number, err)
		default:
			more++
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("%s:%d: the line is longer than %d bytes", source, number, maxURLLine)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", source, err)
	case first != nil && more > 0:
		return nil, fmt.Errorf("%w (and %d more)", first, more)
	case first != nil:
		return nil, first
	case len(list) == 0:
		return nil, fmt.Errorf("%s: %w", source, ErrNoURLs)
	}
	return list, nil
}

// verbatim is a URL of a list whose query values stand for themselves. Lists come from
// logs and crawls: none of them may have this program send a file or a variable.
func verbatim(raw string) string {
	return mapQuery(raw, func(_, value string) string {
		if isReference(value) || strings.HasPrefix(value, literalPrefix) {
			return literalPrefix + value
		}
		return value
	})
}

// onePerLine checks the URL of a line.
func onePerLine(r Request) error {
	if strings.ContainsAny(r.URL, " \t") {
		return fmt.Errorf("%q has white space in it: one URL a line", shown(r.URL))
	}
	return r.Check()
}

// ErrNoURLs is the error of a list that has no URL in it.
var ErrNoURLs = errors.New("no URLs")

// uncomment cuts the comment and the space around the rest. A # inside a word is
// the beginning of a fragment and stays.
func uncomment(text string) string {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "#") {
		return ""
	}
	if i := strings.IndexAny(text, " \t"); i >= 0 && strings.HasPrefix(strings.TrimSpace(text[i:]), "#") {
		text = text[:i]
	}
	return text
}
