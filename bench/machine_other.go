//go:build !linux && !darwin

package bench

import "time"

// cpuTime is not known here.
func cpuTime() time.Duration { return 0 }

// switches is not known here.
func switches() int64 { return 0 }

// fdLimit is not known here.
func fdLimit() uint64 { return 0 }

// kernel is not known here.
func kernel() string { return "" }
