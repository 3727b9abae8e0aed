package upstream

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"strings"
)

// The paths of the pages that every profile serves besides its endpoints: enough for
// a small program that calls other programs to have something real to call.
const (
	comicPath    = "/info.0.json" // after the number of a comic
	picturePath  = "/comics/"     // before its number and .png
	greetPath    = "/greet/"      // with ?name=
	statusPath   = "/status/"     // before the status to answer
	redirectPath = "/redirect/"   // before how often, and the path it leads to
)

// The bounds of the pages. Numbers of comics beyond the last one, like 0 and 404, are
// a page that says so and is a 404.
const (
	lastComic   = 3000
	noComic     = 404
	longestName = 100
	mostHops    = 20
)

// missing is the page of a comic that there is not. That it is HTML is the point: a
// client that takes every answer for JSON meets it here.
const missing = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>404 Not Found</title></head>\n" +
	"<body><h1>404 Not Found</h1></body></html>\n"

// Pages lists the paths of the pages, each with an example for what varies in it.
func Pages() []string {
	return []string{
		"/1" + comicPath, picturePath + "1.png", greetPath + "?name=bob", statusPath + "503", redirectPath + "1" + greetPath + "?name=bob",
	}
}

// A comic is what the API of comics says of one.
type comic struct {
	Num   int    `json:"num"`
	Title string `json:"title"`
	Alt   string `json:"alt"`
	Img   string `json:"img"`
}

// locate finds what a request asks for: the index of the endpoint that it is as slow
// as, and the answer that it gets if all goes well. What is not served is unknown.
//
// The index is that of the URL, not that in the id: a batch longer than the list goes
// round it, and the same URL has the same latency within a round. A page shares the
// latency of an endpoint, so that a profile says all there is to say about both.
func (s *service) locate(r *http.Request) (int, answer) {
	if rest, found := strings.CutPrefix(r.URL.Path, itemPath); found {
		index, ok := parseNumber(rest)
		if !ok || index >= s.profile.URLs {
			return 0, refusal(unknown, http.StatusNotFound)
		}
		return index, permitted(r, answer{how: finished, status: http.StatusOK, body: s.body, linger: s.profile.bodyTime()})
	}
	number, a := page(r)
	a.kind = cmp.Or(a.kind, plainText)
	return number % s.profile.URLs, permitted(r, a)
}

// Endpoint is the index of the endpoint that is served at a path, if it is one's.
func Endpoint(path string) (int, bool) {
	rest, found := strings.CutPrefix(path, itemPath)
	if !found {
		return 0, false
	}
	return parseNumber(rest)
}

// permitted is the answer, unless the method is one that changes things.
func permitted(r *http.Request, a answer) answer {
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == ""
	if a.how == unknown || reads {
		return a
	}
	return refusal(unknown, http.StatusMethodNotAllowed)
}

// page finds a page by its path and returns its number with its answer.
func page(r *http.Request) (int, answer) {
	path := r.URL.Path
	if rest, found := strings.CutPrefix(path, redirectPath); found {
		return redirectPage(r, rest)
	}
	if rest, found := strings.CutSuffix(path, comicPath); found {
		return comicPage(r, strings.TrimPrefix(rest, "/"))
	}
	if rest, found := strings.CutPrefix(path, picturePath); found {
		return picturePage(strings.CutSuffix(rest, ".png"))
	}
	if rest, found := strings.CutPrefix(path, statusPath); found {
		return statusPage(parseNumber(rest))
	}
	if path == greetPath {
		return greetPage(r.URL.Query().Get("name"))
	}
	return 0, refusal(unknown, http.StatusNotFound)
}

// comicPage is what the API says of a comic, whose picture is served here too.
func comicPage(r *http.Request, number string) (int, answer) {
	n, ok := parseNumber(number)
	switch {
	case !ok:
		return 0, refusal(unknown, http.StatusNotFound)
	case !drawn(n):
		return n, answer{how: finished, status: http.StatusNotFound, body: []byte(missing), kind: "text/html; charset=utf-8"}
	}
	body, err := json.Marshal(comic{
		Num:   n,
		Title: fmt.Sprintf("Comic %d", n),
		Alt:   fmt.Sprintf("The number %d in white on a ground of its own colour", n),
		Img:   origin(r) + fmt.Sprintf("%s%d.png", picturePath, n),
	})
	if err != nil {
		return n, refusal(finished, http.StatusInternalServerError)
	}
	return n, answer{how: finished, status: http.StatusOK, body: body, kind: "application/json"}
}

// drawn tells whether there is a comic of this number.
func drawn(n int) bool { return n > 0 && n <= lastComic && n != noComic }

// origin is where the request went, as an absolute URL needs it.
func origin(r *http.Request) string {
	at := url.URL{Scheme: "http", Host: r.Host}
	if at.Host == "" {
		at.Host = r.URL.Host
	}
	if r.TLS != nil {
		at.Scheme = "https"
	}
	return at.String()
}

// picturePage is the picture of a comic.
func picturePage(number string, png bool) (int, answer) {
	n, ok := parseNumber(number)
	if !ok || !png || !drawn(n) {
		return 0, refusal(unknown, http.StatusNotFound)
	}
	body, err := picture(n)
	if err != nil {
		return n, refusal(finished, http.StatusInternalServerError)
	}
	return n, answer{how: finished, status: http.StatusOK, body: body, kind: "image/png"}
}

// greetPage greets whoever is named. Other parameters, such as a key, are accepted
// and not looked at.
func greetPage(name string) (int, answer) {
	if name == "" || len(name) > longestName {
		return 0, refusal(unknown, http.StatusBadRequest)
	}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(name)) // it never fails
	return int(sum.Sum32() >> 1), answer{how: finished, status: http.StatusOK, body: []byte("Hello " + name)}
}

// statusPage answers with the status in its path, of those that no client follows and
// that may have a body.
func statusPage(status int, ok bool) (int, answer) {
	if !ok || status != http.StatusOK && (status < minFault || status > maxFault) {
		return 0, refusal(unknown, http.StatusNotFound)
	}
	return status, refusal(finished, status)
}

// redirectPage leads to the path after its number, by way of itself if the number is
// more than 1. It leads nowhere else: a path that begins with two slashes would be
// the name of a host.
func redirectPage(r *http.Request, rest string) (int, answer) {
	number, path, _ := strings.Cut(rest, "/")
	n, ok := parseNumber(number)
	if !ok || n < 1 || n > mostHops || path == "" || strings.ContainsAny(path[:1], `/\`) {
		return 0, refusal(unknown, http.StatusNotFound)
	}
	to := url.URL{Path: "/" + path, RawQuery: r.URL.RawQuery}
	if n > 1 {
		to.Path = fmt.Sprintf("%s%d/%s", redirectPath, n-1, path)
	}
	a := refusal(finished, http.StatusMovedPermanently)
	a.location = to.String()
	return n, a
}
