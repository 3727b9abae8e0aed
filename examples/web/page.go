package main

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
)

// A page is an answer before it is sent, so that a hook can still replace it and an
// error midway never shows as half a page.
type page struct {
	status int
	kind   string
	body   []byte
}

// The kinds of pages, as Content-Type says them.
const (
	kindText = "text/plain; charset=utf-8"
	kindHTML = "text/html; charset=utf-8"
	kindJSON = "application/json"
)

// text is a page of plain text.
func text(status int, body string) page { return page{status, kindText, []byte(body)} }

// html fills a template. What others said is escaped by it.
func (s *site) html(name string, data any) (page, error) {
	var body bytes.Buffer
	err := s.pages.ExecuteTemplate(&body, name, data)
	return page{http.StatusOK, kindHTML, body.Bytes()}, err
}

// send writes the page. Its policy lets a browser load our style, and pictures from
// where the comics come from or over https; there is no script to run.
func (s *site) send(w http.ResponseWriter, p page) {
	h := w.Header()
	pictures := url.URL{Scheme: s.base.Scheme, Host: s.base.Host}
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' "+pictures.String()+
		" https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Content-Type", p.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(p.status)
	_, _ = w.Write(p.body) // an error is a reader who left, and there is nobody to tell
}

// hide takes the key out of a text, as it is and as it stands in a URL: an upstream may
// say again what it was told.
func (s *site) hide(text string) string {
	if s.key == "" {
		return text
	}
	return strings.NewReplacer(s.key, "(hidden)", url.QueryEscape(s.key), "(hidden)").Replace(text)
}

// shown is a URL for a page: without a password, and without the values of parameters
// whose names say that they are secret.
func (s *site) shown(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return s.hide(text)
	}
	u.User = nil
	parts := strings.Split(u.RawQuery, "&")
	for i, part := range parts {
		name, _, _ := strings.Cut(part, "=")
		if secret(name) {
			parts[i] = name + "=(hidden)"
		}
	}
	u.RawQuery = strings.Join(parts, "&")
	return s.hide(u.String())
}

// secret tells by the name of a parameter that its value is nobody's business.
func secret(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"key", "token", "secret", "pass", "auth", "sig"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
