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

// addresses is the line with which a child answers once it serves.
type addresses struct {
	URL     string `json:"url"`
	Control string `json:"control"`
	URLs    int    `json:"urls"`
}

// RunChild is the child's side of Start: it reads a profile as one line of JSON
// from stdin, serves it on loopback, writes its addresses as one line of JSON to
// stdout, and ends when stdin ends or the context is done.
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
	p, err := readProfile(input)
	if err != nil {
		return err
	}
	server, err := Serve("", p)
	if err != nil {
		return err
	}
	reply := addresses{URL: server.Addr(), Control: server.Control(), URLs: p.URLs}
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

// readProfile reads the line with the profile.
func readProfile(input *bufio.Reader) (Profile, error) {
	line, err := input.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return Profile{}, fmt.Errorf("read the profile: the line is longer than %d bytes", lineLimit)
	case err != nil:
		return Profile{}, fmt.Errorf("read the profile: %w", err)
	}
	return DecodeProfile(line)
}
