package client

import (
	"bufio"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
)

const (
	head  = "HTTP/1.1 200 OK\r\n"
	plain = head + "Content-Length: 2\r\n\r\nok"
)

func TestClassesListsEachOnce(t *testing.T) {
	classes := Classes()
	slices.Sort(classes)
	if len(slices.Compact(classes)) != 31 || len(Classes()) != 31 {
		t.Errorf("got %d classes, want the 31 of the vocabulary, each once", len(Classes()))
	}
}

// TestFetchClassifiesAnswers sends one answer over TCP and closes the connection.
func TestFetchClassifiesAnswers(t *testing.T) {
	for _, tt := range []struct {
		name, answer string
		want         Class
	}{
		{"complete", plain, ClassOK},
		{"created", "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", ClassOK},
		{"until the connection closes", head + "\r\nbody", ClassOK},
		{"chunked", head + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", ClassOK},
		{"early hints first", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + plain, ClassOK},
		{"not modified", "HTTP/1.1 304 Not Modified\r\n\r\n", ClassHTTP3xx},
		{"redirect to nowhere", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", ClassHTTP3xx},
		{"not found", "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", ClassHTTP4xx},
		{"slow down", "HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n", ClassHTTP429},
		{"unavailable", "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", ClassHTTP5xx},
		{"status 999", "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", ClassHTTPOther},
		{"upgrade", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nraw", ClassUpgrade},
		{"upgrade without headers", "HTTP/1.1 101 Switching\r\n\r\n", ClassUpgrade},
		{"nothing", "", ClassEOF},
		{"half a status line", "HTTP/1.1 20", ClassMalformed},
		{"half the headers", head + "Content-Le", ClassMalformed},
		{"headers without an end", head + "X: y\r\n", ClassMalformed},
		{"half the body", head + "Content-Length: 9\r\n\r\nshort", ClassTruncated},
		{"half a chunk", head + "Transfer-Encoding: chunked\r\n\r\n9\r\nshort", ClassTruncated},
		{"no last chunk", head + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", ClassTruncated},
		{"half an error page", "HTTP/1.1 500 Oops\r\nContent-Length: 9\r\n\r\nshort", ClassTruncated},
		{"half a redirect", "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 9\r\n\r\nshort", ClassTruncated},
		{"half a trailer", head + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: y", ClassHeadersTooLarge},
		{"garbage", "SSH-2.0-OpenSSH_9.6\r\n", ClassMalformed},
		{"bad status", "HTTP/1.1 abc OK\r\n\r\n", ClassMalformed},
		{"bad version", "HTTP/x.y 200 OK\r\n\r\n", ClassMalformed},
		{"bad header", head + "no colon\r\n\r\n", ClassMalformed},
		{"bad chunk", head + "Transfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n", ClassMalformed},
		{"negative length", head + "Content-Length: -1\r\n\r\n", ClassMalformed},
		{"two lengths", head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nok", ClassMalformed},
		{"not gzip", head + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok", ClassDecode},
		{"unparsable location", "HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n", ClassMalformed},
		{"long headers", head + "X: " + strings.Repeat("x", 3000) + "\r\n\r\n", ClassHeadersTooLarge},
		{"long status", "HTTP/1.1 200 " + strings.Repeat("x", 3000) + "\r\n\r\n", ClassHeadersTooLarge},
		{"endless hints", strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 200) + plain, ClassHeadersTooLarge},
		{"long trailer", head + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + strings.Repeat("x", 5000) + "\r\n\r\n", ClassHeadersTooLarge},
		{"long chunk line", head + "Transfer-Encoding: chunked\r\n\r\n1;" + strings.Repeat("x", 5000) + "\r\na\r\n0\r\n\r\n", ClassTooLarge},
		{"chunk extensions", head + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("1;"+strings.Repeat("x", 900)+"\r\na\r\n", 40) + "0\r\n\r\n", ClassTooLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			addr := listen(t, answer(tt.answer))
			o := fetch(t, newClient(t, Config{Limits: Limits{HeaderLimit: 2000}}), addr, "/")
			if o.Class != tt.want || o.Attempts != 1 || o.Phase != "" {
				t.Errorf("got %+v, want class %s after one attempt", o, tt.want)
			}
			explained := o.Status == 0 || o.Status == 101 || o.Class[0] != 'h' && o.Class != ClassOK
			if (o.Err != nil) != (explained || o.Class == ClassHeadersTooLarge) {
				t.Errorf("class %s of status %d has error %v", o.Class, o.Status, o.Err)
			}
		})
	}
}

func TestFetchClassifiesReset(t *testing.T) {
	for name, sent := range map[string]string{"before the answer": "", "in the body": head + "Content-Length: 9\r\n\r\nhal"} {
		t.Run(name, func(t *testing.T) {
			got := make(chan struct{})
			addr := listen(t, func(c net.Conn, _ int) {
				readRequest(bufio.NewReader(c))
				io.WriteString(c, sent)
				if sent != "" {
					<-got
				}
				c.(*net.TCPConn).SetLinger(0) // Close sends a reset
			})
			c := newClient(t, Config{Dial: notifyingDial(got, len(sent))})
			if o := fetch(t, c, addr, "/"); o.Class != ClassReset || o.Attempts != 1 {
				t.Errorf("got %+v, want reset after one attempt", o)
			}
		})
	}
}

func TestFetchReportsWhatItRead(t *testing.T) {
	addr := listen(t, answer(plain))
	c := newClient(t, Config{})
	o := fetch(t, c, addr, "/")
	if o.Status != 200 || o.Bytes != 2 || o.WireBytes != 2 || o.Redirects != 0 || o.Err != nil {
		t.Errorf("got %+v, want status 200 with 2 bytes", o)
	}
	if want := (Conn{Protocol: "HTTP/1.1", Addr: addr}); o.Conn != want {
		t.Errorf("got connection %+v, want %+v", o.Conn, want)
	}
	if c.Opened() != 1 {
		t.Errorf("got %d connections opened, want 1", c.Opened())
	}
}

func TestFetchNamesOldProtocols(t *testing.T) {
	addr := listen(t, answer("HTTP/1.0 200 OK\r\n\r\nok"))
	if o := fetch(t, newClient(t, Config{}), addr, "/"); o.Conn.Protocol != "HTTP/1.0" || o.Class != ClassOK {
		t.Errorf("got %+v, want HTTP/1.0", o)
	}
}
