package hostile

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// streams are the listeners that speak HTTP/2, each with a manner of its own. What
// one does every second or third time it counts by connection. h2-window answers as
// little as h2-stall, but is alive, and lets no byte of a request's body through.
func streams() []listener {
	row := func(name string, m manner) listener {
		return listener{name: name, scheme: "https", start: startH2(m)}
	}
	one := []http2.Setting{{ID: http2.SettingMaxConcurrentStreams, Val: 1}}
	shut := []http2.Setting{{ID: http2.SettingInitialWindowSize, Val: 0}}
	return []listener{
		row("h2-goaway", manner{serve: goAway}),
		row("h2-enhance", manner{serve: enhance}),
		row("h2-refused", manner{serve: refuse}),
		row("h2-maxstreams1", manner{serve: slowly, settings: one}),
		row("h2-rst", manner{serve: breakOff}),
		row("h2-stall", manner{mute: true, serve: func(*h2, uint32, int) bool { return true }}),
		row("h2-continuation", manner{serve: continueForEver}),
		row("h2-window", manner{settings: shut, serve: func(*h2, uint32, int) bool { return true }}),
	}
}

// goAway answers two streams and leaves at the third, which it says it has not seen:
// a client may send that again over another connection (RFC 9113, 6.8).
func goAway(h *h2, stream uint32, n int) bool {
	if n%3 != 0 {
		return h.answer(stream)
	}
	h.end(stream, false)
	// The error is the client's, which left as well.
	_ = h.framer.WriteGoAway(stream-2, http2.ErrCodeNo, nil)
	return false
}

// enhance asks a client at its first stream to be calm, and leaves.
func enhance(h *h2, stream uint32, _ int) bool {
	h.end(stream, false)
	_ = h.framer.WriteGoAway(stream, http2.ErrCodeEnhanceYourCalm, []byte("calm down"))
	return false
}

// refuse refuses every second stream, which a client may send again (RFC 9113, 8.7).
func refuse(h *h2, stream uint32, n int) bool {
	if n%2 != 0 {
		return h.answer(stream)
	}
	h.end(stream, false)
	return h.framer.WriteRSTStream(stream, http2.ErrCodeRefusedStream) == nil
}

// slowly answers one stream at a time, in twenty milliseconds each.
func slowly(h *h2, stream uint32, _ int) bool {
	return sleep(h.ctx, 20*time.Millisecond) && h.answer(stream)
}

// breakOff resets every stream in the middle of its body.
func breakOff(h *h2, stream uint32, _ int) bool {
	const part = 100
	if !h.head(stream, 200, 10*part) {
		return false
	}
	if e, ok := h.open[stream]; ok {
		e.sent = part
	}
	h.end(stream, false)
	return h.framer.WriteData(stream, false, make([]byte, part)) == nil &&
		h.framer.WriteRSTStream(stream, http2.ErrCodeInternal) == nil
}

// continueForEver begins the headers of an answer and never ends them (the flood of
// CVE-2023-45288).
func continueForEver(h *h2, stream uint32, _ int) bool {
	h.block.Reset()
	_ = h.pack.WriteField(hpack.HeaderField{Name: ":status", Value: "200"}) // a buffer takes everything
	err := h.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: h.block.Bytes()})
	var sent int64
	for i := 0; err == nil && sent < mostBytes; i++ {
		h.block.Reset()
		_ = h.pack.WriteField(hpack.HeaderField{Name: "x-" + strconv.Itoa(i), Value: strings.Repeat("x", 4096), Sensitive: true})
		sent += int64(h.block.Len())
		err = h.framer.WriteContinuation(stream, false, h.block.Bytes())
	}
	if e, ok := h.open[stream]; ok {
		e.sent, e.status = sent, 200
	}
	h.end(stream, err != nil)
	return false
}
