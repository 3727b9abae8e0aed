package bench

import (
	"net/url"
	"regexp"
	"strings"
)

// Which values of a plan are secrets is told by their names, because that is all
// there is to go by: those of headers, of query values, and of fields in a text.
// A name that only looks like one costs its value in the reports and nothing else.

// secretWords are parts of names whose values are nobody else's business.
const secretWords = `auth|bearer|cookie|credential|jwt|key|pass|pwd|secret|session|sig|token`

// The names, and where in a text they have a value: a query or form has NAME=VALUE,
// JSON "NAME": "VALUE", a header line Name: VALUE. In the last of them only names
// that are headers count, for prose has colons too. What stands before an @ in the
// authority of a URL is a password.
var (
	pairPattern   = regexp.MustCompile(`(?i)([\w.~%\[\]-]*(?:` + secretWords + `)[\w.~%\[\]-]*=["']?)([^\s&"'<>]+)`)
	memberPattern = regexp.MustCompile(`(?i)("[^"]*(?:` + secretWords + `)[^"]*"\s*:\s*")((?:\\.|[^"\\])+)`)
	linePattern   = regexp.MustCompile(`(?i)((?:\b(?:proxy-)?authorization|\b(?:set-)?cookie2?|\bapi-?key|\bx-[\w-]*(?:` +
		secretWords + `)[\w-]*)[ \t]*:[ \t]*)([^\s"'][^"'\r\n]*)`)
	userPattern = regexp.MustCompile(`(://)([^\s/?#"'@]+(?:[^\s?#"'@]*))@`)
	hiddenForm  = regexp.MustCompile(`^` + hiddenPrefix + `[0-9a-f]{8}$`)
)

// secretName reports whether the value of a name is a secret. The one key that is
// none is what makes a request safe to send again: whoever continues a run needs it.
func secretName(name string) bool {
	return named(name) && !strings.EqualFold(name, "Idempotency-Key") && !strings.EqualFold(name, "X-Idempotency-Key")
}

// named reports whether a text has one of the words in it.
func named(text string) bool {
	text = strings.ToLower(text)
	for word := range strings.SplitSeq(secretWords, "|") {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// Conceal takes out of a text what looks like a secret: passwords in URLs, values of
// queries, headers, flags and JSON members whose names say so, and tokens that are known
// by how they begin. It knows no values and is
// made for messages; what a run writes down goes by way of its own keyed hashes.
func Conceal(text string) string {
	return conceal(text, func(string) string { return hiddenWord })
}

// conceal is Conceal with what stands in for each value.
//
// Most texts have nothing to hide, and a list may have a hundred thousand URLs: what
// is cheap to see is looked at first.
func conceal(text string, hide func(value string) string) string {
	if strings.Contains(text, "@") {
		text = concealUser(text, hide)
	}
	text = concealTokens(text, hide)
	if strings.Contains(text, "-") {
		text = concealFlags(text, hide)
	}
	if !strings.ContainsAny(text, "=:") || !named(text) {
		return text
	}
	for _, pattern := range []*regexp.Regexp{memberPattern, linePattern, pairPattern} {
		text = pattern.ReplaceAllStringFunc(text, func(match string) string {
			part := pattern.FindStringSubmatch(match)
			if kept(part[2]) {
				return match
			}
			return part[1] + hide(part[2])
		})
	}
	return text
}

// concealUser hides what stands before the @ in the authority of a URL.
func concealUser(text string, hide func(value string) string) string {
	return userPattern.ReplaceAllStringFunc(text, func(match string) string {
		user := strings.TrimSuffix(strings.TrimPrefix(match, "://"), "@")
		if kept(user) {
			return match
		}
		return "://" + hide(user) + "@"
	})
}

// tells reports whether a text has something in it that Conceal would take out.
func tells(text string) bool {
	found := false
	conceal(text, func(string) string {
		found = true
		return hiddenWord
	})
	return found
}

// kept reports whether a value may stay: it says where a secret is, or that it was
// hidden already.
func kept(value string) bool {
	if strings.HasPrefix(value, hiddenWord) {
		return value == hiddenWord || strings.HasPrefix(value, hiddenPrefix)
	}
	_, scheme := splitReference("Authorization", value)
	return isReference(value) || isReference(scheme)
}

// mapQuery returns a URL with each value of its query, and of a fragment that is
// written like one, replaced by what edit makes of it. Names and everything else
// stay as they were written. Pairs end at & and, as some servers have it, at ;.
func mapQuery(raw string, edit func(name, value string) string) string {
	start := strings.IndexAny(raw, "?#")
	if start < 0 {
		return raw
	}
	var out strings.Builder
	out.WriteString(raw[:start])
	for rest := raw[start:]; rest != ""; {
		end := 1 + strings.IndexAny(rest[1:], "&;#")
		if end == 0 {
			end = len(rest)
		}
		out.WriteString(rest[:1])
		name, value, ok := strings.Cut(rest[1:end], "=")
		out.WriteString(name)
		if ok {
			out.WriteString("=" + edit(unescaped(name), value))
		}
		rest = rest[end:]
	}
	return out.String()
}

// unescaped is a name or value of a query without its percent signs, or as it is if
// they make no sense.
func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}
