//go:build !linux

package upstream

// newClock makes the clock for upstreams on real sockets.
func newClock() clock { return timers{} }
