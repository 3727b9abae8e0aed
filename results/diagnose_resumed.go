package results

import (
	"fmt"
	"time"
)

// longAway is the pause of a run from which on what stands on either side of it
// may be no longer alike: other users, another temperature, other answers.
const longAway = 10 * time.Minute

// checkResumed says when a run lay still for long before it went on.
func checkResumed(q *inquiry) (out []Warning) {
	for _, r := range q.Run.Resumed {
		pause := time.Duration(r.PausedNS)
		if pause < longAway {
			continue
		}
		out = append(out, Warning{
			Code: WarnResumed,
			Text: fmt.Sprintf("the run lay still for %v before round %d: the machine and the upstream may have changed meanwhile", pause.Round(time.Minute), r.Round),
			Hint: "contenders are still compared within their rounds; do not read averages as those of one stretch of time",
		})
	}
	return out
}
