package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// shownNumbers are the numbers of the comics of a page in its order, and how many of
// them are pictures.
func shownNumbers(t *testing.T, body string) (numbers []int, pictures int) {
	t.Helper()
	found := regexp.MustCompile(`<figcaption>Comic (\d+)<|<strong>Comic (\d+) could not`).FindAllStringSubmatch(body, -1)
	for _, match := range found {
		n, err := strconv.Atoi(match[1] + match[2])
		if err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, n)
	}
	return numbers, strings.Count(body, "<img ")
}

// seedWith is the first seed whose five picks include the number.
func seedWith(number int) string {
	for seed := uint64(0); ; seed++ {
		if slices.Contains(picks(5, seed), number) {
			return strconv.FormatUint(seed, 10)
		}
	}
}

// Five comics of a second: 5 s one after the other, 1 s at once, 2 s four at a time.
func TestFiveComicsTakeFiveSecondsOrOne(t *testing.T) {
	inBubble(t, named(t, "xkcd"), nil, func(t *testing.T, v *visit) {
		for form, want := range map[string]struct {
			took time.Duration
			most int
		}{"sync": {5 * time.Second, 1}, "async": {time.Second, 5}, "pool": {2 * time.Second, 4}} {
			w, took := v.get(t, "/comics/"+form+"?seed=1")
			if _, pictures := shownNumbers(t, w.Body.String()); w.Code != http.StatusOK || took != want.took || pictures != 5 {
				t.Errorf("%s: %d, %d pictures after %v", form, w.Code, pictures, took)
			}
			if c := v.seen(t); c.InFlight.Max != want.most || c.Requests.Finished != 5 {
				t.Errorf("%s: upstream saw %+v", form, c)
			}
		}
		if _, took := v.get(t, "/comics/sync?n=1&seed=1"); took != time.Second {
			t.Errorf("one comic takes %v", took)
		}
	})
}

// Latencies of 0.2 to 1.5 s end in another order than they began. The page has the
// order of the picks.
func TestComicsStayInOrder(t *testing.T) {
	inBubble(t, named(t, "uniform"), nil, func(t *testing.T, v *visit) {
		for form := range forms() {
			w, _ := v.get(t, "/comics/"+form+"?n=40&seed=7")
			if numbers, _ := shownNumbers(t, w.Body.String()); !slices.Equal(numbers, picks(40, 7)) {
				t.Errorf("%s: comics %v, want %v", form, numbers, picks(40, 7))
			}
		}
	})
}

// Comic 0 is a 404 with a page in HTML. It is shown as an error, where it belongs, and
// the other four as pictures; the page itself is a good one.
func TestAComicThatIsNotThereKeepsItsSlot(t *testing.T) {
	seed := seedWith(0)
	inBubble(t, named(t, "xkcd"), nil, func(t *testing.T, v *visit) {
		for form := range forms() {
			w, _ := v.get(t, "/comics/"+form+"?seed="+seed)
			body := w.Body.String()
			numbers, pictures := shownNumbers(t, body)
			if w.Code != http.StatusOK || pictures != 4 || len(numbers) != 5 {
				t.Errorf("%s: %d, %d pictures of %v", form, w.Code, pictures, numbers)
			}
			at := slices.Index(numbers, 0)
			if at != slices.Index(picks(5, mustParse(t, seed)), 0) || !strings.Contains(body, "<p>http_4xx: status 404</p>") {
				t.Errorf("%s: comic 0 is at %d: %s", form, at, body)
			}
		}
	})
}

// mustParse reads a seed.
func mustParse(t *testing.T, text string) uint64 {
	t.Helper()
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

// What an upstream may say instead of a comic is an error of that comic, in words of
// ours; a picture is what has an address of the web and nothing else.
func TestWhatIsNoComicIsADecodeError(t *testing.T) {
	const noComic, noPicture = "decode: the answer is no comic", "decode: the answer has no address of a picture in img"
	for body, want := range map[string]string{
		"<h1>Welcome</h1>":                    noComic,
		"":                                    noComic,
		`[]`:                                  noComic,
		`{"img": 7}`:                          noComic,
		`{"title":"no picture"}`:              noPicture,
		`{"img":"/comics/1.png"}`:             noPicture,
		`{"img":"javascript:alert(1)"}`:       noPicture,
		`{"img":"data:image/png;base64,AA="}`: noPicture,
		`{"img":"http://[::1/1.png"}`:         noPicture,
		`{"img":"http:///1.png"}`:             noPicture,
		`{"img":"https://img.example/1.png","Number":9,"Err":{}}`: "",
	} {
		o := options{upstream: memory, config: usual()}
		o.config.RoundTripper = roundTripper(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(body))}, nil
		})
		s, err := newSite(o, nil)
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.comic(t.Context(), 5)
		if want == "" && (err != nil || c.Img != "https://img.example/1.png" || c.Number != 5 || c.Err != nil) {
			t.Errorf("%s: %+v, %v", body, c, err)
		}
		if want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%s: error %v, want %s", body, err, want)
		}
	}
}

// The same seed picks the same; of a thousand thousand picks both ends are some, and
// nothing is beyond them.
func TestPicksAreSeededAndReachBothBounds(t *testing.T) {
	many := picks(1_000_000, 1)
	if low, high := slices.Min(many), slices.Max(many); low != 0 || high != 300 {
		t.Errorf("picks are %d to %d, want 0 to 300", low, high)
	}
	if !slices.Equal(many[:5], picks(5, 1)) || slices.Equal(many[:5], picks(5, 2)) {
		t.Errorf("seed 1 picks %v and %v, seed 2 %v", many[:5], picks(5, 1), picks(5, 2))
	}
}

// A base that redirects is followed, or shown as what it is: no picture and no failure
// of the page.
func TestRedirectsAreFollowedOrShown(t *testing.T) {
	for redirects, want := range map[int]int{10: 5, -1: 0} {
		moved := func(o *options) { o.upstream, o.config.Redirects = memory+"/redirect/1", redirects }
		inBubble(t, named(t, "xkcd"), moved, func(t *testing.T, v *visit) {
			w, _ := v.get(t, "/comics/async?seed=1")
			_, pictures := shownNumbers(t, w.Body.String())
			if errors := strings.Count(w.Body.String(), "http_3xx: status 301"); w.Code != 200 || pictures != want || errors != 5-want {
				t.Errorf("%d redirects: %d, %d pictures, %d errors", redirects, w.Code, pictures, errors)
			}
			if c := v.seen(t); c.Statuses[301] != 5 || c.Statuses[200] != want {
				t.Errorf("%d redirects: upstream saw %v", redirects, c.Statuses)
			}
		})
	}
}

// One client serves all pages: the second page finds the connections of the first, and
// with --fresh each call has its own. What the upstream says is bounded.
func TestPagesShareTheirConnections(t *testing.T) {
	for fresh, want := range map[string]int{"": 5, "--fresh": 10} {
		change := func(o *options) {
			parsed, err := parse(strings.Fields(fresh), func(string) string { return "" }, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			o.config.Transport = parsed.config.Transport
		}
		inBubble(t, named(t, "xkcd"), change, func(t *testing.T, v *visit) {
			v.get(t, "/comics/async?seed=1")
			v.get(t, "/comics/async?seed=1")
			if c := v.seen(t); c.Connections.Opened != want || c.Requests.Finished != 10 {
				t.Errorf("%s: %d connections for %d calls, want %d", fresh, c.Connections.Opened, c.Requests.Finished, want)
			}
		})
	}
}

// What is asked for badly is said, and nothing is fetched.
func TestPagesRefuseWhatTheyCannotDo(t *testing.T) {
	inBubble(t, named(t, "xkcd"), nil, func(t *testing.T, v *visit) {
		for path, want := range map[string]string{
			"/comics/sync?n=-1":      `the number of calls must be 0 to 1000, got "-1"`,
			"/comics/sync?n=1001":    `the number of calls must be 0 to 1000, got "1001"`,
			"/comics/sync?n=5e9":     `the number of calls must be 0 to 1000, got "5e9"`,
			"/comics/sync?seed=x":    `the seed must be a whole number from 0, got "x"`,
			"/comics/async?pick=7":   `there is no parameter "pick" here`,
			"/summaries/sync?id=bob": `there is no parameter "id" here`,
			"/urls/async?n=3":        `there is no parameter "n" here`,
			"/summaries/async?n=all": `the number of calls must be 0 to 1000, got "all"`,
		} {
			if w, took := v.get(t, path); w.Code != http.StatusBadRequest || w.Body.String() != want+"\n" || took != 0 {
				t.Errorf("%s: %d, %q", path, w.Code, w.Body)
			}
		}
		if w, _ := v.get(t, "/comics/fast"); w.Code != http.StatusNotFound {
			t.Errorf("an unknown form is %d", w.Code)
		}
		if w, _ := v.get(t, "/comics/async?n=0"); w.Code != 200 || !strings.Contains(w.Body.String(), "None were asked for.") {
			t.Errorf("no comics: %d", w.Code)
		}
		if c := v.seen(t); c.Requests.Started != 0 {
			t.Errorf("upstream saw %+v", c)
		}
	})
}

// What an upstream says of a comic is text on the page and nothing else.
func TestHostileComicsAreInert(t *testing.T) {
	o := options{upstream: memory, config: usual()}
	o.config.RoundTripper = roundTripper(func(*http.Request) (*http.Response, error) {
		const evil = `{"title":"<script>alert(1)</script>","alt":"\" onerror=\"alert(2)","img":"http://a/\"><script>alert(3)</script>"}`
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(evil))}, nil
	})
	s, err := newSite(o, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.client.Close()
	w := httptest.NewRecorder()
	s.routes().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/comics/async?n=1", nil))
	body := w.Body.String()
	if strings.Contains(body, "<script") || strings.Contains(body, `" onerror="`) || !strings.Contains(body, "&lt;script&gt;alert(1)") {
		t.Errorf("the page has %s", body)
	}
	if policy := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") {
		t.Errorf("its policy is %s", policy)
	}
}
