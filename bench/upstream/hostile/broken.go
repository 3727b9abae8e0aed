package hostile

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
)

// broken are the endpoints whose bodies are not complete or not well-formed.
func broken() []endpoint {
	return []endpoint{
		{"/truncate", func(v *visit) { v.raw(truncate) }},
		{"/chunk-truncated", script(chunked + "5\r\nhello\r\n")},
		{"/gzip-bad", func(v *visit) { v.zipped(append(gzipHeader(), "this is no deflate stream"...)) }},
		{"/gzip-truncated", func(v *visit) { z := gzipped(1000); v.zipped(z[:len(z)/2]) }},
		{"/reset", func(v *visit) { v.raw(resetAfter) }},
		{"/raw/bad-chunk", script(chunked + "5\r\nhello\r\nzz\r\nworld\r\n0\r\n\r\n")},
		{"/raw/huge-chunk", script(chunked + "7fffffffffffffff\r\nhello")},
	}
}

// script writes the text and closes.
func script(text string) func(v *visit) {
	return func(v *visit) { v.raw(func(l *line) { l.last(text) }) }
}

// truncate declares ?declare bytes, sends ?send and closes.
func truncate(l *line) {
	declared, sent := l.v.size("declare", 1000), l.v.size("send", 100)
	if l.say(begun + "Content-Length: " + strconv.Itoa(declared) + "\r\n\r\n") {
		l.fill(int64(min(sent, declared)))
	}
}

// resetAfter declares more than it sends, and resets the connection after ?after
// bytes of body.
func resetAfter(l *line) {
	after := l.v.size("after", 100)
	if l.say(begun+"Content-Length: "+strconv.Itoa(after+1000)+"\r\n\r\n") && l.fill(int64(after)) {
		l.v.end()
		reset(l.conn)
	}
}

// zipped answers with a body that claims to be gzip, and of which the length is right.
func (v *visit) zipped(body []byte) {
	v.w.Header().Set("Content-Encoding", "gzip")
	v.answer(http.StatusOK, body)
}

// gzipped is a good stream of so many bytes of text.
func gzipped(size int) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	for i := range size {
		// Text that does not compress to nothing, so that half of it is some.
		_, _ = w.Write([]byte(strings.Repeat(strconv.Itoa(i*i), 1)))
	}
	_ = w.Close() // a buffer takes everything
	return b.Bytes()
}
