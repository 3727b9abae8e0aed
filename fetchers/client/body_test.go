package client

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
)

// zip returns text as gzip.
func zip(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

// zipAnswer is a complete HTTP answer with a body that claims to be gzip.
func zipAnswer(body string) string {
	return fmt.Sprintf("%sContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", head, len(body), body)
}

func TestBodyLimitsAndDecoding(t *testing.T) {
	zipped := zip(strings.Repeat("a", 5000))
	twice := zip("ab") + zip("cd")
	for _, tt := range []struct {
		name, answer string
		class        Class
		bytes, wire  int64
	}{
		{"gzip", zipAnswer(zipped), ClassOK, 5000, int64(len(zipped))},
		{"two members", zipAnswer(twice), ClassOK, 4, int64(len(twice))},
		{"empty gzip", head + "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ClassOK, 0, 0},
		{"cut inside the gzip", zipAnswer(zipped[:len(zipped)-4]), ClassDecode, 5000, int64(len(zipped) - 4)},
		{"garbage after the gzip", zipAnswer(zipped + "garbage: more than a header"), ClassDecode, 5000, int64(len(zipped) + 27)},
		{"wrong checksum", zipAnswer(zipped[:len(zipped)-8] + "abcd" + zipped[len(zipped)-4:]), ClassDecode, 5000, int64(len(zipped))},
		{"cut on the wire", strings.TrimSuffix(zipAnswer(zipped), zipped[10:]), ClassTruncated, 0, 10},
		{"error page in gzip", strings.Replace(zipAnswer(zip("no")), "200 OK", "404 No", 1), ClassHTTP4xx, 2, int64(len(zip("no")))},
		{"at the limit", head + "\r\n" + strings.Repeat("x", 10_000), ClassOK, 10_000, 10_000},
		{"unknown coding", head + "Content-Encoding: br\r\nContent-Length: 2\r\n\r\nok", ClassOK, 2, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			addr := listen(t, answer(tt.answer))
			o := fetch(t, newClient(t, Config{Limits: Limits{WireLimit: 10_000, DecodedLimit: 20_000}}), addr, "/")
			if o.Class != tt.class || o.Bytes != tt.bytes || o.WireBytes != tt.wire {
				t.Errorf("got %+v, want %s with %d bytes, %d on the wire", o, tt.class, tt.bytes, tt.wire)
			}
		})
	}
}

// TestR13BodiesWithoutEndAreTooLarge checks that each limit stops the reading within a
// buffer of it, whatever length was declared.
func TestR13BodiesWithoutEndAreTooLarge(t *testing.T) {
	const limit, buffer = 100_000, 40_000
	for name, tt := range map[string]struct {
		config Config
		send   func(w io.Writer) error
	}{
		"endless":  {Config{Limits: Limits{WireLimit: limit}}, forever(head + "\r\n")},
		"decoded":  {Config{Limits: Limits{DecodedLimit: limit}}, forever(head + "\r\n")},
		"declared": {Config{Limits: Limits{WireLimit: limit}}, forever(head + "Content-Length: 1000000000000\r\n\r\n")},
		"bomb":     {Config{Limits: Limits{DecodedLimit: limit}}, bomb},
		"redirect": {Config{Limits: Limits{WireLimit: limit}}, forever("HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n")},
	} {
		t.Run(name, func(t *testing.T) {
			addr := listen(t, func(c net.Conn, _ int) {
				readRequest(bufio.NewReader(c))
				if tt.send(c) == nil {
					t.Error("the client read to the end")
				}
			})
			o := fetch(t, newClient(t, tt.config), addr, "/")
			if o.Class != ClassTooLarge || o.Bytes <= limit || o.Bytes > limit+buffer || !strings.Contains(fmt.Sprint(o.Err), fmt.Sprintf("the limit of %d bytes", limit)) {
				t.Errorf("got %+v, want too_large just past %d bytes", o, limit)
			}
		})
	}
}

// forever sends a head and then up to 1 GiB, until the client hangs up.
func forever(head string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, head)
		for n, block := 0, make([]byte, 1<<20); err == nil && n < 1<<10; n++ {
			_, err = w.Write(block)
		}
		return err
	}
}

// bomb sends gzip that decodes to up to 4 GiB.
func bomb(w io.Writer) error {
	if _, err := io.WriteString(w, head+"Content-Encoding: gzip\r\n\r\n"); err != nil {
		return err
	}
	z, block := gzip.NewWriter(w), make([]byte, 1<<20)
	for range 4 << 10 {
		if _, err := z.Write(block); err != nil {
			return err
		}
	}
	return z.Close()
}

// TestGzipReaderIsUsedAgain fetches good and bad bodies in turn through the one
// pooled reader: a failure must not leak into the next body.
func TestGzipReaderIsUsedAgain(t *testing.T) {
	good, bad := zipAnswer(zip("hello")), zipAnswer("not gzip at all, not at all")
	addr := listen(t, func(c net.Conn, _ int) {
		in := bufio.NewReader(c)
		for req := readRequest(in); req != nil; req = readRequest(in) {
			if req.URL.Path == "/bad" {
				io.WriteString(c, bad)
			} else {
				io.WriteString(c, good)
			}
		}
	})
	c := newClient(t, Config{})
	for range 5 {
		if o := fetch(t, c, addr, "/good"); o.Class != ClassOK || o.Bytes != 5 {
			t.Errorf("got %+v, want 5 bytes", o)
		}
		if o := fetch(t, c, addr, "/bad"); o.Class != ClassDecode {
			t.Errorf("got %+v, want decode", o)
		}
	}
}
