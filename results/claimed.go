package results

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results/stats"
)

// Claimed says that the requests of a trial were made elsewhere, by a program that
// this one cannot look into. The makespan is measured here like any other, and an
// embedded upstream was asked what it saw; the records of requests are what was said.
type Claimed struct {
	// Records says that there is one of each request. Without them no latency is known,
	// and what was in flight is what the upstream saw, or not known either.
	Records bool `json:"records"`
	// Broken is the class of how the contender broke, or that its claims were refuted;
	// empty for a trial in which all went well.
	Broken string `json:"broken,omitempty"`
	// Said is the end of what a contender that broke wrote to its standard error.
	Said string `json:"said,omitempty"`
	Own
}

// Own is what the maker of the requests says of itself in a trial. 0 is not known.
type Own struct {
	ElapsedNS int64 `json:"own_elapsed_ns,omitempty"` // its own makespan
	CPUNS     int64 `json:"own_cpu_ns,omitempty"`     // user and system
	MaxBytes  int64 `json:"own_max_bytes,omitempty"`  // the most memory that it held so far
}

// ClassLying is the class of requests that were reported and refuted: by the clock of
// the harness, or by what the upstream saw.
const ClassLying = "lying_fetcher"

// What the classes of a contender begin with that is a process of its own, or served by
// one that the run has started, and broke.
const (
	classChild = "child_"
	classApp   = "app_"
)

// BrokenChild tells whether requests of a class failed because the contender that was
// to make them broke. A lie is none of these: it is an answer.
func BrokenChild(class string) bool {
	return strings.HasPrefix(class, classChild) || strings.HasPrefix(class, classApp)
}

// told tells whether the latencies of the trial's requests are known.
func (t *Trial) told() bool { return t.Claimed == nil || t.Claimed.Records }

// overstated is how much longer than the upstream saw them requests may have taken by
// what was claimed, which has the way there and back.
const overstated = 1.25

// vouched tells whether the latencies of a contender can say something of the upstream:
// claimed ones can only where its own clock saw about the same.
func (q *inquiry) vouched(c *Contender) bool {
	for _, round := range q.rounds {
		t := round[c.Name]
		if t == nil || t.Claimed == nil || t.Outcome != OK {
			continue
		}
		if t.Seen == nil || float64(t.Tally.Flight.LatencyNS) > overstated*float64(t.Seen.BusyNS) {
			return false
		}
	}
	return true
}

// checkBroken names contenders in processes of their own that broke, warm-up rounds
// included, each with the first reason.
func checkBroken(q *inquiry) (out []Warning) {
	for _, c := range q.Run.Contenders {
		first, broken, all := (*Trial)(nil), 0, 0
		for i := range q.Run.Trials {
			t := &q.Run.Trials[i]
			if t.Contender != c.Name {
				continue
			}
			all++
			if t.Claimed == nil || !BrokenChild(t.Claimed.Broken) {
				continue
			}
			if broken++; first == nil {
				first = t
			}
		}
		if first == nil {
			continue
		}
		why := ""
		if len(first.Tally.Failures) > 0 {
			why = ": " + clipped(first.Tally.Failures[0].Text)
		}
		if last := first.Claimed.Said; last != "" {
			why += "; it last wrote: " + clipped(last[strings.LastIndexByte(last, '\n')+1:])
		}
		out = append(out, Warning{
			Code: WarnBroken, Contender: c.Name,
			Text: fmt.Sprintf("%s broke, and failed in %d of %s: %s%s", c.Name, broken, counted(all, "trial"), first.Claimed.Broken, why),
			Hint: q.besides(first),
		})
	}
	return out
}

// besides says what there is beside the trial in which a contender broke: the others, where
// there are some and none of them failed, and more of what it wrote, where it wrote.
func (q *inquiry) besides(broke *Trial) string {
	others, whole := 0, true
	for i := range q.Contenders {
		if c := &q.Contenders[i]; c.Name != broke.Contender {
			others++
			whole = whole && c.Trials > 0 && c.OK == c.Trials
		}
	}
	var parts []string
	if LacksModule(broke.Claimed.Said) {
		parts = append(parts, "fetchbench doctor says what is missing, and which Python has the modules")
	}
	if others > 0 && whole {
		parts = append(parts, "the others are complete")
	}
	if strings.Contains(broke.Claimed.Said, "\n") || clipped(broke.Claimed.Said) != broke.Claimed.Said {
		parts = append(parts, "more of what it wrote to its standard error is in the journal, in the line of its first trial (said)")
	}
	return strings.Join(parts, "; ")
}

// LacksModule tells whether a program wrote that a library is not installed, in the words
// of Python or of Node.
func LacksModule(said string) bool {
	return slices.ContainsFunc([]string{"No module named ", "Cannot find package ", "Cannot find module "}, func(words string) bool {
		return strings.Contains(said, words)
	})
}

// checkClaims names contenders whose records are what they say of themselves, where no
// upstream could be asked.
func checkClaims(q *inquiry) (out []Warning) {
	for _, c := range q.Run.Contenders {
		for i := range q.Run.Trials {
			t := &q.Run.Trials[i]
			if t.Contender == c.Name && t.Claimed != nil && t.Claimed.Records && t.Claimed.Broken == "" && t.Seen == nil {
				out = append(out, Warning{
					Code: WarnUnchecked, Contender: c.Name,
					Text: fmt.Sprintf("what %s tells of its requests was not checked, beyond the clock: only the embedded upstream can", c.Name),
				})
				break
			}
		}
	}
	return out
}

// farAhead is how many times quicker than the slowest call alone a whole batch cannot be
// for any luck with the latencies.
const farAhead = 3

// ahead is how many times over a contender took less than the slowest call of the same
// round alone, where it fetched elsewhere and nobody checked what: 0 where it did not.
func (q *inquiry) ahead(name string) float64 {
	var values []float64
	for _, round := range q.rounds {
		t, alone := round[name], round[q.Run.Sequential()]
		if t == nil || t.Claimed == nil || t.Seen != nil || alone == nil || t.Outcome != OK || alone.Outcome != OK || name == q.Run.Sequential() {
			continue
		}
		values = collectKnown(values, quotient(float64(alone.Tally.Flight.Slowest()), float64(t.ElapsedNS)))
	}
	if ratio := known(stats.Median(values)); ratio != nil && *ratio >= farAhead {
		return *ratio
	}
	return 0
}

// checkAhead names contenders that are quicker than anybody who fetches the batch while
// the clock runs: no such time is a reason to use them.
func checkAhead(q *inquiry) (out []Warning) {
	for _, c := range q.Run.Contenders {
		if times := q.ahead(c.Name); times > 0 {
			out = append(out, q.explain(&Contender{Name: c.Name}, WarnAhead,
				fmt.Sprintf("%s took %.0f times less than the slowest single call takes, and nobody checked what it fetched and when: no batch is done before its slowest call", c.Name, times),
				"it may fetch before its clock runs, or something else: try it with --profile, where the upstream is asked"))
		}
	}
	return out
}
