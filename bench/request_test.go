package bench_test

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/google/go-cmp/cmp"
)

func TestParseURLs(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"one a line", "http://a/1\nhttp://a/2\n", []string{"http://a/1", "http://a/2"}},
		{"no end of the last line", "http://a/1", []string{"http://a/1"}},
		{"comments and empty lines", "# all\n\n  \t\nhttp://a/1\n   # more\nhttp://a/2 # the second\nhttp://a/3\t#\n", []string{"http://a/1", "http://a/2", "http://a/3"}},
		{"a fragment is no comment", "http://a/1#top\n", []string{"http://a/1#top"}},
		{"lines of Windows", "\ufeffhttp://a/1\r\n\r\nhttp://a/2\r\n", []string{"http://a/1", "http://a/2"}},
		{"the same twice", "http://a/1\nhttp://a/1\n", []string{"http://a/1", "http://a/1"}},
		{"space around", "  http://a/1  \n", []string{"http://a/1"}},
	} {
		list, err := bench.ParseURLs("f", strings.NewReader(c.text))
		var got []string
		for _, r := range list {
			got = append(got, r.URL)
		}
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%s: error %v, -want +got\n%s", c.name, err, diff)
		}
	}
}

func TestParseURLsSaysWhereItIsWrong(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no scheme", "# list\nhttp://a\nexample.com\n", `f:3: "example.com" has no scheme; write http://example.com`},
		{"more of them", "a.example\nhttp://a\nb.example\nhttp://a:99999\n", `f:1: "a.example" has no scheme; write http://a.example (and 2 more)`},
		{"a port", "http://a:99999", `f:1: "http://a:99999" has port 99999; ports go from 1 to 65535`},
		{"an escape", "http://a/%zz", `f:1: "http://a/%zz" is not a URL`},
		{"two in a line", "http://a http://b", `f:1: "http://a http://b" has white space in it: one URL a line`},
		{"a long line", "http://a\nhttp://a/" + strings.Repeat("x", 2<<20), "f:2: the line is longer than 1048576 bytes"},
		{"empty", "", "f: no URLs"},
		{"only comments", "# http://a\n", "f: no URLs"},
	} {
		_, err := bench.ParseURLs("f", strings.NewReader(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: error %.200v, want %s", c.name, err, c.want)
		}
	}
}

func TestParseURLsPassesErrorsOn(t *testing.T) {
	broken := errors.New("broken disk")
	if _, err := bench.ParseURLs("f", iotest.ErrReader(broken)); !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "f: ") {
		t.Errorf("error %v, want %v of f", err, broken)
	}
	if _, err := bench.ParseURLs("f", strings.NewReader("")); !errors.Is(err, bench.ErrNoURLs) {
		t.Errorf("error %v, want %v", err, bench.ErrNoURLs)
	}
}

// Whatever a list has in it, its URLs can be fetched, and written one a line
// they are the same list again.
func FuzzParseURLs(f *testing.F) {
	for _, text := range []string{"http://a\n", "\ufeffhttps://a/#b # c\r\n\r\n", "a b\n", "http://[::1%25lo]:8080/%zz", "http://a/\u00a0#x\n", "#"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := bench.ParseURLs("f", strings.NewReader(text))
		if err != nil {
			if len(list) > 0 || !strings.HasPrefix(err.Error(), "f:") {
				t.Fatalf("%q: %d URLs and error %v", text, len(list), err)
			}
			return
		}
		var lines strings.Builder
		for _, r := range list {
			if err := r.Check(); err != nil {
				t.Fatalf("%q was let through: %v", r.URL, err)
			}
			lines.WriteString(r.URL + "\n")
		}
		again, err := bench.ParseURLs("f", strings.NewReader(lines.String()))
		if diff := cmp.Diff(list, again); err != nil || diff != "" {
			t.Errorf("%q: %v, -first +again\n%s", text, err, diff)
		}
	})
}

// TestR42EveryKindOfURLParses: other scripts, percent signs, zones and letter case are
// no reason to refuse a URL.
func TestR42EveryKindOfURLParses(t *testing.T) {
	list := []string{
		"http://bücher.example/ü", "http://xn--bcher-kva.example/", "HTTP://H.example/", "http://h/a%20b?c=%C3%BC", "http://h/?q=ü&r=%zz",
		"http://[fe80::1%25lo]:80/", "http://[::1]/", "http://127.0.0.1:65535", "http://h?x#y",
	}
	got, err := bench.ParseURLs("list", strings.NewReader(strings.Join(list, "\n")))
	if err != nil || len(got) != len(list) {
		t.Fatalf("got %v, %v", got, err)
	}
	for i, r := range got {
		if r.URL != list[i] {
			t.Errorf("%s became %s", list[i], r.URL)
		}
	}
}
