package results

import (
	"fmt"
	"strings"
)

// extraShare is the share of wasted attempts from which they are extra load.
const extraShare = 0.01

// checkHung names contenders whose trials did not end, warm-up rounds included:
// not even cutting off every request made them return.
func checkHung(q *inquiry) (out []Warning) {
	rounds := map[string][]string{}
	for i := range q.Run.Trials {
		if t := &q.Run.Trials[i]; t.Goroutines != "" {
			rounds[t.Contender] = append(rounds[t.Contender], fmt.Sprint(t.Round))
		}
	}
	for _, c := range q.Run.Contenders {
		if list := rounds[c.Name]; len(list) > 0 {
			out = append(out, Warning{
				Code: WarnHung, Contender: c.Name,
				Text: fmt.Sprintf("%s did not end and was given up in %s (round %s): it counts as failed there", c.Name, counted(len(list), "trial"), few(list)),
				Hint: "what its goroutines did is in the journal, in the line of the trial (goroutines)",
			})
		}
	}
	return out
}

// checkExtra says what load hedges and retries put onto the upstream.
func checkExtra(q *inquiry) (out []Warning) {
	for _, c := range q.Contenders {
		needed := c.Cost.Attempts - c.Cost.Wasted
		if needed <= 0 || float64(c.Cost.Wasted) < extraShare*float64(needed) {
			continue
		}
		out = append(out, Warning{
			Code: WarnExtra, Contender: c.Name,
			Text: fmt.Sprintf("%s sent %s more requests: the answers to %d of %d attempts were not used",
				c.Name, percent(float64(c.Cost.Wasted)/float64(needed)), c.Cost.Wasted, c.Cost.Attempts),
			Hint: "the upstream pays for it, and one at its capacity becomes slower by it: weigh that against what it gains",
		})
	}
	return out
}

// checkProtocols says when contenders that are compared did not speak the same.
// It is no doubt about the times, but about what made them.
func checkProtocols(q *inquiry) []Warning {
	spoken := map[string]string{}
	var list []string
	for _, c := range q.Contenders {
		if c.Protocol == "" || q.Run.mocked(c.Name) {
			continue
		}
		if spoken[c.Protocol] == "" {
			spoken[c.Protocol] = c.Name
			list = append(list, fmt.Sprintf("%s by %s", c.Protocol, c.Name))
		}
	}
	if len(spoken) < 2 {
		return nil
	}
	return []Warning{{
		Code: WarnProtocols,
		Text: "contenders spoke different protocols: " + few(list) + "; what differs between them is the protocol's, too",
		Hint: "compare strategies over one transport, and transports with one strategy",
	}}
}

// Mocks lists the contenders that ran on an in-process mock.
func (r *Run) Mocks() (names []string) {
	for _, c := range r.Contenders {
		if r.mocked(c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}

// mocked tells whether a contender ran on an in-process mock.
func (r *Run) mocked(name string) bool {
	return r.Target.Form == "mock" || r.column(name).Transport == "mock"
}

// checkMock says what an in-process mock cannot show.
func checkMock(q *inquiry) []Warning {
	mocks := q.Run.Mocks()
	where := strings.Join(mocks, ", ") + " ran on"
	switch {
	case q.Run.Target.Form == "mock":
		where = "this is"
	case len(mocks) == 0:
		return nil
	case len(mocks) > mostAlike:
		where = few(mocks) + " ran on"
	}
	return []Warning{{
		Code: WarnMock,
		Text: where + " an in-process mock, scheduling only: connections, TLS, upstream queueing and memory are not measured",
		Hint: "do not choose a size from this",
	}}
}
