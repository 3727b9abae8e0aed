package fast

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
)

var (
	errNoData = errors.New("the body has too much that is not data")
	errStatus = errors.New("the status is 000")
)

// A source is a connection as it is read from. It remembers its end, because fasthttp
// tells a body of chunks that ended from one that broke off between two of them
// neither by its error nor otherwise.
//
// It also bounds what a body has besides data. fasthttp reads the extension of a chunk
// to its end however long it is, and keeps nothing of it: time would be the only bound.
type source struct {
	net.Conn
	ended bool
	// body says that the headers have been read. From then on, read bytes came from
	// the connection and data bytes were found in them; full says that the bound
	// between the two was passed.
	body, full bool
	read, data int64
}

// What a body may have besides data: so much in all, which includes what has been read
// ahead, and so many bytes for each of data, which is what chunks of one byte with a
// short extension take.
const (
	fewBytes  = 256 << 10
	dataShare = 16
)

// begin counts from here on.
func (s *source) begin() { s.body = true }

// Read reads from the connection.
func (s *source) Read(p []byte) (int, error) {
	if s.body && s.read > fewBytes+dataShare*s.data {
		s.full = true
		return 0, errNoData
	}
	n, err := s.Conn.Read(p)
	s.ended = s.ended || errors.Is(err, io.EOF)
	if s.body {
		s.read += int64(n)
	}
	return n, err
}

// realStatus refuses an answer with the status 000, which fasthttp takes for the
// default, 200. It waits for no more than any answer has, and leaves it in the reader;
// what is wrong with a shorter one is for fasthttp to say.
func realStatus(r *bufio.Reader) error {
	line, err := r.Peek(len("HTTP/1.1 000"))
	if err == nil && bytes.HasSuffix(line, []byte(" 000")) {
		return errStatus
	}
	return nil
}
