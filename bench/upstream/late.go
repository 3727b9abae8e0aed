package upstream

import "bytes"

// A lateBody is the body of a mock's answer that takes its time. It is counted as
// answered when it is read to its end, and as left when it is closed before. One
// goroutine reads it, as with any body.
type lateBody struct {
	*bytes.Reader
	// wait returns once the body is there, or with why its reader has left.
	wait  func() error
	ended bool
	// end counts what became of the request.
	end func(how ending, bytes int)
}

// Read waits until the body is there.
func (b *lateBody) Read(p []byte) (int, error) {
	if err := b.wait(); err != nil {
		b.over(gone, 0)
		return 0, err
	}
	n, err := b.Reader.Read(p)
	if b.Len() == 0 {
		b.over(finished, int(b.Size()))
	}
	return n, err
}

// Close gives up what was not read.
func (b *lateBody) Close() error {
	b.over(gone, 0)
	return nil
}

// over is end, once.
func (b *lateBody) over(how ending, bytes int) {
	if !b.ended {
		b.ended = true
		b.end(how, bytes)
	}
}
