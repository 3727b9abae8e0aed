package h3_test

import (
	"context"
	"crypto/x509"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/client/clienttest"
	"github.com/fetchbench/fetchbench/fetchers/client/h3"
)

// streams serves QUIC without HTTP on it: each stream that a client opens goes to
// handle once a byte came over it.
func streams(t *testing.T, handle func(*quic.Conn, *quic.Stream)) (string, *x509.CertPool) {
	t.Helper()
	config, roots := clienttest.Borrow()
	config.NextProtos = []string{http3.NextProtoH3}
	socket, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	server := &quic.Transport{Conn: socket}
	listener, err := server.Listen(config, nil)
	if err != nil {
		t.Fatal(err)
	}
	var served sync.WaitGroup
	served.Go(func() {
		for conn, err := listener.Accept(context.Background()); err == nil; conn, err = listener.Accept(context.Background()) {
			served.Go(func() {
				for s, err := conn.AcceptStream(context.Background()); err == nil; s, err = conn.AcceptStream(context.Background()) {
					if _, err := io.ReadFull(s, make([]byte, 1)); err == nil {
						handle(conn, s)
					}
				}
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		server.Close()
		socket.Close()
		served.Wait()
	})
	return "https://" + socket.LocalAddr().String(), roots
}

// reset ends a stream with a code.
func reset(code http3.ErrCode) func(*quic.Conn, *quic.Stream) {
	return func(_ *quic.Conn, s *quic.Stream) {
		s.CancelRead(quic.StreamErrorCode(code))
		s.CancelWrite(quic.StreamErrorCode(code))
	}
}

// hangUp closes the connection with a code.
func hangUp(code http3.ErrCode) func(*quic.Conn, *quic.Stream) {
	return func(c *quic.Conn, _ *quic.Stream) { c.CloseWithError(quic.ApplicationErrorCode(code), "bye") }
}

// TestH3FailuresAreSeen breaks streams and connections off in every way that decides
// something. A rejected request is one that quic-go would send again: the upstream
// sees it once, as the outcome says.
func TestH3FailuresAreSeen(t *testing.T) {
	for _, tt := range []struct {
		name   string
		handle func(*quic.Conn, *quic.Stream)
		class  client.Class
		text   string
	}{
		{"rejected", reset(http3.ErrCodeRequestRejected), client.ClassReset, "H3_REQUEST_REJECTED"},
		{"reset", reset(http3.ErrCodeInternalError), client.ClassReset, "H3_INTERNAL_ERROR"},
		{"closed", hangUp(http3.ErrCodeNoError), client.ClassEOF, "bye"},
		{"closed in anger", hangUp(http3.ErrCodeExcessiveLoad), client.ClassReset, "H3_EXCESSIVE_LOAD"},
		{"no answer", func(_ *quic.Conn, s *quic.Stream) { s.Close() }, client.ClassEOF, "EOF"},
		{"not HTTP", func(_ *quic.Conn, s *quic.Stream) {
			s.Write([]byte{0, 4, 'h', 'a', 'l', 'f'}) // data before headers
			s.Close()
		}, client.ClassMalformed, "HEADERS"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var seen atomic.Int64
			url, roots := streams(t, func(c *quic.Conn, s *quic.Stream) {
				seen.Add(1)
				tt.handle(c, s)
			})
			c := h3.New(client.Config{Roots: roots})
			defer c.Close()
			o := c.Fetch(t.Context(), client.Request{URL: url})
			if o.Class != tt.class || o.Attempts != 1 || o.Err == nil || !strings.Contains(o.Err.Error(), tt.text) {
				t.Errorf("got %+v, want %s for %s after one attempt", o, tt.class, tt.text)
			}
			if seen.Load() != 1 {
				t.Errorf("the upstream saw %d requests, want 1", seen.Load())
			}
		})
	}
}
