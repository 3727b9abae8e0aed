package bench

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Value is what stands after the colon of a spec, in the field that its Argument
// reads.
type Value struct {
	Whole    int
	Rate     float64 // a second
	Wait     time.Duration
	Quantile float64
}

// An Argument says what stands after the colon of a spec, in words and with an
// example; the zero Argument is nothing.
type Argument struct {
	What, Example string
	// form says in errors how it is written.
	form string
	read func(text string) (Value, bool)
}

// The largest values after a colon: beyond a million in flight no machine has the
// ports, and beyond a million a second none has the time.
const (
	maxSize = 1 << 20
	maxRate = 1e6
	maxWait = time.Hour
)

// number is a whole number of something from 1 on, such as 8 workers.
func number(what string) Argument {
	read := func(text string) (Value, bool) {
		k, err := strconv.Atoi(text)
		return Value{Whole: k}, err == nil && k >= 1 && k <= maxSize && strconv.Itoa(k) == text
	}
	return Argument{"a number of " + what, "8", fmt.Sprintf("from 1 to %d", maxSize), read}
}

// few is a number of tries, of which nobody wants many.
func few(what string) Argument {
	a := number(what)
	const most = 100
	a.Example, a.form = "3", fmt.Sprintf("from 1 to %d", most)
	read := a.read
	a.read = func(text string) (Value, bool) {
		v, ok := read(text)
		return v, ok && v.Whole <= most
	}
	return a
}

// rate is a number a second, such as 50/s.
func rate(what string) Argument {
	read := func(text string) (Value, bool) {
		digits, found := strings.CutSuffix(text, "/s")
		r, err := strconv.ParseFloat(digits, 64)
		return Value{Rate: r}, err == nil && found && r > 0 && r <= maxRate && !strings.ContainsAny(digits, "+_xXpP")
	}
	return Argument{what + " a second", "50/s", fmt.Sprintf("above 0 and at most %g, with /s after it", maxRate), read}
}

// wait is a time with its unit, such as 200ms.
func wait(what string) Argument {
	read := func(text string) (Value, bool) {
		d, err := time.ParseDuration(text)
		return Value{Wait: d}, err == nil && d > 0 && d <= maxWait && !strings.HasPrefix(text, "+")
	}
	return Argument{what, "200ms", "a time with its unit, such as 200ms, at most an hour", read}
}

// delay is a time, or a quantile of the latencies so far, such as p95.
func delay(what string) Argument {
	a := wait(what)
	times := a.read
	a.Example, a.form = "p95", "a time such as 100ms, or a quantile from p50 to p99.9"
	a.read = func(text string) (Value, bool) {
		percent, is := strings.CutPrefix(text, "p")
		if !is {
			return times(text)
		}
		p, err := strconv.ParseFloat(percent, 64)
		const lowest, highest = 50, 99.9
		return Value{Quantile: p / 100}, err == nil && p >= lowest && p <= highest && !strings.ContainsAny(percent, "+_xXpP")
	}
	return a
}
