package bench

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// A veil hides secrets in what a run writes down. In the place of a value there is
// the beginning of its HMAC-SHA256, so that two runs under one key show whether they
// had the same secret and nobody without the key can try guesses against it.
type veil struct {
	key []byte
	// known has every way to write the values of this run, longest first, each with
	// what stands in for it.
	known []string
	swap  *strings.Replacer
}

// newVeil hides by a key; without one by a key that nobody will know again.
func newVeil(key []byte) veil {
	if len(key) == 0 {
		key = []byte(rand.Text())
	}
	return veil{key: key, swap: strings.NewReplacer()}
}

// digest is the short keyed hash of a value: 32 bits tell apart as many secrets as
// anybody has, and say too little to check a guess by, were the key ever lost.
func (v veil) digest(value string) string {
	mac := hmac.New(sha256.New, v.key)
	mac.Write([]byte(value))
	const bytes = 4
	return hex.EncodeToString(mac.Sum(nil)[:bytes])
}

// hide is what stands in for a value.
func (v veil) hide(value string) string {
	return hiddenPrefix + v.digest(strings.TrimPrefix(value, literalPrefix))
}

// plan is the plan as it may be written down: references stay, secrets go.
func (v veil) plan(p Plan) Plan {
	p.Contenders, p.Baseline = slices.Clone(p.Contenders), Conceal(p.Baseline)
	for i, spec := range p.Contenders { // a command may have anything in it
		p.Contenders[i] = Conceal(spec)
	}
	p.Start = v.starts(p.Start)
	p.URLs = slices.Clone(p.URLs)
	for i, r := range p.URLs {
		p.URLs[i] = v.request(r)
	}
	return p
}

// request is a request as it may be written down.
func (v veil) request(r Request) Request {
	r.URL = v.url(r.URL)
	r.Header = maps.Clone(r.Header)
	for name, value := range r.Header {
		r.Header[name] = v.value(name, value)
	}
	if secretBody(r.Body) { // half a body would be neither a body nor a secret
		r.Body = v.hide(r.Body)
	}
	return r
}

// secretBody tells whether a body that is written out may have a secret in it. There
// are more ways to write down a password than anybody can list: one of the words is
// enough, wherever it stands.
func secretBody(body string) bool {
	return tells(body) || named(body) && !isReference(body) && !hiddenForm.MatchString(body)
}

// url is an address as it may be written down. Those that differ still do.
func (v veil) url(raw string) string {
	address, query := raw, ""
	if at := strings.IndexAny(raw, "?#"); at >= 0 {
		address, query = raw[:at], raw[at:]
	}
	return conceal(address, v.hide) + mapQuery(query, v.query)
}

// query is what may be told of a value of a query, percent signs and all. What only
// decodes to a reference is none.
func (v veil) query(name, value string) string {
	plain := unescaped(value)
	if !isReference(value) && !hiddenForm.MatchString(value) && (secretName(name) && value != "" || tells(plain)) {
		return v.hide(plain)
	}
	return value
}

// value is what may be told of the value of a header or of a query. A value of
// another name may have a secret in it, as a URL has in its query.
func (v veil) value(name, value string) string {
	_, rest := splitReference(name, value)
	switch {
	case value == "", isReference(rest), hiddenForm.MatchString(value):
		return value
	case secretName(name), tells(value):
		return v.hide(value)
	}
	return value
}

// leastKnown is the shortest value that is looked for in texts of others: one of four
// characters may be a word such as http. A stump is the shortest beginning of one.
const (
	leastKnown = 6
	leastStump = 4
	// longestParted is the longest value whose parts are looked for too.
	longestParted = 4 << 10
)

// knowing returns a veil that also finds the values themselves, wherever an upstream
// or a library has put them: those that references stand for, and those in the plan.
func (v veil) knowing(written, live []Request, l lookup) veil {
	forms := map[string]string{}
	learn := func(value string) {
		quoted := strconv.Quote(value)
		for _, form := range []string{value, url.QueryEscape(value), url.PathEscape(value), quoted[1 : len(quoted)-1]} {
			if len(value) >= leastKnown {
				forms[form] = v.hide(value)
			}
		}
	}
	for _, value := range l.found {
		learnParts(value, learn)
	}
	bodies := map[string]bool{}
	for i := range written {
		r := live[i]
		if bodies[r.Body] { // a large one that many requests share is read once
			r.Body = ""
		}
		bodies[r.Body] = true
		learnRequest(v, written[i], r, learn)
	}
	for _, form := range slices.SortedFunc(maps.Keys(forms), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	}) {
		v.known = append(v.known, form, forms[form])
	}
	v.swap = strings.NewReplacer(v.known...)
	return v
}

// learnRequest learns the secrets that stand in a request, as they are sent.
func learnRequest(v veil, written, live Request, learn func(string)) {
	inside := func(text string) {
		conceal(text, func(value string) string {
			learn(value)
			return hiddenWord
		})
	}
	mapQuery(written.URL, func(name, value string) string {
		if v.query(name, value) != value {
			learn(strings.TrimPrefix(unescaped(value), literalPrefix))
			inside(unescaped(value))
		}
		return value
	})
	for name, value := range live.Header {
		if secretName(name) {
			learnParts(value, learn)
		}
		inside(value)
	}
	inside(live.Body)
}

// learnParts learns a value and its parts: what follows the scheme of an
// Authorization, each cookie, each word, for who quotes an answer may end at a space.
// A long text, as a body is, is one thing.
func learnParts(value string, learn func(string)) {
	learn(value)
	if len(value) > longestParted {
		return
	}
	for part := range strings.FieldsFuncSeq(value, func(r rune) bool { return unicode.IsSpace(r) || r == ';' || r == ',' }) {
		_, cookie, ok := strings.Cut(part, "=")
		switch {
		case ok:
			learn(cookie)
		case len(part) > 2*leastKnown: // the word Bearer is no secret
			learn(part)
		}
	}
}

// text is a text of others as it may be written down: an error that quotes what an
// upstream sent, or a URL.
func (v veil) text(text string) string {
	text = v.swap.Replace(text)
	// A secret that was cut with the text, or quoted up to its first space, is still
	// the better half of one.
	whole := strings.TrimRight(text, `."')`)
	return conceal(v.stump(whole)+text[len(whole):], v.hide)
}

// quoting lists the classes whose reasons may quote what an upstream sent.
func quoting(class string) bool {
	switch client.Class(class) {
	case client.ClassMalformed, client.ClassRedirectLoop, client.ClassRedirectRefused, client.ClassDecode, client.ClassHeadersTooLarge,
		client.ClassH2, client.ClassUpgrade, client.ClassBadURL, client.ClassOther:
		return true
	}
	return false
}

// reason is why a request failed, as it may be written down. There is no end of ways
// in which an upstream can repeat what it was sent: where a run has secrets, what it
// sent is not repeated at all.
func (v veil) reason(class, text string) string {
	if len(v.known) > 0 && quoting(class) {
		return "the reason is not told, as it may repeat a secret of this run"
	}
	return v.text(text)
}

// stump hides the beginning of a known value at the end of a text.
func (v veil) stump(text string) string {
	for i := 0; i < len(v.known); i += 2 {
		for n := len(v.known[i]) - 1; n >= leastStump; n-- {
			if rest, ok := strings.CutSuffix(text, v.known[i][:n]); ok {
				return rest + v.known[i+1]
			}
		}
	}
	return text
}

// error is an error whose text may be written down; it is still the same to ask.
func (v veil) error(err error) error {
	if err == nil {
		return nil
	}
	if text := v.text(err.Error()); text != err.Error() {
		return &veiled{text, err}
	}
	return err
}

// A veiled error has another text than the one it wraps.
type veiled struct {
	text string
	err  error
}

// Error is the text without secrets.
func (e *veiled) Error() string { return e.text }

// Unwrap returns the error as it was.
func (e *veiled) Unwrap() error { return e.err }

// shown is a URL for a message before a run: without query, fragment and password.
func shown(raw string) string {
	if at := strings.IndexAny(raw, "?#"); at >= 0 {
		raw = raw[:at]
	}
	return Conceal(raw)
}

// Literals names the secrets that stand in the plan as they are, each once: "header
// Authorization", "query value token", "a body".
func (p Plan) Literals() []string {
	found := map[string]bool{}
	v := newVeil(nil)
	for _, r := range p.fetched() {
		mapQuery(r.URL, func(name, value string) string {
			if v.query(name, value) != value {
				found["query value "+name] = true
			}
			return value
		})
		for name, value := range r.Header {
			if v.value(name, value) != value {
				found["header "+name] = true
			}
		}
		if secretBody(r.Body) {
			found["a body"] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}
