package client

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// A framer is the upstream's end of an HTTP/2 connection, written by hand so that it
// can say what no decent server says.
type framer struct {
	*http2.Framer
	conn net.Conn
}

// frames greets an HTTP/2 client and hands each of its requests to handle, which
// answers false to close the connection. Requests are counted in seen.
func frames(seen *atomic.Int64, handle func(f framer, connection int, stream uint32) bool) func(net.Conn, int) {
	return func(c net.Conn, connection int) {
		if _, err := io.ReadFull(c, make([]byte, len(http2.ClientPreface))); err != nil {
			return
		}
		f := framer{http2.NewFramer(c, c), c}
		f.WriteSettings()
		for {
			frame, err := f.ReadFrame()
			if err != nil {
				return
			}
			switch frame := frame.(type) {
			case *http2.SettingsFrame:
				if !frame.IsAck() {
					f.WriteSettingsAck()
				}
			case *http2.PingFrame:
				f.WritePing(true, frame.Data)
			case *http2.HeadersFrame:
				seen.Add(1)
				if !handle(f, connection, frame.StreamID) {
					finish(c)
					return
				}
			}
		}
	}
}

// head answers the headers of a stream.
func (f framer) head(stream uint32, end bool) {
	var block bytes.Buffer
	hpack.NewEncoder(&block).WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
	f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: block.Bytes(), EndHeaders: true, EndStream: end})
}

// TestR26H2FailuresAreSeen breaks off in every way that HTTP/2 has a word for. What the
// upstream saw is what the outcome counts: none of it was sent again.
func TestR26H2FailuresAreSeen(t *testing.T) {
	reset := func(code http2.ErrCode) func(framer, int, uint32) bool {
		return func(f framer, _ int, s uint32) bool { return f.WriteRSTStream(s, code) == nil }
	}
	for _, tt := range []struct {
		name   string
		method string
		handle func(f framer, connection int, stream uint32) bool
		class  Class
		text   string
	}{
		{"refused", "GET", reset(http2.ErrCodeRefusedStream), ClassH2, "REFUSED_STREAM"},
		{"refused with a body", "POST", reset(http2.ErrCodeRefusedStream), ClassH2, "REFUSED_STREAM"},
		{"protocol error", "GET", reset(http2.ErrCodeProtocol), ClassH2, "PROTOCOL_ERROR"},
		{"reset", "GET", reset(http2.ErrCodeInternal), ClassH2, "INTERNAL_ERROR"},
		{"reset in the body", "GET", func(f framer, _ int, s uint32) bool {
			f.head(s, false)
			f.WriteData(s, false, []byte("half"))
			return f.WriteRSTStream(s, http2.ErrCodeEnhanceYourCalm) == nil
		}, ClassH2, "ENHANCE_YOUR_CALM"},
		{"goaway", "GET", func(f framer, _ int, _ uint32) bool {
			f.WriteGoAway(0, http2.ErrCodeNo, nil)
			return true
		}, ClassH2, "GOAWAY"},
		{"goaway in anger", "GET", func(f framer, _ int, _ uint32) bool {
			f.WriteGoAway(0, http2.ErrCodeEnhanceYourCalm, nil)
			return false
		}, ClassH2, "ENHANCE_YOUR_CALM"},
		{"goaway and closed", "GET", func(f framer, _ int, s uint32) bool {
			f.WriteGoAway(s, http2.ErrCodeInternal, []byte("out of order"))
			return false
		}, ClassH2, "GOAWAY"},
		{"closed", "GET", func(framer, int, uint32) bool { return false }, ClassEOF, "EOF"},
		{"closed in the body", "GET", func(f framer, _ int, s uint32) bool {
			f.head(s, false)
			f.WriteData(s, false, []byte("half"))
			return false
		}, ClassTruncated, "EOF"},
		{"not HTTP/2", "GET", func(f framer, _ int, _ uint32) bool {
			io.WriteString(f.conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
			return false
		}, ClassH2, "HTTP/1.1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var seen atomic.Int64
			addr := listen(t, frames(&seen, tt.handle))
			c := newClient(t, Config{Transport: H2C})
			o := c.Fetch(t.Context(), Request{Method: tt.method, URL: "http://" + addr, Body: []byte(strings.Trim(tt.method, "GET"))})
			if o.Class != tt.class || o.Attempts != 1 || o.Err == nil || !strings.Contains(fmt.Sprint(o.Err), tt.text) {
				t.Errorf("got %+v, want %s for %s after one attempt", o, tt.class, tt.text)
			}
			if seen.Load() != 1 {
				t.Errorf("the upstream saw %d requests, want 1", seen.Load())
			}
		})
	}
}

// TestH2GoAwayIsFollowedByANewConnection refuses every request of the first
// connection by a GOAWAY, and answers on later ones. Whatever the mixture, attempts
// are what the upstreams saw.
func TestH2GoAwayIsFollowedByANewConnection(t *testing.T) {
	const calls = 40
	var (
		seen     atomic.Int64
		attempts atomic.Int64
		both     sync.WaitGroup
	)
	addr := listen(t, frames(&seen, func(f framer, connection int, stream uint32) bool {
		if connection == 0 {
			f.WriteGoAway(0, http2.ErrCodeNo, nil)
			return true
		}
		f.head(stream, true)
		return true
	}))
	c := newClient(t, Config{Transport: H2C})
	for range calls {
		both.Go(func() {
			o := fetch(t, c, addr, "/")
			attempts.Add(int64(o.Attempts))
			if o.Class != ClassOK && o.Class != ClassH2 {
				t.Errorf("got %+v, want ok or h2", o)
			}
		})
	}
	both.Wait()
	if o := fetch(t, c, addr, "/"); o.Class != ClassOK {
		t.Errorf("after the GOAWAY: got %+v, want ok", o)
	}
	if got := attempts.Load() + 1; got != seen.Load() {
		t.Errorf("the upstream saw %d requests, the outcomes count %d attempts", seen.Load(), got)
	}
}

// TestH2AsksForHTTP2 meets upstreams that speak something else, and URLs for which
// there is no such transport.
func TestH2AsksForHTTP2(t *testing.T) {
	plain, _ := recorder(t, func(http.ResponseWriter, *http.Request) {})
	secure := newTLSServer(t)
	for _, tt := range []struct {
		transport Transport
		url       string
		want      Class
	}{
		{H2, plain.URL, ClassBadURL},
		{H2C, secure.URL, ClassBadURL},
		{H2, secure.URL, ClassTLS},
		{H2C, plain.URL, ClassH2},
	} {
		c := newClient(t, Config{Transport: tt.transport, Roots: rootsOf(secure)})
		o := c.Fetch(context.Background(), Request{URL: tt.url})
		if o.Class != tt.want || o.Err == nil || o.Attempts > 1 {
			t.Errorf("%s to %s: got %+v, want %s", tt.transport, tt.url, o, tt.want)
		}
	}
}
