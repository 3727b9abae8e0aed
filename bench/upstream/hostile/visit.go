package hostile

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// visit is a request while it is served. Its methods are for one goroutine.
type visit struct {
	server *Server
	w      http.ResponseWriter
	r      *http.Request
	query  url.Values
	// ctx ends when the client left, the server closes, or it has been long enough.
	ctx context.Context
	id  string // as it is drawn for
	entry
	ended bool // it is counted
}

// end counts the request once. It is called before the last byte leaves: counted
// after it, a client that has the complete answer could ask for the counts and find
// its own request in flight.
func (v *visit) end() {
	if v.ended {
		return
	}
	v.ended = true
	v.left = v.left || v.r.Context().Err() != nil
	v.server.book.end(v.entry)
}

// text answers with a status and a short text.
func (v *visit) text(status int, body string) { v.answer(status, []byte(body)) }

// answer answers with a status and a body, complete and correct.
func (v *visit) answer(status int, body []byte) {
	if status == http.StatusNoContent || status == http.StatusNotModified {
		v.head(status, -1) // these have no body
		return
	}
	v.head(status, int64(len(body)))
	most := max(len(body)-1, 0)
	if v.write(body[:most]) {
		v.sent += int64(len(body) - most)
		v.end()
		// An error here is a client that left, and there is nobody to tell.
		_, _ = v.w.Write(body[most:])
	}
}

// head sends the headers of an answer; a negative length is left out.
func (v *visit) head(status int, length int64) {
	if length >= 0 {
		v.w.Header().Set("Content-Length", strconv.FormatInt(length, 10))
	}
	if v.w.Header().Get("Content-Type") == "" {
		v.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	}
	v.status = status
	v.w.WriteHeader(status)
}

// write sends a part of a body and reports whether the client is still there.
func (v *visit) write(p []byte) bool {
	if v.ctx.Err() != nil {
		return false
	}
	n, err := v.w.Write(p)
	v.sent += int64(n)
	v.left = v.left || err != nil
	return err == nil
}

// flush sends what is written and reports whether the client is still there.
func (v *visit) flush() bool {
	err := http.NewResponseController(v.w).Flush()
	v.left = v.left || err != nil
	return err == nil && v.ctx.Err() == nil
}

// abort closes the connection, or over HTTP/2 the stream, in the middle.
func (v *visit) abort() {
	v.end()
	panic(http.ErrAbortHandler)
}

// sleep lets the time pass and reports whether the client is still there.
func (v *visit) sleep(d time.Duration) bool { return sleep(v.ctx, d) }

// sleep lets the time pass, or less if the context ends.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// number is a parameter between 0 and the most.
func (v *visit) number(name string, otherwise, most float64) float64 {
	x, err := strconv.ParseFloat(v.query.Get(name), 64)
	if err != nil || math.IsNaN(x) {
		return otherwise
	}
	return min(max(x, 0), most)
}

// size is a parameter in bytes, or a count of what takes some.
func (v *visit) size(name string, otherwise int) int {
	return int(v.number(name, float64(otherwise), mostBytes))
}

// millis is a parameter in milliseconds.
func (v *visit) millis(name string, otherwise float64) time.Duration {
	return duration(v.number(name, otherwise, mostTime.Seconds()*1000))
}

// duration is a time of so many milliseconds, at most that of a request.
func duration(ms float64) time.Duration {
	if most := float64(mostTime / time.Millisecond); ms > most {
		return mostTime
	}
	return time.Duration(ms * float64(time.Millisecond))
}

// named is a parameter as it was given.
func (v *visit) named(name, otherwise string) string {
	if v.query.Has(name) {
		return v.query.Get(name)
	}
	return otherwise
}

// code is a parameter that is a status which net/http can send at the end of an
// exchange.
func (v *visit) code(name string, otherwise int) int {
	if code := int(v.number(name, float64(otherwise), 999)); code >= 200 {
		return code
	}
	return otherwise
}

// draw is the draw of this request for the given use.
func (v *visit) draw(what string) float64 {
	seed := v.server.options.Seed
	if own, err := strconv.ParseUint(v.query.Get("seed"), 10, 64); err == nil {
		seed = own
	}
	return draw(seed, what, v.id)
}
