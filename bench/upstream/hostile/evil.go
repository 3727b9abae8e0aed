package hostile

import (
	"net/http"
	"strings"
)

// evil are the endpoints whose text does harm where it is shown as it came.
func evil() []endpoint {
	return []endpoint{
		{"/evil", func(v *visit) {
			body, known := evilTexts()[v.named("kind", "html")]
			if !known {
				v.text(http.StatusNotFound, "kind is html, ansi, csv, nul, utf8 or rtl\n")
				return
			}
			v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
			v.answer(http.StatusOK, []byte(body))
		}},
		// The harm is in the path, which whoever reports it writes down.
		{"/evil/", func(v *visit) { v.text(http.StatusOK, "ok\n") }},
		{"/raw/ansi-reason", script(reason(ansi()))},
		{"/raw/html-reason", script(reason(html()))},
		{"/raw/ansi-location", script("HTTP/1.1 302 Found\r\nLocation: /ok?" + ansi() + "\r\n" + ending)},
	}
}

// reason is an answer with a text behind its status.
func reason(text string) string {
	return "HTTP/1.1 500 " + text + "\r\n" + ending
}

// ansi clears a terminal, names its window, rings, hides what follows, and tries the
// one-byte form of the same (ECMA-48, 5.4).
func ansi() string { return "\x1b[2J\x1b]0;owned\x07\x1b[8m\x9b31m" }

// html runs a script in a page that does not escape it.
func html() string { return `<img src=x onerror="document.title='owned'">` }

// evilTexts are the bodies of /evil.
func evilTexts() map[string]string {
	return map[string]string{
		"html": "</title></textarea></script><script>document.title='owned'</script>" + html() + "\n",
		"ansi": ansi() + "\n",
		"csv":  strings.Join([]string{"=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\"=1\"", "a,b\r\n"}, "\n"),
		"nul":  "before\x00after\n",
		// Overlong, cut short, a surrogate, and beyond the last code point.
		"utf8": "\xc0\xaf \xe2\x82 \xed\xa0\x80 \xf5\x80\x80\x80 \xff\n",
		"rtl":  "user\u202egnp.exe \u2066hidden\u2069 zero\u200bwidth\ufeff\n",
	}
}
