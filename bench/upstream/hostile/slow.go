package hostile

import (
	"fmt"
	"net/http"
	"time"
)

// slow are the endpoints that take their time, or all of it.
func slow() []endpoint {
	return []endpoint{
		{"/hang", func(v *visit) { v.hang() }},
		{"/hang-after-headers", func(v *visit) { v.stall(0, 10) }},
		{"/drip", drip},
		{"/stall-at", func(v *visit) { v.stall(v.size("bytes", 100), v.size("of", 1000)) }},
		{"/slow-read", slowRead},
		{"/raw/drip-headers", func(v *visit) { v.raw(dripHeaders) }},
		{"/raw/endless-1xx", func(v *visit) {
			v.raw(func(l *line) { l.endless(earlyHints, v.millis("every", 0)) })
		}},
	}
}

// earlyHints is an answer that announces another one.
const earlyHints = "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n"

// hang waits for the client to leave and then breaks off.
func (v *visit) hang() {
	v.sleep(mostTime)
	v.abort()
}

// stall sends so many bytes of a body that was declared to be of another length, and
// then nothing.
func (v *visit) stall(bytes, of int) {
	v.head(http.StatusOK, int64(of))
	block := make([]byte, 32<<10)
	for left := min(bytes, max(of-1, 0)); left > 0; {
		part := block[:min(left, len(block))]
		if !v.write(part) {
			return
		}
		left -= len(part)
	}
	if v.flush() {
		v.hang()
	}
}

// drip sends ?bytes one at a time, one ?every so many milliseconds.
func drip(v *visit) {
	bytes, every := v.size("bytes", 100), v.millis("every", 100)
	v.head(http.StatusOK, int64(bytes))
	for range max(bytes-1, 0) {
		if !v.write([]byte(".")) || !v.flush() || !v.sleep(every) {
			v.abort()
		}
	}
	v.fill(min(bytes, 1))
}

// slowRead takes the body of the request a kilobyte ?every so many milliseconds, and
// answers at its end.
func slowRead(v *visit) {
	every, block, read := v.millis("every", 100), make([]byte, 1<<10), 0
	for {
		n, err := v.r.Body.Read(block)
		read += n
		if err != nil || read > mostBytes {
			break
		}
		if !v.sleep(every) {
			return
		}
	}
	v.text(http.StatusOK, fmt.Sprintf("read %d bytes\n", read))
}

// dripHeaders sends headers a byte at a time and comes to no end within the time that
// a request has.
func dripHeaders(l *line) {
	every := max(l.v.millis("every", 100), time.Millisecond)
	for i := 0; ; i++ {
		text := fmt.Sprintf("X-Drip-%d: x\r\n", i)
		if i == 0 {
			text = "HTTP/1.1 200 OK\r\n" + text
		}
		for k := range len(text) {
			if !l.say(text[k:k+1]) || !l.v.sleep(every) {
				return
			}
		}
	}
}
