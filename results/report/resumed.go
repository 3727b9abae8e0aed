package report

import (
	"fmt"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// resumed says that the run is not of one piece, and what became of the pieces
// that were made twice. Their requests were on the wire, and are in no number.
//
//	resumed at round 4 after a pause of 3m0s; 7 attempts of the round cut short are in no number
func resumed(j *results.Judgement) (lines []line) {
	for _, r := range j.Run.Resumed {
		if r.Round >= j.Run.Design.Rounds && r.Aside.Trials == 0 {
			continue // only its last line was missing
		}
		text := fmt.Sprintf("resumed at %s after a pause of %v", roundName(r.Round), time.Duration(r.PausedNS).Round(time.Second))
		if r.Aside.Attempts > 0 {
			text += fmt.Sprintf("; %s of the round cut short are in no number", counted(r.Aside.Attempts, "attempt", "attempts"))
		}
		lines = append(lines, line{text: text})
	}
	return lines
}

// roundName is how people name a round.
func roundName(round int) string {
	if round < 0 {
		return fmt.Sprintf("warm-up round %d", -round)
	}
	return fmt.Sprintf("round %d", round)
}

// A resumption is where a run went on, for machines.
type resumption struct {
	Round   int           `json:"round"`
	Started time.Time     `json:"started"`
	Paused  float64       `json:"paused_s"`
	Aside   results.Aside `json:"put_aside"`
}

// resumptions lists them; nil for a run of one piece.
func resumptions(run *results.Run) (list []resumption) {
	for _, r := range run.Resumed {
		list = append(list, resumption{r.Round, r.Started, float64(r.PausedNS) / float64(time.Second), r.Aside})
	}
	return list
}
