package hostile

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/time/rate"
)

// shaped are the endpoints that behave well, each in its own way.
func shaped() []endpoint {
	return []endpoint{
		{"/ok", ok},
		{"/delay", delay},
		{"/capacity", capacity},
		{"/ratelimit", rateLimit},
		{"/freeze", freeze},
		{"/echo", echo},
	}
}

// ok answers at once with ?size bytes.
func ok(v *visit) {
	size := v.size("size", 3)
	v.head(http.StatusOK, int64(size))
	v.fill(size)
}

// fill writes so many bytes, of which the last is counted before it leaves.
func (v *visit) fill(size int) {
	block := bytes.Repeat([]byte("x"), min(size, 32<<10))
	for size > len(block) && v.write(block) {
		size -= len(block)
	}
	if size > len(block) {
		return
	}
	if most := max(size-1, 0); v.write(block[:most]) && size > 0 {
		v.sent++
		v.end()
		_, _ = v.w.Write(block[most:size]) // a client that left is told nothing
	}
}

// delay answers after a time drawn for the id: around ?ms, as the law ?dist says.
func delay(v *visit) {
	if v.sleep(v.latency()) {
		v.text(http.StatusOK, "ok\n")
	}
}

// latency draws from the law by its inverse (Devroye 1986, chapter II.2): ms is the
// constant, the mean of uniform on [0, 2 ms] and of exp, the median of lognormal and
// the smallest of pareto; bimodal is slow_ms with the probability p.
func (v *visit) latency() time.Duration {
	most := mostTime.Seconds() * 1000
	ms, u := v.number("ms", 10, most), v.draw("delay")
	switch v.query.Get("dist") {
	case "uniform":
		ms *= 2 * u
	case "exp":
		ms *= -math.Log(u)
	case "lognormal":
		ms *= math.Exp(v.number("sigma", 0.5, 10) * math.Sqrt2 * math.Erfinv(2*u-1))
	case "pareto":
		ms /= math.Pow(u, 1/max(v.number("alpha", 2, 100), 0.1))
	case "bimodal":
		if u < v.number("p", 0.1, 1) {
			ms = v.number("slow_ms", 10*ms, most)
		}
	}
	return duration(ms)
}

// slots are what /capacity has to give. What is sent to free is a slot taken.
type slots struct {
	free  chan struct{}
	queue chan struct{}
}

// capacity serves ?c requests at once for ?ms each and lets ?queue wait; any more
// are answered with the status ?over.
func capacity(v *visit) {
	c, queue := max(v.size("c", 4), 1), v.size("queue", 1<<16)
	key := "capacity " + strconv.Itoa(c) + " " + strconv.Itoa(queue)
	s := remember(&v.server.memory, key, func() *slots {
		return &slots{make(chan struct{}, c), make(chan struct{}, c+queue)}
	})
	select {
	case s.queue <- struct{}{}:
		defer func() { <-s.queue }()
	default:
		v.text(v.code("over", http.StatusServiceUnavailable), "full\n")
		return
	}
	select {
	case s.free <- struct{}{}:
		defer func() { <-s.free }()
	case <-v.ctx.Done():
		return
	}
	if v.sleep(v.millis("ms", 10)) {
		v.text(http.StatusOK, "ok\n")
	}
}

// rateLimit lets ?rps requests a second pass, ?burst of them at once. Any more get a
// 429 with ?retry_after, which is one second unless it is given.
func rateLimit(v *visit) {
	rps, burst := v.number("rps", 10, 1e6), v.size("burst", 1)
	key := "ratelimit " + strconv.FormatFloat(rps, 'g', -1, 64) + " " + strconv.Itoa(burst)
	limiter := remember(&v.server.memory, key, func() *rate.Limiter {
		return rate.NewLimiter(rate.Limit(rps), burst)
	})
	if limiter.Allow() {
		v.text(http.StatusOK, "ok\n")
		return
	}
	v.w.Header().Set("Retry-After", v.named("retry_after", "1"))
	v.text(http.StatusTooManyRequests, "slow down\n")
}

// freeze serves in ?ms, except that nothing moves in the last ?for of every ?every
// milliseconds since the server began.
func freeze(v *visit) {
	every, frozen := max(v.millis("every", 2000), time.Millisecond), v.millis("for", 500)
	for _, wait := range []time.Duration{v.millis("ms", 5), 0} {
		phase := time.Since(v.server.began) % every
		if phase+wait > every-frozen {
			wait = max(wait, every-phase)
		}
		if !v.sleep(wait) {
			return
		}
	}
	v.text(http.StatusOK, "ok\n")
}

// echo tells the client what it sent. Bodies are read to the end and only counted.
func echo(v *visit) {
	size, err := io.Copy(io.Discard, io.LimitReader(v.r.Body, mostBytes))
	v.left = err != nil
	said, err := json.Marshal(map[string]any{
		"method": v.r.Method, "uri": v.r.RequestURI, "proto": v.r.Proto, "host": v.r.Host,
		"remote": v.r.RemoteAddr, "headers": v.r.Header, "body_bytes": size,
	})
	if err != nil {
		panic("hostile: an echo without JSON: " + err.Error())
	}
	v.w.Header().Set("Content-Type", "application/json")
	v.answer(http.StatusOK, append(said, '\n'))
}
