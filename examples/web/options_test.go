package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// environment is one of a test.
func environment(pairs map[string]string) func(string) string {
	return func(name string) string { return pairs[name] }
}

// A base without a host, or with what does not belong into one, is refused before
// anything is served or fetched. A path may follow the host, with or without its end.
func TestUpstreamMustBeAnAbsoluteBase(t *testing.T) {
	for _, bad := range []string{"", "127.0.0.1:8081", "/3/info.0.json", "//host/", "ftp://host/", "http://", "http://me:word@host/", "http://host/?a=b", "http://[::1"} {
		_, err := newSite(options{upstream: bad, config: usual()}, nil)
		if err == nil || strings.Contains(err.Error(), "word") && bad != "http://me:word@host/" {
			t.Errorf("%q: error %v", bad, err)
		}
	}
	for _, good := range []string{"http://host", "http://host/", "https://host:81/api", "https://host:81/api/"} {
		s, err := newSite(options{upstream: good, config: usual()}, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.client.Close()
		root := strings.TrimSuffix(good, "/")
		if got, want := s.comicURL(7), root+"/7/info.0.json"; got != want {
			t.Errorf("%s: comic 7 is at %s, want %s", good, got, want)
		}
		s.key = "a&b"
		if got, want := s.full(plan(1)[0]), root+"/greet/?name=bob&api_key=a%26b"; got != want {
			t.Errorf("%s: bob is at %s, want %s", good, got, want)
		}
	}
}

// What a benchmark tells its programs is taken from the environment, and a flag is
// stronger.
func TestOptionsComeFromFlagsAndEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "urls")
	if err := os.WriteFile(file, []byte("http://a/1\n\n  http://a/2\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"FETCHBENCH_UPSTREAM": "http://env/", "FETCHBENCH_URLS": file, "FETCHBENCH_N": "7", "API_KEY": "k"}
	o, err := parse([]string{"--upstream", "http://flag/", "--fresh", "--redirects", "-1", "--timeout", "3s", "--errands"}, environment(env), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	want := options{listen: "127.0.0.1:8080", upstream: "http://flag/", urls: []string{"http://a/1", "http://a/2"}, n: 7, key: "k", errands: true}
	want.config = usual()
	want.config.Transport, want.config.Redirects, want.config.Timeout = client.H1NoKeepAlive, -1, 3*time.Second
	if diff := cmp.Diff(want, o, cmp.AllowUnexported(options{})); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
}

// Without any of them it is 180 s a call. A number of calls from the environment is
// that of every page.
func TestOptionsHaveDefaults(t *testing.T) {
	if o, err := parse(nil, environment(nil), io.Discard); err != nil || o.config.Timeout != 180*time.Second || o.listen != "127.0.0.1:8080" {
		t.Errorf("without any: %+v, %v", o, err)
	}
	inBubble(t, named(t, "greet"), func(o *options) { o.n = 7 }, func(t *testing.T, v *visit) {
		v.get(t, "/comics/async")
		v.get(t, "/summaries/async")
		if c := v.seen(t); c.Requests.Finished != 14 {
			t.Errorf("upstream saw %+v", c.Requests)
		}
	})
}

// What cannot be served is said in one line, with nothing served.
func TestOptionsRefuse(t *testing.T) {
	long := filepath.Join(t.TempDir(), "urls")
	if err := os.WriteFile(long, []byte(strings.Repeat("http://a/\n", most+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		env  map[string]string
		want string
	}{
		{[]string{"more"}, nil, `no arguments are taken, got ["more"]`},
		{nil, map[string]string{"FETCHBENCH_N": "x"}, `FETCHBENCH_N: the number of calls must be 0 to 1000, got "x"`},
		{[]string{"--urls", "none/urls"}, nil, "read the list of URLs: open none/urls: no such file or directory"},
		{[]string{"--urls", long}, nil, "read the list of URLs in " + long + ": too many of them"},
		{[]string{"--speed"}, nil, "flag provided but not defined: -speed"},
		{nil, nil, `upstream "" must be a base URL such as http://127.0.0.1:8081 (--upstream, FETCHBENCH_UPSTREAM)`},
		{[]string{"--upstream", "http://a", "--listen", "nowhere"}, nil, `listen on "nowhere": listen tcp: address nowhere: missing port in address`},
	} {
		if err := run(t.Context(), c.args, environment(c.env), io.Discard); err == nil || err.Error() != c.want {
			t.Errorf("%v %v: error %v\nwant %s", c.args, c.env, err, c.want)
		}
	}
}

// The server says where it is, serves, and ends when it is told to.
func TestServerEndsWhenToldTo(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	said, says := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"--listen", "127.0.0.1:0", "--upstream", "http://127.0.0.1:1"}, environment(nil), says)
		_ = says.Close()
	}()
	first := make([]byte, 1024)
	n, err := said.Read(first)
	if err != nil {
		t.Fatal(err)
	}
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+/`).FindString(string(first[:n]))
	go func() { _, _ = io.Copy(io.Discard, said) }() // what else it logs
	for path, want := range map[string]string{"": "several ways", "style.css": "color-scheme", "summaries/async": "refused", "nothing": "404"} {
		if _, body := mustGet(t, http.DefaultClient, address+path); !strings.Contains(body, want) {
			t.Errorf("/%s: %s", path, body)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
