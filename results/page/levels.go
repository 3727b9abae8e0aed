package page

import (
	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// usualLevel is the level of an interval that nobody has to be told of by itself.
const usualLevel = 0.95

// lowLevel names the level of an interval that has less than that, beside its ends: of
// few rounds there is none with more.
func lowLevel(level float64) string {
	if level >= usualLevel {
		return ""
	}
	return ", " + report.Level(level)
}

// bandLevel says in a caption what the bands are, by the least level among them.
func bandLevel(least float64) string {
	if least >= usualLevel {
		return report.Level(usualLevel) + " interval"
	}
	return "interval, whose level is " + report.Level(least) + " where that is all that so few rounds can give"
}

// levelsOf says what the bands of speed-ups are.
func levelsOf(races []race) string {
	least := 1.
	for _, r := range races {
		if s := r.SpeedUp; s != nil && s.Lo != nil {
			least = min(least, s.Level)
		}
	}
	return bandLevel(least)
}

// medianLevels says what the bands of medians are.
func medianLevels(contenders []results.Contender) string {
	least := 1.
	for i := range contenders {
		if b := contenders[i].MedianCI; b != nil {
			least = min(least, b.Level)
		}
	}
	return bandLevel(least)
}
