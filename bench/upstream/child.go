package upstream

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
)

// lineLimit bounds the one line that parent and child send each other.
const lineLimit = 64 << 10

// order is the line with which a parent says what to serve: the fields of the
// profile and of the options side by side.
type order struct {
	Profile
	Options
}

// addresses is the line with which a child answers once it serves. The certificate
// is all that leaves the child of its authority.
type addresses struct {
	URL     string `json:"url"`
	Control string `json:"control"`
	URLs    int    `json:"urls"`
	Secure  string `json:"secure,omitempty"`
	CA      string `json:"ca,omitempty"`
}

// RunChild is the child's side of Start: it reads a profile and options as one line
// of JSON from stdin, serves that on loopback, writes its addresses as one line of
// JSON to stdout, and ends when stdin ends or the context is done.
//
// The end of stdin is what ends it because that comes even when the parent is
// killed. An interrupt is ignored: typed at a terminal it reaches parent and child
// alike, and the parent needs the counts before it closes stdin. After a context
// that is done, one goroutine may be left reading stdin; the caller exits.
//
// While it serves, Go code runs on half of the processors: the others are the
// client's. Where there are two, this is also what makes answers punctual. With a
// processor to spare, Go lets a thread that wakes for one request wake a second
// one to look for more before it runs the request.
func RunChild(ctx context.Context, stdin io.Reader, stdout io.Writer) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(max(runtime.GOMAXPROCS(0)/2, 1)))
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)

	input := bufio.NewReaderSize(stdin, lineLimit)
	o, err := readOrder(input)
	if err != nil {
		return err
	}
	server, err := Serve("", o.Profile, o.Options)
	if err != nil {
		return err
	}
	reply := addresses{server.Addr(), server.Control(), o.URLs, server.Secure(), string(server.CA())}
	if err := json.NewEncoder(stdout).Encode(reply); err != nil {
		return errors.Join(fmt.Errorf("write the addresses: %w", err), server.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		// An error ends the child as the end of stdin does: the parent is gone.
		_, _ = io.Copy(io.Discard, input)
		cancel()
	}()
	<-ctx.Done()
	return server.Close()
}

// readOrder reads the line with the profile. Serve validates it.
func readOrder(input *bufio.Reader) (order, error) {
	line, err := input.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return order{}, fmt.Errorf("read the profile: the line is longer than %d bytes", lineLimit)
	case err != nil:
		return order{}, fmt.Errorf("read the profile: %w", err)
	}
	var o order
	return o, decode(line, &o)
}
