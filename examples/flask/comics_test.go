//go:build unix

package flask_test

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// comics answers as the API does: a comic has an image, and 0 and 404 are none. 301 has
// moved to 7.
func comics(g *gate, w http.ResponseWriter, r *http.Request) {
	number := strings.Split(r.URL.Path, "/")[1]
	switch number {
	case "0", "404":
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<html>Not Found</html>")
	case "301":
		http.Redirect(w, r, "/7/info.0.json", http.StatusMovedPermanently)
	default:
		_, _ = fmt.Fprintf(w, `{"num": %s, "img": %q}`, number, g.URL+"/"+number+".png?a&b")
	}
}

// picture is how the page shows a comic.
func picture(g *gate, number int) string {
	return fmt.Sprintf(`<img src="%s/%d.png?a&amp;b" alt="comic %d">`, g.URL, number, number)
}

// The comics are in the order in which they were picked, though their answers come the
// other way round: one at a time, or all five under way at once.
func TestComicsAreInOrder(t *testing.T) {
	t.Parallel()
	turn, ended := backwards("/5/info.0.json", "/3/info.0.json", "/9/info.0.json", "/1/info.0.json", "/7/info.0.json")
	both := newGate(t, func(g *gate, w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.UserAgent(), "httpx") && g.meet(r, 5) { // the asynchronous page's
			turn(r, r.URL.Path)
			defer ended(r.URL.Path)
			defer w.(http.Flusher).Flush()
		}
		comics(g, w, r)
	})
	a := flask(t, 0, "FETCHBENCH_UPSTREAM="+both.URL)
	var want string
	for _, number := range []int{5, 3, 9, 1, 7} {
		want += picture(both, number)
	}
	const picked = "?pick=5&pick=3&pick=9&pick=1&pick=7"
	for i, path := range []string{"/comics/sync", "/comics/async"} {
		if got := a.get(t, path+picked, http.StatusOK).body; got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
		}
		if seen, most := both.sofar(), []int{1, 5}[i]; seen.came != 5*(i+1) || seen.most != most {
			t.Errorf("%s: %+v, want %d at once", path, seen, most)
		}
	}
}

// What is no comic stays in its place, as an error, and leaves the others alone. The
// synchronous page has no places: it fails, as it did where it comes from.
func TestErrorsStayInTheirPlace(t *testing.T) {
	t.Parallel()
	g := newGate(t, comics)
	a := flask(t, 0, "FETCHBENCH_UPSTREAM="+g.URL+"/")
	const none = "<p>comic %d: Expecting value: line 1 column 1 (char 0)</p>"
	want := fmt.Sprintf(none, 0) + picture(g, 300) + fmt.Sprintf(none, 404) + picture(g, 2) + picture(g, 3)
	const picked = "?pick=0&pick=300&pick=404&pick=2&pick=3"
	if got := a.get(t, "/comics/async"+picked, http.StatusOK).body; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := a.get(t, "/comics/sync"+picked, http.StatusInternalServerError).body; got != "500 error" {
		t.Errorf("the synchronous page is %q", got)
	}
}

// Both clients follow a redirect: one of the two would not by itself.
func TestMovedComicsAreFound(t *testing.T) {
	t.Parallel()
	g := newGate(t, comics)
	a := flask(t, 0, "FETCHBENCH_UPSTREAM="+g.URL)
	want := strings.Replace(picture(g, 7), "comic 7", "comic 301", 1)
	for _, path := range []string{"/comics/sync?pick=301", "/comics/async?pick=301"} {
		if got := a.get(t, path, http.StatusOK).body; got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

// Without picks there are five comics from 0 to 300, from whichever are drawn.
func TestComicsAreDrawn(t *testing.T) {
	t.Parallel()
	g := newGate(t, comics)
	a := flask(t, 0, "FETCHBENCH_UPSTREAM="+g.URL)
	page := a.get(t, "/comics/async", http.StatusOK).body
	shown := regexp.MustCompile(`comic \d+`).FindAllString(page, -1)
	seen := g.whole()
	for _, path := range seen.paths {
		number, err := strconv.Atoi(strings.Split(path, "/")[1])
		if err != nil || number < 0 || number > 300 {
			t.Errorf("%s was asked for", path)
		}
	}
	if seen.came != 5 || len(shown) != 5 {
		t.Errorf("%+v\n%s", seen, page)
	}
}
