package bench

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"strings"
)

// A value of a header, of a query or a body may say where it is instead of what it
// is: env:NAME takes it from the environment, @FILE from a file. Text that begins
// like that and is meant as it stands is written literal:TEXT. A journal has
// hidden:DIGITS in the place of a value that it does not tell.
const (
	envPrefix     = "env:"
	filePrefix    = "@"
	literalPrefix = "literal:"
	hiddenWord    = "hidden"
	hiddenPrefix  = hiddenWord + ":"
)

// The most that a file may hold: headers are bounded by servers, at 8 to 64 KiB.
const (
	mostValue = 64 << 10
	mostBody  = 16 << 20
)

// ErrHidden is the error of a plan out of a journal, which does not have its secrets.
var ErrHidden = errors.New("the journal has a keyed hash in the place of this value")

// isReference reports whether a value says where it is.
func isReference(value string) bool {
	return strings.HasPrefix(value, envPrefix) || strings.HasPrefix(value, filePrefix)
}

// splitReference cuts the scheme off the value of an Authorization header, as in
// "Bearer env:TOKEN". Of other headers the whole value is one or is none.
func splitReference(header, value string) (scheme, rest string) {
	if !strings.EqualFold(header, "Authorization") && !strings.EqualFold(header, "Proxy-Authorization") {
		return "", value
	}
	if at := strings.IndexByte(value, ' ') + 1; at > 0 && isReference(value[at:]) {
		return value[:at], value[at:]
	}
	return "", value
}

// cutFragment cuts a URL before the # that ends it.
func cutFragment(raw string) (address, fragment string) {
	if at := strings.IndexByte(raw, '#'); at >= 0 {
		return raw[:at], raw[at:]
	}
	return raw, ""
}

// special reports whether a value is not the text that is sent.
func special(value string) bool {
	return isReference(value) || strings.HasPrefix(value, literalPrefix) || strings.HasPrefix(value, hiddenPrefix)
}

// A lookup finds the values of references, each once: a pipe cannot be read twice,
// and a file that changes must not give two requests different secrets.
type lookup struct {
	found map[string]string
}

// reveal returns the requests of the plan with every value in its place. The error
// names the field and the reference, never a value.
func (p Plan) reveal() ([]Request, lookup, error) {
	l := lookup{found: map[string]string{}}
	fetched := p.fetched()
	list := make([]Request, len(fetched))
	var c check
	said := map[string]bool{} // a header of all URLs is wrong once
	for i, r := range fetched {
		var err error
		if list[i], err = l.request(r); err == nil {
			err = list[i].Check()
		}
		if err != nil && !said[err.Error()] {
			said[err.Error()] = true
			c.say(true, fmt.Sprintf("urls[%d]", i), "%s: %w", shown(r.URL), err)
		}
	}
	return list, l, errors.Join(c.wrong...)
}

// request returns the request with its values in their places.
func (l lookup) request(r Request) (Request, error) {
	var errs []error
	note := func(what string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("in %s, %w", what, err)) // a colon would look like a value
		}
	}
	// What follows a # is never sent, and says nothing about where values are.
	address, fragment := cutFragment(r.URL)
	r.URL = mapQuery(address, func(name, value string) string {
		if !special(value) { // as it is written: %40 is an @ that begins no reference
			return value
		}
		text, err := l.value(unescaped(value), mostValue)
		note("query value "+name, err)
		return url.QueryEscape(text)
	}) + fragment
	header := maps.Clone(r.Header)
	for name, value := range r.Header {
		scheme, rest := splitReference(name, value)
		text, err := l.value(rest, mostValue)
		note("header "+name, err)
		header[name] = scheme + text
	}
	r.Header = header
	body, err := l.value(r.Body, mostBody)
	note("the body", err)
	r.Body = body
	return r, errors.Join(errs...)
}

// value is what a value of a plan stands for. Of a file that is not a body the line
// end at its end does not count, for editors write one.
func (l lookup) value(text string, most int) (string, error) {
	switch {
	case strings.HasPrefix(text, literalPrefix):
		return strings.TrimPrefix(text, literalPrefix), nil
	case strings.HasPrefix(text, hiddenPrefix):
		return "", ErrHidden
	case !isReference(text):
		return text, nil
	}
	value, ok := l.found[text]
	if !ok {
		var err error
		if value, err = referred(text); err != nil {
			return "", err
		}
		l.found[text] = value
	}
	if most == mostValue && strings.HasPrefix(text, filePrefix) {
		value = strings.TrimSuffix(strings.TrimSuffix(value, "\n"), "\r")
	}
	switch {
	case value == "":
		return "", fmt.Errorf("%s is empty", text)
	case len(value) > most:
		return "", fmt.Errorf("%s has more than %d bytes", text, most)
	}
	return value, nil
}

// referred finds what a reference names.
func referred(reference string) (string, error) {
	if name, ok := strings.CutPrefix(reference, envPrefix); ok {
		value, set := os.LookupEnv(name)
		if !set {
			return "", fmt.Errorf("the environment has no variable %s; write literal:%s%s for that text itself", name, envPrefix, name)
		}
		return value, nil
	}
	path := strings.TrimPrefix(reference, filePrefix)
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("%w; write literal:%s for that text itself", err, reference)
	}
	defer func() { _ = file.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(file, mostBody+1))
	return string(text), err
}

// digests is what the header of a run says of the values of references: enough to
// tell whether two runs had the same, and nothing of what they were.
func (l lookup) digests(v veil) map[string]string {
	if len(l.found) == 0 {
		return nil
	}
	list := map[string]string{}
	for reference, value := range l.found {
		list[reference] = v.digest(value)
	}
	return list
}

// Refers reports whether the plan takes any value from elsewhere. It looks none up.
func (p Plan) Refers() bool {
	for _, r := range p.fetched() {
		found := isReference(r.Body)
		address, _ := cutFragment(r.URL)
		mapQuery(address, func(_, value string) string {
			found = found || isReference(value)
			return value
		})
		for name, value := range r.Header {
			_, rest := splitReference(name, value)
			found = found || isReference(rest)
		}
		if found {
			return true
		}
	}
	return false
}
