package client

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longestRetryAfter bounds the wait that an upstream can ask for. Whoever obeys it
// has given up long before.
const longestRetryAfter = 24 * time.Hour

// RetryAfter returns the wait that the value of a Retry-After header asks for at the
// time now (RFC 9110, section 10.2.3): a number of seconds or a date. It is 0 for a
// value that is neither, that is negative or that has passed, and never more than a
// day.
func RetryAfter(value string, now time.Time) time.Duration {
	value = strings.Trim(value, " \t")
	if digits(value) {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > int64(longestRetryAfter/time.Second) {
			return longestRetryAfter // the only error that digits can have is their number
		}
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(0, at.Sub(now)), longestRetryAfter)
}

// digits reports whether s is a number as the header allows it: no sign, no point.
func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// retryAfter reads the wait from an answer that asks for patience.
func retryAfter(resp *http.Response) time.Duration {
	if resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	return RetryAfter(resp.Header.Get("Retry-After"), time.Now())
}
