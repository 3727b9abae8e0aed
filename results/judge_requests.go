package results

import (
	"fmt"
	"strings"
)

// checkUpstream says when the embedded upstream saw something else than what
// was recorded, once for each contender. Nothing of such a run is to be believed.
func checkUpstream(q *inquiry) (out []Warning) {
	first, more := map[string]*Trial{}, map[string]int{}
	var names []string
	for i := range q.Run.Trials {
		t := &q.Run.Trials[i]
		switch {
		case !t.refuted():
		case first[t.Contender] == nil:
			first[t.Contender] = t
			names = append(names, t.Contender)
		default:
			more[t.Contender]++
		}
	}
	for _, name := range names {
		t := first[name]
		text := fmt.Sprintf("the upstream disagrees on %s in round %d: %s", name, t.Round, strings.Join(t.Seen.Differs, "; "))
		if more[name] > 0 {
			text += fmt.Sprintf(" (and in %s)", counted(more[name], "more trial"))
		}
		out = append(out, Warning{Code: WarnUpstream, Contender: name, Text: text, Hint: q.amends(t)})
	}
	return out
}

// amends says what to do about a trial that the upstream disagrees on. A whole route has
// its own number of requests, which a run of that many can compare. One that fetches the
// batch more than once would do so with any number, and is not sent from one to the next.
func (q *inquiry) amends(t *Trial) string {
	callers := max(1, q.Run.Target.Clients)
	n, planned := t.Seen.Requests/callers, t.Tally.Planned
	switch {
	case q.Run.column(t.Contender).Route == "", n == 0, n*callers != t.Seen.Requests, t.Seen.Requests == planned:
		return "do not use this run; the journal shows the trial"
	case planned > 0 && t.Seen.Requests%planned == 0:
		return fmt.Sprintf("it fetched the batch %s: have it fetch each URL once, or, if it fetches %d whatever it is given, measure it with -n %d", often(t.Seen.Requests/planned), n, n)
	}
	return fmt.Sprintf("a route that fetches %d is measured with -n %d", n, n)
}

// often is "twice" or "5 times".
func often(n int) string {
	const twice = 2
	if n == twice {
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

// checkFailures names the classes of failed requests, each with the first of
// its kind, and trials that failed without one: those in which requests were
// left out or made twice, and those that ran out of time.
func checkFailures(q *inquiry) []Warning {
	strange := q.offContract()
	out := q.failedRequests()
	switch {
	case strange > 0 && q.imported():
		out = append(out, Warning{
			Code: WarnFailed,
			Text: fmt.Sprintf("%s failed", counted(strange, "trial")),
			Hint: "failed trials are in no average; judge with care",
		})
	case strange > 0:
		out = append(out, Warning{
			Code: WarnFailed,
			Text: fmt.Sprintf("in %s the strategy left requests out or made them twice", counted(strange, "trial")),
			Hint: "the strategy breaks its contract: try it with fetchertest.Conform",
		})
	}
	return append(out, q.outOfTime()...)
}

// offContract counts the trials that left requests out by the strategy's fault.
func (q *inquiry) offContract() (strange int) {
	for t := range q.Run.Measured {
		if t.Goroutines == "" && t.Outcome == Failed && t.Tally.Failed == 0 { // checkHung says the former
			strange++
		}
	}
	return strange
}

// outOfTime names contenders that were cut off: those that had requests left to begin, and
// routes that did not answer, of whose requests nobody knows.
func (q *inquiry) outOfTime() (out []Warning) {
	for _, c := range q.Run.Contenders {
		late, limit := 0, int64(0)
		for t := range q.Run.Measured {
			if t.Contender == c.Name && t.Goroutines == "" && t.Outcome == Timeout && (t.Tally.NotStarted > 0 || t.Tally.Failed == 0) {
				late, limit = late+1, t.ElapsedNS
			}
		}
		if late == 0 {
			continue
		}
		what, hint := "all requests were begun", "or fetch fewer"
		if c.Route != "" {
			what, hint = "it answered", "or look for what it waits for"
		}
		out = append(out, Warning{
			Code: WarnFailed, Contender: c.Name,
			Text: fmt.Sprintf("%s reached the time limit before %s: %s, cut off after %s", counted(late, "trial"), what, c.Name, seconds(inSeconds(limit))),
			Hint: "allow more with --trial-timeout, " + hint,
		})
	}
	return out
}

// failedRequests says what failed: at the upstream, or on this machine, which the
// upstream is not to be blamed for.
func (j *Judgement) failedRequests() (out []Warning) {
	r, local, broken := j.Requests, 0, 0
	for class, n := range r.ByClass {
		switch {
		case ofThisMachine(class):
			local += n
		case BrokenChild(class): // which checkBroken says
			broken += n
		}
	}
	if r.Failed > local+broken {
		out = append(out, Warning{
			Code: WarnFailed,
			Text: fmt.Sprintf("%d of %d requests failed: %s", r.Failed-local-broken, r.Planned, j.failures(false)),
			Hint: wayOut(r.ByClass),
		})
	}
	if local > 0 {
		out = append(out, Warning{
			Code: WarnFailed,
			Text: fmt.Sprintf("%d of %d requests failed on this machine, and not at the upstream: %s", local, r.Planned, j.failures(true)),
			Hint: "raise ulimit -n, keep connections or have fewer in flight",
		})
	}
	return out
}

// wayOut is what to do about requests that failed.
func wayOut(classes map[string]int) string {
	switch {
	case classes["tls_certificate"] > 0:
		return "trust an authority of your own with --ca FILE; failed trials are in no average"
	case classes["redirect_refused"] > 0:
		return "no redirect to another origin is followed: list that URL itself; failed trials are in no average"
	}
	return "failed trials are in no average; judge with care"
}

// ofThisMachine tells whether requests of a class failed for want of something that
// this machine has too little of: descriptors or ports.
func ofThisMachine(class string) bool { return strings.HasPrefix(class, "local_") }

// failures lists the classes of requests that failed on this machine, or elsewhere,
// in the order in which they were first seen.
func (j *Judgement) failures(local bool) string {
	var list []string
	seen := map[string]bool{}
	for i := range j.Run.Trials {
		t := &j.Run.Trials[i]
		for _, f := range t.Tally.Failures {
			if t.Round < 0 || seen[f.Class] || f.Class == ClassCancelled || ofThisMachine(f.Class) != local || BrokenChild(f.Class) {
				continue
			}
			seen[f.Class] = true
			what := strings.TrimSpace(f.Class + " " + f.Phase)
			why := ""
			if f.Text != "" {
				why = ": " + clipped(f.Text)
			}
			list = append(list, fmt.Sprintf("%d %s (first: %s after %s%s)",
				j.Requests.ByClass[f.Class], what, j.Run.Address(t.Contender, f.Request), seconds(float64(f.AtNS)/1e9), why))
		}
	}
	return strings.Join(list, ", ")
}

// clipped is the beginning of a reason: it may quote what the upstream sent.
func clipped(text string) string {
	const most = 100
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// evened says what would make two contenders do the same work. What an embedded upstream
// sends does not change: it is left unread, or it is something else.
func (r *Run) evened(a, b *Trial) string {
	if r.Target.Embedded == "" {
		return "fetch something that does not change, or leave bodies unread with --body headers"
	}
	const farLess = 2
	if farLess*min(a.Tally.Bytes, b.Tally.Bytes) <= max(a.Tally.Bytes, b.Tally.Bytes) {
		return "one of them does not read its bodies: have both read them, or neither"
	}
	return "they fetched other content: have both fetch the same, with the same seed where it is drawn"
}

// checkBytes says when a contender and the baseline of a round did not get the
// same bytes: the one that got fewer did less.
func checkBytes(q *inquiry) (out []Warning) {
	for _, c := range q.Comparisons {
		slack := q.Run.slack(c.Baseline, c.Contender)
		differ, text, hint := 0, "", ""
		for _, round := range q.rounds {
			a, b := round[c.Baseline], round[c.Contender]
			if a == nil || a.Outcome != OK || b.Outcome != OK || !a.short(b, slack) && !b.short(a, slack) {
				continue
			}
			if differ++; differ == 1 {
				hint = q.Run.evened(a, b)
				text = fmt.Sprintf("in round %d %s got %d bytes and %s %d", a.Round, c.Baseline, a.Tally.Bytes, c.Contender, b.Tally.Bytes)
			}
		}
		if differ == 0 {
			continue
		}
		if differ > 1 {
			text += fmt.Sprintf(", and %d more rounds differ", differ-1)
		}
		out = append(out, Warning{
			Code: WarnBytes, Contender: c.Contender,
			Text: text + ": the one with fewer counts as failed in their comparison, and there is no verdict on speed",
			Hint: "they did not do the same work: " + hint,
		})
	}
	return out
}
