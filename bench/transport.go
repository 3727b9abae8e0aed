package bench

import (
	"context"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// A Transport is over what the calls of a contender are made. The zero Transport
// is HTTP/1.1 as the client tunes it, or the mock of a plan that is on one.
type Transport struct {
	// Scheme is the only one that it speaks, http or https; empty for both.
	Scheme string
	// Mock says that nothing leaves the process.
	Mock bool
	// Shared says that all requests to a host share a connection.
	Shared bool
	// Uncounted says that connections are opened in another way than the batch's
	// configuration says, and counted by the client.
	Uncounted bool
	open      func(client.Config) fetcher
}

// A fetcher makes requests over connections of its own.
type fetcher interface {
	Fetch(ctx context.Context, r client.Request) client.Outcome
	// Opened is how many connections were opened so far.
	Opened() int64
	Close()
}

// client makes the client of one trial.
func (t Transport) client(config client.Config) fetcher {
	if t.open == nil {
		return client.New(config)
	}
	return t.open(config)
}
