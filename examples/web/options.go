package main

import (
	"bufio"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// most bounds how many calls a page may ask for, and how many connections there are.
const most = 1000

// options are what the server is told at its start. What a page fetches is decided here
// and not by who asks for it: a server that fetches what strangers name is theirs.
type options struct {
	listen, upstream string
	urls             []string
	// n is how many calls a page makes if nobody says; 0 leaves it to the page.
	n   int
	key string
	// errands makes every request of this server call others before and after it.
	errands bool
	config  client.Config
}

// parse reads the flags; what they do not say the environment may.
func parse(args []string, getenv func(string) string, stderr io.Writer) (options, error) {
	o := options{key: getenv("API_KEY"), config: usual()}
	var file string
	var fresh bool
	flags := flag.NewFlagSet("web", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.listen, "listen", "127.0.0.1:8080", "`address` to serve at")
	flags.StringVar(&o.upstream, "upstream", getenv("FETCHBENCH_UPSTREAM"), "base `URL` of what is fetched (FETCHBENCH_UPSTREAM)")
	flags.StringVar(&file, "urls", getenv("FETCHBENCH_URLS"), "`file` with the URLs of the page of URLs, one a line (FETCHBENCH_URLS)")
	flags.BoolVar(&o.errands, "errands", false, "call the upstream before and after every request, too")
	flags.BoolVar(&fresh, "fresh", false, "open a connection for every call")
	flags.IntVar(&o.config.Redirects, "redirects", o.config.Redirects, "redirects to follow, none below 0")
	flags.DurationVar(&o.config.Timeout, "timeout", o.config.Timeout, "how long one call may take, to its last byte")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("no arguments are taken, got %q", flags.Args())
	}
	if fresh {
		o.config.Transport = client.H1NoKeepAlive
	}
	var err error
	if text := getenv("FETCHBENCH_N"); text != "" {
		if o.n, err = count(text); err != nil {
			return o, fmt.Errorf("FETCHBENCH_N: %w", err)
		}
	}
	if file != "" {
		o.urls, err = readURLs(file)
	}
	return o, err
}

// usual is how calls are made: bounded in time, from the first byte sent to the last
// one received, and in size.
func usual() client.Config {
	return client.Config{
		Timeout:   180 * time.Second,
		Redirects: 10,
		InFlight:  most,
		UserAgent: "fetchbench-example",
		Limits:    client.Limits{WireLimit: 1 << 20, DecodedLimit: 1 << 20},
	}
}

// count reads how many calls are to be made.
func count(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most {
		return 0, fmt.Errorf("the number of calls must be 0 to %d, got %.20q", most, text)
	}
	return n, nil
}

// base reads the address that all paths are added to. Without a host they would lead
// nowhere, which is found here and not by the first call.
func base(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("upstream %.60q is no URL", text)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return nil, fmt.Errorf("upstream %.60q must be a base URL such as http://127.0.0.1:8081 (--upstream, FETCHBENCH_UPSTREAM)", text)
	}
	return u, nil
}

// readURLs reads a list of URLs, one a line. The URLs are checked by the client, each
// in its own slot.
func readURLs(path string) ([]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the list of URLs: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	var urls []string
	lines := bufio.NewScanner(file)
	for lines.Scan() && len(urls) <= most {
		if line := strings.TrimSpace(lines.Text()); line != "" {
			urls = append(urls, line)
		}
	}
	tooMany := error(nil)
	if len(urls) > most {
		tooMany = errors.New("too many of them")
	}
	if err := cmp.Or(lines.Err(), tooMany); err != nil {
		return nil, fmt.Errorf("read the list of URLs in %s: %w", path, err)
	}
	return urls, nil
}
