package results

import "fmt"

// checkPaused says how long hosts were left in peace because they asked for it. No
// trial has the wait in its time; what is doubtful is that the trials after it met a
// host as those before it did.
func checkPaused(q *inquiry) []Warning {
	var first *Pause
	pauses, others := 0, map[string]bool{}
	var waited, asked int64
	for i := range q.Run.Trials {
		p := q.Run.Trials[i].Pause
		if p == nil {
			continue
		}
		if first == nil {
			first = p
		}
		if p.Host != first.Host {
			others[p.Host] = true
		}
		pauses, waited, asked = pauses+1, waited+p.NS, max(asked, p.AskedNS)
	}
	if first == nil {
		return nil
	}
	who := first.Host
	if len(others) > 0 {
		who += " and " + counted(len(others), "more host")
	}
	return []Warning{{
		Code: WarnPaused,
		Text: fmt.Sprintf("%s asked for patience (Retry-After, at most %s) and got %s between trials, %s in all",
			who, seconds(float64(asked)/1e9), counted(pauses, "pause"), seconds(float64(waited)/1e9)),
		Hint: "ask for less: fewer in flight, a +limit:RATE or a longer --pause",
	}}
}
