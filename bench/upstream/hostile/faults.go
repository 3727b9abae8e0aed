package hostile

import (
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// faults are the endpoints that answer with an error, sometimes.
func faults() []endpoint {
	return []endpoint{
		{"/status/", status},
		{"/flaky", flaky},
		{"/fail-first", failFirst},
		{"/retry-after", retryAfter},
	}
}

// status answers with the status in the path. Below 200 and above 999 there is none
// that could end an exchange.
func status(v *visit) {
	code, err := strconv.Atoi(strings.TrimPrefix(v.r.URL.Path, "/status/"))
	if err != nil || code < 200 || code > 999 {
		v.text(http.StatusNotFound, "want /status/200 to /status/999\n")
		return
	}
	v.text(code, http.StatusText(code)+"\n")
}

// flaky fails with the probability ?rate, drawn for the id, so that the same ids fail
// every time, and fails those that try again as well.
func flaky(v *visit) {
	if v.draw("flaky") < v.number("rate", 0.5, 1) {
		v.text(v.code("status", http.StatusServiceUnavailable), "flaky\n")
		return
	}
	v.text(http.StatusOK, "ok\n")
}

// failFirst fails the first ?n requests with the same ?key, or id, as ?mode says.
func failFirst(v *visit) {
	count := remember(&v.server.memory, "fail-first "+v.named("key", v.id), func() *atomic.Int64 { return new(atomic.Int64) })
	if count.Add(1) > int64(v.size("n", 1)) {
		v.text(http.StatusOK, "ok\n")
		return
	}
	switch v.query.Get("mode") {
	case "close":
		v.raw(func(*line) {})
	case "reset":
		v.raw(func(l *line) { v.end(); reset(l.conn) })
	case "truncate":
		v.raw(truncate)
	case "hang":
		v.hang()
	default:
		v.text(v.code("status", http.StatusServiceUnavailable), "not yet\n")
	}
}

// retryAfter refuses with the Retry-After that ?v asks for, whatever it is; "date" is
// the one in two seconds.
func retryAfter(v *visit) {
	when := v.named("v", "1")
	if when == "date" {
		when = time.Now().Add(2 * time.Second).UTC().Format(http.TimeFormat)
	}
	v.w.Header().Set("Retry-After", when)
	v.text(v.code("status", http.StatusTooManyRequests), "later\n")
}
