package hostile

import (
	"net/http"
	"time"
)

// connections are the endpoints that do not treat a connection as they said.
func connections() []endpoint {
	return []endpoint{
		{"/close", func(v *visit) {
			v.w.Header().Set("Connection", "close")
			v.text(http.StatusOK, "ok\n")
		}},
		{"/die-after", script(okay)},
		{"/raw/unsolicited", func(v *visit) { v.raw(unsolicited) }},
		{"/raw/no-length", script(begun + "\r\nok\n")},
		{"/raw/upgrade", func(v *visit) {
			v.raw(func(l *line) {
				if l.say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n") {
					l.hang()
				}
			})
		}},
		{"/early-response", early},
	}
}

// okay is a good answer after which the connection could be used again.
const okay = begun + "Content-Length: 3\r\n\r\nok\n"

// unsolicited answers, and later once more, unasked.
func unsolicited(l *line) {
	l.last(okay)
	if sleep(l.v.ctx, 20*time.Millisecond) {
		_, _ = l.conn.Write([]byte("HTTP/1.1 200 \x1b[31mUnsolicited\r\nContent-Length: 0\r\n\r\n"))
	}
}

// early answers before it has read what it is sent, and reads none of it.
func early(v *visit) {
	v.w.Header().Set("Connection", "close")
	v.text(v.code("status", http.StatusOK), "ok\n")
}
