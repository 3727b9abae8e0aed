package web

import (
	"net/http"
	"slices"
)

// maxBody is the most that a request may send besides its headers, which have the
// same bound. Nothing here reads a body; it bounds what is skipped.
const maxBody = 1 << 20

// guard lets through what a browser of this computer asks for when its user looks
// at the page, and refuses the rest before any of our handlers sees it: other names
// in Host, everything that is not a plain GET or HEAD, and parts of other pages.
//
// There is nothing to be done here but looking, so that there is no token to steal
// and no form to forge; http.CrossOriginProtection stands in front all the same, for
// whoever adds something to be done.
func guard(port uint16, next http.Handler) http.Handler {
	reading := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "this page can only be read", http.StatusMethodNotAllowed)
		case embedded(r.Header):
			http.Error(w, "another site may link to this page, and no more", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
	inner := http.NewCrossOriginProtection().Handler(reading)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header())
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		if !ours(r.Host, port) {
			http.Error(w, "this page is only there under the names of this computer", http.StatusForbidden)
			return
		}
		inner.ServeHTTP(w, r)
	})
}

// embedded tells whether another site asks for a part of its own page, such as an
// image or a frame, rather than sending its reader here. Servers on other ports of
// this computer are other sites too.
func embedded(h http.Header) bool {
	from := h.Get("Sec-Fetch-Site")
	if from == "" || from == "same-origin" || from == "none" {
		return false
	}
	return h.Get("Sec-Fetch-Mode") != "navigate" || !slices.Contains([]string{"", "document"}, h.Get("Sec-Fetch-Dest"))
}

// The policies of content. The plain one runs no script and loads nothing; forms
// send what is typed to this page alone.
const (
	closedPolicy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
	plainPolicy  = closedPolicy + "; style-src 'unsafe-inline'; img-src data:"
)

// protect sets the headers that every answer has, refusals too. No answer is kept
// by a browser: a run under way is another a second later, and a shared computer
// keeps nothing that its user has closed.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", plainPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}
