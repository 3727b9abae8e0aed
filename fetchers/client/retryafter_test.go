package client

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 500_000_000, time.UTC)
	for value, want := range map[string]time.Duration{
		"":     0,
		"0":    0,
		"7":    7 * time.Second,
		" 7\t": 7 * time.Second,
		"-1":   0, "+7": 0, "1.5": 0, "7s": 0, "banana": 0, "٣": 0,
		"86400":                          24 * time.Hour,
		"86401":                          24 * time.Hour,
		strings.Repeat("9", 40):          24 * time.Hour,
		"Fri, 20 Nov 2026 12:00:30 GMT":  29500 * time.Millisecond,
		"Friday, 20-Nov-26 12:00:30 GMT": 29500 * time.Millisecond, // RFC 850
		"Fri Nov 20 12:00:30 2026":       29500 * time.Millisecond, // asctime
		"Fri, 20 Nov 2026 12:00:00 GMT":  0,                        // passed
		"Fri, 20 Nov 2099 12:00:00 GMT":  24 * time.Hour,
		"Fri, 20 Nov 2026 12:00:30":      0,
	} {
		if got := RetryAfter(value, now); got != want {
			t.Errorf("%q: got %v, want %v", value, got, want)
		}
	}
}

// FuzzRetryAfter checks the bounds for whatever is sent, and that seconds and dates
// that mean the same wait are read as the same.
func FuzzRetryAfter(f *testing.F) {
	for _, value := range []string{"7", "-1", "99999999999999999999", "Fri, 20 Nov 2026 12:00:30 GMT", "banana"} {
		f.Add(value, uint16(7))
	}
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value string, seconds uint16) {
		if got := RetryAfter(value, now); got < 0 || got > 24*time.Hour {
			t.Errorf("%q: got %v, want 0 to a day", value, got)
		}
		want := time.Duration(seconds) * time.Second
		date := now.Add(want).Format(http.TimeFormat)
		for _, same := range []string{strconv.Itoa(int(seconds)), date} {
			if got := RetryAfter(same, now); got != want {
				t.Errorf("%q: got %v, want %v", same, got, want)
			}
		}
	})
}
