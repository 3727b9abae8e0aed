package client

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// errTooLarge ends the reading of a body that passed a limit.
var errTooLarge = errors.New("the body passed the limit")

// A decodeError says that the body arrived complete and is not what it claims.
type decodeError struct{ error }

// Unwrap returns what the decoder said.
func (e decodeError) Unwrap() error { return e.error }

// A meter counts what is read through it and refuses to go past its limit. It keeps
// the error that ended the reading, because a gzip.Reader above it passes some errors
// on as they are, and then nobody could say which of the two had failed.
type meter struct {
	src      io.Reader
	n, limit int64
	err      error // what ended the reading, other than its proper end
}

// Read reads from the source. It passes the limit by one buffer at most.
func (m *meter) Read(p []byte) (int, error) {
	n, err := m.src.Read(p)
	m.n += int64(n)
	if m.n > m.limit {
		err = fmt.Errorf("%w of %d bytes", errTooLarge, m.limit)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		m.err = err
	}
	return n, err
}

// keeper appends what is written to it to the body of an answer.
type keeper struct{ answer *Answer }

// Write implements io.Writer and never fails.
func (k keeper) Write(p []byte) (int, error) {
	k.answer.Body = append(k.answer.Body, p...)
	return len(p), nil
}

// sink is where the decoded body goes: nowhere, unless the answer is kept.
func (o *Outcome) sink() io.Writer {
	if o.Answer == nil {
		return io.Discard
	}
	return keeper{o.Answer}
}

// drain reads the body to its end. Nothing is reserved from the length that the
// upstream declares, and the limits hold for what really came.
func (c *Client) drain(resp *http.Response, o *Outcome) error {
	if resp.Body == nil || resp.Body == http.NoBody {
		return nil
	}
	wire := meter{src: resp.Body, limit: c.config.WireLimit}
	if zipped(resp.Header) {
		return c.unzip(&wire, o)
	}
	wire.limit = min(wire.limit, c.config.DecodedLimit)
	_, err := io.Copy(o.sink(), &wire)
	o.Bytes, o.WireBytes = wire.n, wire.n
	return err
}

// zipped reports whether the body is gzip. It is undone whether we asked for it or
// the caller did, so that a corrupt one is noticed either way.
func zipped(h http.Header) bool {
	coding := h.Get("Content-Encoding")
	return strings.EqualFold(coding, "gzip") || strings.EqualFold(coding, "x-gzip")
}

// unzip reads a gzip body to its end. A wire that broke is told from a body that
// arrived well and is not gzip: only the second is a decodeError.
func (c *Client) unzip(wire *meter, o *Outcome) error {
	z, ok := c.gzips.Get().(*gzip.Reader)
	if !ok {
		z = new(gzip.Reader)
	}
	defer c.gzips.Put(z)
	decoded := meter{src: z, limit: c.config.DecodedLimit}
	err := z.Reset(wire)
	if err == nil {
		_, err = io.Copy(o.sink(), &decoded)
	}
	o.Bytes, o.WireBytes = decoded.n, wire.n
	switch {
	case wire.err != nil:
		return wire.err
	case errors.Is(err, io.EOF) && wire.n == 0: // an empty body needs no decoding
		return nil
	case err != nil && !errors.Is(err, errTooLarge):
		return decodeError{err}
	}
	return err
}
