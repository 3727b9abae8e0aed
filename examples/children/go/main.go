// Command go is a contender in Go, and the template for others: its requests are
// scheduled by the strategies of package fetchers and made with net/http.
//
//	go build -o child ./examples/children/go
//	fetchbench run --profile article -s sequential,goroutines -s exec:./child
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/fetchbench/fetchbench/examples/children/go/contender"
	"github.com/fetchbench/fetchbench/fetchers"
)

func main() {
	if err := contender.Serve(os.Stdin, os.Stdout, "go-net/http", fetcher()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// fetcher fetches plans with a client that is dropped where the plan wants a cold one.
func fetcher() contender.Fetch {
	c := &http.Client{}
	return func(ctx context.Context, p contender.Plan) []contender.Record {
		if !p.ReuseClient || c.Transport == nil {
			c.CloseIdleConnections()
			c.Transport = &http.Transport{MaxIdleConns: p.N, MaxIdleConnsPerHost: p.N, MaxConnsPerHost: p.MaxConns, DisableKeepAlives: !p.KeepAlive, DisableCompression: true}
		}
		c.Timeout = time.Duration(p.TimeoutMS) * time.Millisecond
		c.CheckRedirect = contender.Redirects(p.Redirects)
		out := make([]contender.Record, p.N)
		// The calls have no errors: what became of each is in its record.
		_ = strategy(p).Run(ctx, p.N, func(ctx context.Context, i int) error {
			out[i].Start = time.Now()
			out[i].Err = fetch(ctx, c, p.Requests[i], p.ReadBody, &out[i])
			out[i].End = time.Now()
			return nil
		})
		return out
	}
}

// strategy is when the calls of a plan are made.
func strategy(p contender.Plan) fetchers.Strategy {
	switch {
	case p.Mode == "sequential":
		return fetchers.Sequential{}
	case p.Concurrency > 0:
		return fetchers.Pool{Workers: p.Concurrency}
	}
	return fetchers.Goroutines{}
}

// fetch makes one request and reads its answer to the end, if it is to.
func fetch(ctx context.Context, c *http.Client, q contender.Request, read bool, r *contender.Record) error {
	request, err := http.NewRequestWithContext(ctx, q.Method, q.URL, http.NoBody)
	if err != nil {
		return err
	}
	for name, value := range q.Headers {
		request.Header.Set(name, value)
	}
	answer, err := c.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // it was only read
	r.First, r.Status = time.Now(), answer.StatusCode
	if read {
		r.Bytes, err = io.Copy(io.Discard, answer.Body)
	}
	return err
}
