package hostile

import "strings"

// malformed are the endpoints that answer with what is not HTTP, or hardly: what a
// parser may take at its own risk and what it must refuse.
func malformed() []endpoint {
	const head = "HTTP/1.1 200 OK\r\n"
	var all []endpoint
	for _, row := range []struct{ name, text string }{
		{"empty", ""},
		{"garbage", "\x00\xff\x17\x03 neither HTTP nor text \x80\x81\r\n\r\n"},
		{"http09", "<p>ok</p>\n"},
		{"half-status", "HTTP/1.1 2"},
		{"half-headers", head + "Content-Type: text/pl"},
		{"bad-status", "HTTP/1.1 two hundred\r\n" + ending},
		{"status-000", "HTTP/1.1 000 Nothing\r\n" + ending},
		{"status-99999", "HTTP/1.1 99999 Much\r\n" + ending},
		{"bad-version", "HTTP/9.9 200 OK\r\n" + ending},
		{"negative-length", head + "Content-Length: -3\r\n\r\nok\n"},
		{"two-lengths", head + "Content-Length: 3\r\nContent-Length: 5\r\n\r\nok\nok"},
		{"length-and-chunked", head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nok\n\r\n0\r\n\r\n"},
		{"lf-only", strings.ReplaceAll(head+ending, "\r", "")},
		{"nul-header", head + "X-Nul: a\x00b\r\n" + ending},
		{"space-header", head + "X-Space : x\r\n" + ending},
		{"folded", head + "X-Folded: one\r\n two\r\n" + ending},
		// Said to go on: what is left of it lies on a connection that could be used again.
		{"body-on-204", "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nok\n"},
		{"dup-headers", head + "Content-Type: text/plain\r\nContent-Type: text/html\r\nServer: a\r\nServer: b\r\n" + ending},
	} {
		all = append(all, endpoint{"/raw/" + row.name, script(row.text)})
	}
	return all
}
