package hostile

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
)

// begun is an answer whose headers are not complete, and chunked one whose body comes
// in chunks.
const (
	begun   = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
	chunked = begun + "Transfer-Encoding: chunked\r\n\r\n"
)

// ending is the rest of a good answer after which the connection is closed, as it says:
// a client that sent another request there would meet a second fault.
const ending = "Connection: close\r\nContent-Length: 3\r\n\r\nok\n"

// sized are the endpoints that send more than anybody wants, or say so.
func sized() []endpoint {
	return []endpoint{
		{"/infinite", infinite},
		{"/huge-length", func(v *visit) { v.raw(hugeLength) }},
		{"/gzip-bomb", gzipBomb},
		{"/deflate-bomb", deflateBomb},
		{"/big-header", func(v *visit) { v.raw(bigHeader) }},
		{"/many-headers", func(v *visit) {
			v.raw(func(l *line) {
				l.headers(v.size("n", 1000), func(i int) string { return "X-Many-" + strconv.Itoa(i) + ": x\r\n" })
			})
		}},
		{"/cookies", func(v *visit) {
			v.raw(func(l *line) { l.headers(v.size("n", 100), cookie(v.size("size", 100))) })
		}},
		{"/raw/endless-headers", endless(begun, "X-Endless: x\r\n")},
		{"/raw/long-status", endless("HTTP/1.1 200 ", "O")},
		{"/raw/endless-100", endless("", "HTTP/1.1 100 Continue\r\n\r\n")},
		{"/raw/chunk-ext", endless(chunked+"1", ";a=b")},
		{"/raw/endless-trailers", endless(chunked+"1\r\nx\r\n0\r\n", "X-Endless: x\r\n")},
	}
}

// endless writes the beginning and then the rest for ever, as far as that goes.
func endless(beginning, rest string) func(v *visit) {
	return func(v *visit) {
		v.raw(func(l *line) {
			if beginning == "" || l.say(beginning) {
				l.endless(rest, 0)
			}
		})
	}
}

// infinite sends a body without a length until the bound, where it breaks off: no
// client can take it for complete.
func infinite(v *visit) {
	v.head(http.StatusOK, -1)
	block := bytes.Repeat([]byte("x"), 64<<10)
	for v.sent < mostBytes && v.write(block) {
	}
	v.abort()
}

// hugeLength declares more than it sends, and then sends nothing more.
func hugeLength(l *line) {
	declared := int64(l.v.number("declare", 1e12, 1e18))
	sent := min(int64(l.v.size("send", 1000)), declared)
	if l.say(begun+"Content-Length: "+strconv.FormatInt(declared, 10)+"\r\n\r\n") && l.fill(sent) {
		l.hang()
	}
}

// fill writes so many bytes and reports whether the client is still there.
func (l *line) fill(size int64) bool {
	block := strings.Repeat("x", int(min(size, 32<<10)))
	for size > 0 {
		part := block[:min(size, int64(len(block)))]
		if !l.say(part) {
			return false
		}
		size -= int64(len(part))
	}
	return true
}

// bigHeader has one header of ?bytes.
func bigHeader(l *line) {
	size := int64(l.v.size("bytes", 1<<20))
	if l.say(begun+"X-Big: ") && l.fill(size) {
		l.last("\r\n" + ending)
	}
}

// headers writes an answer with n headers more than usual.
func (l *line) headers(n int, header func(i int) string) {
	if !l.say(begun) {
		return
	}
	var b strings.Builder
	for i := range n {
		b.WriteString(header(i))
		if b.Len() > 32<<10 {
			if l.v.sent > mostBytes || !l.say(b.String()) {
				return
			}
			b.Reset()
		}
	}
	l.last(b.String() + ending)
}

// cookie makes cookies of so many bytes.
func cookie(size int) func(i int) string {
	value := strings.Repeat("c", min(size, 1<<20))
	return func(i int) string { return "Set-Cookie: c" + strconv.Itoa(i) + "=" + value + "\r\n" }
}
