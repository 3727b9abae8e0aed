package bench

import (
	"context"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// Survey describes the machine as the header of a run does, where there is no run.
func Survey() results.Environment { return environment("") }

// Noise is what else goes on on a machine, as somebody sees it who does nothing but
// look at the clock.
type Noise struct {
	// Gap is the longest time between two looks: somebody else had the processor.
	Gap time.Duration
	// Steal is the share of all processor time that the host took away.
	Steal float64
}

// Listen measures the noise for so long, on one processor.
func Listen(ctx context.Context, long time.Duration) Noise {
	before, begun := readHost(), time.Now()
	var n Noise
	for last := begun; last.Sub(begun) < long && ctx.Err() == nil; {
		now := time.Now()
		n.Gap = max(n.Gap, now.Sub(last))
		last = now
	}
	if host := readHost().since(before); host.TotalTicks > 0 {
		n.Steal = float64(host.StealTicks) / float64(host.TotalTicks)
	}
	return n
}
