package upstream

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// childArg in front of a role makes the test binary play that child.
const childArg = "child:"

// TestMain is also the door for the processes that the tests start. No test may
// leave a goroutine behind.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && strings.HasPrefix(os.Args[1], childArg) {
		os.Exit(play(strings.TrimPrefix(os.Args[1], childArg)))
	}
	goleak.VerifyTestMain(m)
}

// child is the command of a process that plays the role.
func child(role string) []string { return []string{os.Args[0], childArg + role} }

// play is the life of a child process and returns its exit status. The roles other
// than serve and parent are the ways in which a child can be broken.
func play(role string) int {
	switch role {
	case "serve":
		if err := RunChild(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	case "quit":
		fmt.Fprintln(os.Stderr, "no\x1b[2J such\nluck")
		return 3
	case "endless":
		fmt.Print(strings.Repeat("x", 2*lineLimit))
		drain(os.Stdin)
	case "silent":
		drain(os.Stdin)
	case "stubborn":
		fmt.Println(`{"url":"http://127.0.0.1:1","control":"http://127.0.0.1:1","urls":10}`)
		time.Sleep(time.Minute) // it is killed long before
	case "parent":
		return playParent()
	default:
		if said, ok := sayings()[role]; ok {
			fmt.Println(said)
			drain(os.Stdin)
		}
	}
	return 0
}

// sayings are the answers of children that serve nothing.
func sayings() map[string]string {
	const here = `"control":"http://127.0.0.1:1","urls":`
	return map[string]string{
		"garbage":   "hello, I am not JSON",
		"elsewhere": `{"url":"http://192.0.2.1:80",` + here + `10}`,
		"fewer":     `{"url":"http://127.0.0.1:1",` + here + `3}`,
		"insecure":  `{"url":"http://127.0.0.1:1",` + here + `10,"secure":"https://192.0.2.1:2","ca":"x"}`,
		"uncertain": `{"url":"http://127.0.0.1:1",` + here + `10,"secure":"https://127.0.0.1:2","ca":"x"}`,
	}
}

// playParent starts a child of its own, says where it serves, and waits to be
// killed.
func playParent() int {
	p := constant(1, time.Hour)
	process, err := Start(context.Background(), child("serve"), p, Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(process.Addr())
	drain(os.Stdin)
	return 0
}

// drain reads to the end, which for a child is the wish of its parent.
func drain(r io.Reader) { _, _ = io.Copy(io.Discard, r) }

// constant is a profile of equal latencies and bodies of 100 bytes.
func constant(urls int, delay time.Duration) Profile {
	return Profile{Name: "test", URLs: urls, Size: 100, Latency: at(float64(delay) / float64(time.Millisecond))}
}

// named is a profile of the catalogue.
func named(t testing.TB, name string) Profile {
	t.Helper()
	p, err := Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// counts asks an upstream what it saw.
func counts(t testing.TB, u Upstream) Counts {
	t.Helper()
	c, err := u.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// fetch makes one request with an id, or without if it is empty, and reads the
// answer to its end.
func fetch(ctx context.Context, client *http.Client, url, id string) (int, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, nil, err
	}
	if id != "" {
		r.Header.Set(IDHeader, id)
	}
	response, err := client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, body, err
}
