package child

import (
	"time"

	"github.com/fetchbench/fetchbench/bench"
)

// Hasty is a Maker of contenders whose children get little time for anything.
func Hasty(limit time.Duration) bench.Maker {
	return bench.Maker{Is: Is, Make: func(spec string, p bench.Plan) (bench.Contender, error) {
		c, err := New(spec, p)
		if own, ok := c.(*Contender); ok {
			own.limits = limits{start: limit, arm: limit, finish: limit, records: limit, patience: limit}
		}
		return c, err
	}}
}

// Group is the process group of a contender's child, 0 before it was started.
func (c *Contender) Group() int {
	if c.talk == nil {
		return 0
	}
	return c.talk.process.pid()
}
