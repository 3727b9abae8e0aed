package upstream

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// said is what a page answers besides its body.
type said struct {
	status int
	kind   string
}

// answered is what the pages answer without following anything.
func answered(t *testing.T, client *http.Client, method, url string) (said, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	here := *client
	here.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := here.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // it was read to its end
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode == http.StatusOK && response.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s: a browser may guess what it is", url)
	}
	return said{response.StatusCode, response.Header.Get("Content-Type")}, string(body)
}

// onBoth runs the test on a server and on a mock, which differ in how a request
// reaches them.
func onBoth(t *testing.T, p Profile, test func(t *testing.T, u Upstream, client *http.Client, base string)) {
	t.Helper()
	inMemory(t, p, func(t *testing.T, m *Memory, client *http.Client) { test(t, m, client, memoryBase) })
	onMock(t, p, func(t *testing.T, m *MockUpstream, client *http.Client) { test(t, m, client, mockBase) })
}

// Each page takes what an endpoint takes, and is counted like one.
func TestPagesAnswerAsTheyShould(t *testing.T) {
	const plain, html = "text/plain; charset=utf-8", "text/html; charset=utf-8"
	onBoth(t, named(t, "greet"), func(t *testing.T, u Upstream, client *http.Client, base string) {
		for path, want := range map[string]struct {
			status     int
			kind, body string
		}{
			"/1/info.0.json":                 {200, "application/json", `{"num":1,"title":"Comic 1",`},
			"/3000/info.0.json":              {200, "application/json", `"img":"` + base + `/comics/3000.png"}`},
			"/0/info.0.json":                 {404, html, "<h1>404 Not Found</h1>"},
			"/404/info.0.json":               {404, html, "<h1>404 Not Found</h1>"},
			"/3001/info.0.json":              {404, html, "<h1>404 Not Found</h1>"},
			"/greet/?name=bob":               {200, plain, "Hello bob"},
			"/greet/?name=bill&api_key=k%26": {200, plain, "Hello bill"},
			"/greet/?name=%3Cb%3E":           {200, plain, "Hello <b>"}, // plain text
			"/status/503":                    {503, plain, "Service Unavailable\n"},
			"/status/200":                    {200, plain, "OK\n"},
			"/redirect/1/greet/?name=bob":    {301, plain, "Moved Permanently\n"},
			"/redirect/9/5/info.0.json":      {301, plain, "Moved Permanently\n"},
		} {
			begin := time.Now()
			got, body := answered(t, client, http.MethodGet, base+path)
			took := time.Since(begin)
			if got != (said{want.status, want.kind}) || !strings.Contains(body, want.body) || took != time.Second {
				t.Errorf("%s: %+v, %q after %v", path, got, body, took)
			}
			_, head := answered(t, client, http.MethodHead, base+path)
			if head != "" {
				t.Errorf("HEAD %s has the body %q", path, head)
			}
		}
		c := counts(t, u)
		if c.Requests.Finished != 24 || c.Requests.Unknown != 0 || c.Statuses[404] != 6 || c.Busy != 24*time.Second {
			t.Errorf("counts %+v", c)
		}
	})
}

// What is listed is served.
func TestPagesAreListed(t *testing.T) {
	onBoth(t, named(t, "xkcd"), func(t *testing.T, u Upstream, client *http.Client, base string) {
		for _, path := range Pages() {
			answered(t, client, http.MethodGet, base+path)
		}
		if c := counts(t, u); c.Requests.Unknown != 0 || c.Statuses[200] != 3 || c.Statuses[301] != 1 || c.Statuses[503] != 1 {
			t.Errorf("counts %+v", c)
		}
	})
}

// What is not a page is refused at once, as something that is not served.
func TestPagesRefuseWhatIsNone(t *testing.T) {
	onBoth(t, named(t, "greet"), func(t *testing.T, u Upstream, client *http.Client, base string) {
		begin := time.Now()
		refused := map[string]int{
			"/x/info.0.json": 404, "/01/info.0.json": 404, "/info.0.json": 404, "/-1/info.0.json": 404,
			"/comics/0.png": 404, "/comics/404.png": 404, "/comics/1": 404, "/comics/x.png": 404,
			"/greet": 404, "/greet/": 400, "/greet/?name=" + strings.Repeat("x", 101): 400,
			"/status/": 404, "/status/199": 404, "/status/204": 404, "/status/301": 404, "/status/600": 404,
			"/redirect/0/a": 404, "/redirect/21/a": 404, "/redirect/1/": 404, "/redirect/1": 404,
			"/redirect/1//elsewhere.example/": 404, "/redirect/1/%5Celsewhere.example": 404,
		}
		for path, want := range refused {
			if got, _ := answered(t, client, http.MethodGet, base+path); got.status != want {
				t.Errorf("%s: %d, want %d", path, got.status, want)
			}
		}
		if got, _ := answered(t, client, http.MethodDelete, base+"/1/info.0.json"); got.status != 405 {
			t.Errorf("DELETE: %d", got.status)
		}
		if c := counts(t, u); c.Requests.Unknown != len(refused)+1 || time.Since(begin) != 0 {
			t.Errorf("after %v: counts %+v", time.Since(begin), c)
		}
	})
}

// Where the API of a comic points to there is its picture, the same each time and
// another for each number.
func TestComicsPointToTheirPictures(t *testing.T) {
	onBoth(t, named(t, "xkcd"), func(t *testing.T, _ Upstream, client *http.Client, base string) {
		seen := map[string]bool{}
		for _, number := range []string{"1", "300", "2999"} {
			_, text := answered(t, client, http.MethodGet, base+"/"+number+"/info.0.json")
			var c comic
			if err := json.Unmarshal([]byte(text), &c); err != nil {
				t.Fatal(err)
			}
			got, body := answered(t, client, http.MethodGet, c.Img)
			picture, err := png.Decode(strings.NewReader(body))
			if err != nil || got.kind != "image/png" {
				t.Fatalf("%s: %s, %v", c.Img, got.kind, err)
			}
			if size := picture.Bounds().Size(); size.X != pictureWidth || size.Y != pictureHeight || len(body) > 4<<10 {
				t.Errorf("%s is %v and %d bytes", c.Img, size, len(body))
			}
			if _, again := answered(t, client, http.MethodGet, c.Img); again != body || seen[body] {
				t.Errorf("%s: another picture for the same number, or the same for another", c.Img)
			}
			seen[body] = true
		}
	})
}

// Every digit is drawn, and no two alike.
func TestPicturesShowTheirNumber(t *testing.T) {
	seen := map[[5]byte]bool{}
	for digit := range byte(10) {
		seen[numeral('0'+digit)] = true
	}
	if len(seen) != 10 {
		t.Errorf("%d numerals", len(seen))
	}
	seven, eight := mustDraw(t, 7), mustDraw(t, 8)
	if seven.At(0, 0) == eight.At(0, 0) {
		t.Errorf("7 and 8 have the same ground, %v", seven.At(0, 0))
	}
	// The numeral 7 is three dots wide in the middle: its upper left dot is white,
	// the one below it is ground.
	x, y := (pictureWidth-3*dot)/2+1, (pictureHeight-5*dot)/2+1
	if r, _, _, _ := seven.At(x, y).RGBA(); r != 0xFFFF {
		t.Error("no bar on the 7")
	}
	if r, _, _, _ := seven.At(x, y+dot).RGBA(); r > 0x9FFF {
		t.Error("something below the bar of the 7")
	}
}

// mustDraw draws a number and reads the picture again.
func mustDraw(t *testing.T, n int) image.Image {
	t.Helper()
	body, err := picture(n)
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := png.Decode(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return drawn
}

// A redirect leads to its page by as many steps as it says, each as slow as a page.
func TestRedirectsLeadWhereTheySay(t *testing.T) {
	onBoth(t, named(t, "greet"), func(t *testing.T, u Upstream, client *http.Client, base string) {
		begin := time.Now()
		response, err := client.Get(base + "/redirect/3/greet/?name=bob&api_key=k")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		body, err := io.ReadAll(response.Body)
		if err != nil || string(body) != "Hello bob" || response.Request.URL.String() != base+"/greet/?name=bob&api_key=k" {
			t.Errorf("%s: %q, %v", response.Request.URL, body, err)
		}
		if c := counts(t, u); c.Statuses[301] != 3 || c.Statuses[200] != 1 || time.Since(begin) != 4*time.Second {
			t.Errorf("after %v: counts %+v", time.Since(begin), c)
		}
	})
}

// A page shares the latency and the faults of an endpoint: the same for the same
// seed, whoever asks, and within the law.
func TestPagesKeepToTheProfile(t *testing.T) {
	p := named(t, "uniform")
	inMemory(t, p, func(t *testing.T, m *Memory, client *http.Client) {
		for number := 1; number < 30; number++ {
			begin := time.Now()
			if _, _, err := fetch(t.Context(), client, memoryBase+"/"+string(rune('0'+number%10))+"/info.0.json", RequestID(3, 0, number)); err != nil {
				t.Fatal(err)
			}
			if took, want := time.Since(begin), p.Delay(number%10, 3); took != want {
				t.Errorf("comic %d took %v, the endpoint takes %v", number%10, took, want)
			}
		}
		if c := counts(t, m); len(c.IDs) != 29 {
			t.Errorf("counts %+v", c)
		}
	})
	p = constant(1, time.Second)
	p.Faults = Faults{Status: 503, StatusRate: 1}
	inMemory(t, p, func(t *testing.T, _ *Memory, client *http.Client) {
		if got, body := answered(t, client, http.MethodGet, memoryBase+"/greet/?name=bob"); got.status != 503 {
			t.Errorf("%d, %q: a fault spares the pages", got.status, body)
		}
	})
}
