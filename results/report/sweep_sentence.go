package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// sweepLines word a sweep: what to use and how sure that is, what its neighbours
// would cost, and what the sizes say about the upstream.
func sweepLines(j *results.Judgement, o Options) []line {
	s := j.Sweep
	lines := recommended(j, o)
	if f := s.Failing; f != nil {
		lines = append(lines, line{refused(f, o), bad})
	}
	for _, p := range s.Points {
		if p.Contender == s.Recommendation.Use && p.Attempts != nil && *p.Attempts > 1 {
			lines = append(lines, line{text: fmt.Sprintf("At this size a request takes %s attempts: the upstream pays for them.", fixed(*p.Attempts, 2))})
		}
	}
	u := latencyUnit(s)
	if slots := s.Slots; slots != nil {
		lines = append(lines, line{text: fmt.Sprintf("The upstream behaves like about %s of %s.",
			counted(slots.Count, "slot", "slots"), u.full(slots.Service))})
	}
	if c := s.Curve; c != nil && c.Peak != nil {
		lines = append(lines, line{text: fmt.Sprintf("Throughput peaks at about %s in flight (scalability law, %s off the sizes tried).",
			fixed(*c.Peak, 0), small(c.RMSE))})
	}
	return lines
}

// recommended words the size to use, or why there is none.
func recommended(j *results.Judgement, o Options) []line {
	s := j.Sweep
	r := s.Recommendation
	at := -1
	for i := range s.Points {
		if s.Points[i].Contender == r.Use {
			at = i
		}
	}
	if r.Reason == results.ReasonNone || at < 0 {
		return []line{{"No size is recommended: " + why(s, o) + ".", bad}}
	}
	p := &s.Points[at]
	text := "Use " + o.name(r.Use) + ": " + standing(r, p)
	tone := good
	switch {
	case r.Open && exhausted(j):
		text += "; that is the whole batch, more cannot be in flight"
	case r.Open:
		text += "; still improving: try larger sizes"
	default:
		text += above(s, at)
	}
	if at == 0 && p.Size > 1 {
		text += "; no smaller size was tried"
	}
	var lines []line
	if r.Reason == results.ReasonProvisional {
		tone = even
		lines = append(lines, line{text: provisional(j, p.Rounds)})
	}
	lines = append([]line{{text + ".", tone}}, lines...)
	return append(lines, neighbours(s, p)...)
}

// exhausted tells whether the size to use has the whole batch in flight.
func exhausted(j *results.Judgement) bool {
	whole := j.Run.Target.Requests
	return whole > 0 && j.Sweep.Recommendation.Size >= whole
}

// provisional says what is missing. A run that was cut short was to have them.
func provisional(j *results.Judgement, rounds int) string {
	out := fmt.Sprintf("use --rounds %d", results.LeastSweepRounds)
	if j.Run.Design.Rounds >= results.LeastSweepRounds {
		out = fmt.Sprintf("it takes %d", results.LeastSweepRounds)
	}
	return fmt.Sprintf("provisional: %s; %s", counted(rounds, "round", "rounds"), out)
}

// why words what keeps a sweep from recommending.
func why(s *results.Sweep, o Options) string {
	switch w := s.Recommendation.Why; w {
	case results.WhyMock:
		return "scheduling only; a mock has no limit to find"
	case results.WhyNothing:
		return "no round is complete"
	case results.WhyFailures:
		return fmt.Sprintf("every size failed too often (more than %s of its requests, or in most trials)", given(s.Budget))
	case results.WhyUpstream:
		return "the upstream saw something else than was recorded"
	case results.WhyOrder:
		return "the order of the trials was not drawn, and drift looks like a difference"
	default:
		return o.clean(string(w))
	}
}

// standing says how close to the best a size is, rounded up.
func standing(r results.Recommendation, p *results.Point) string {
	ratio, ok := finite(p.Ratio)
	if !ok || r.Best == r.Size {
		return "the fastest"
	}
	return fmt.Sprintf("within %s %% of the best", fixed(max(1, math.Ceil(100*(ratio-1)-1e-9)), 0))
}

// waits is the growth of a latency from which requests are said to wait, and
// longer that of a makespan from which the batch is.
const (
	waits  = 1.2
	longer = 1.1
)

// above says what the largest size that does not fail would bring: a longer batch,
// or the same with longer waits. It is empty where that is neither.
func above(s *results.Sweep, at int) string {
	p := &s.Points[at]
	for i := len(s.Points) - 1; i > at; i-- {
		top := &s.Points[i]
		if top.Ratio == nil {
			continue
		}
		from, ok1 := finite(typical(p))
		to, ok2 := finite(typical(top))
		base, ok3 := finite(p.Ratio)
		u := latencyUnit(s)
		switch {
		case ok3 && *top.Ratio > longer*base:
			return fmt.Sprintf("; above it the batch takes longer (%s at %d)", signed(*top.Ratio/base-1), top.Size)
		case ok1 && ok2 && to > waits*from:
			return fmt.Sprintf("; above it requests only wait (%s to %s at %d)", u.bare(&from), u.full(to), top.Size)
		}
		return ""
	}
	return ""
}

// neighbours say what the next smaller and the next larger size would cost.
//
//	6: time +33 %, connections -2, latency +0 ms · 12: time +0 %, ...
func neighbours(s *results.Sweep, p *results.Point) []line {
	u := latencyUnit(s)
	var parts []string
	for _, step := range []*results.Step{p.Smaller, p.Larger} {
		if step == nil {
			continue
		}
		time := "fails too often"
		if ratio, ok := finite(step.Time); ok {
			time = "time " + signed(ratio-1)
		}
		text := fmt.Sprintf("%d: %s", step.Size, time)
		if v, ok := finite(step.Connections); ok {
			text += ", connections " + plus(v, wholeOr(v))
		}
		if v, ok := finite(step.Latency); ok {
			text += ", latency " + plus(v*u.perS, u.decimals) + " " + u.name
		}
		parts = append(parts, text)
	}
	if parts == nil {
		return nil
	}
	return []line{{text: instead + strings.Join(parts, " · at ")}}
}

// instead begins the line on what the next sizes would cost.
const instead = "Instead at "

// signed is a relative difference in percent with its sign.
func signed(share float64) string { return plus(100*share, 0) + " %" }

// plus writes a difference with its sign; what rounds to nothing has a plus.
func plus(v float64, decimals int) string {
	text := fixed(v, decimals)
	if strings.Trim(text, "-0.") == "" {
		return "+" + fixed(0, decimals)
	}
	if v > 0 {
		return "+" + text
	}
	return text
}

// wholeOr leaves whole numbers without decimals.
func wholeOr(v float64) int {
	if v == math.Trunc(v) {
		return 0
	}
	return 1
}

// refused words where failures begin. Only an answer is something that the
// upstream did; other classes may have happened on the way.
func refused(f *results.Failing, o Options) string {
	share := given(f.Lo)
	if given(f.Hi) != share {
		share = strings.TrimSuffix(share, " %") + " to " + given(f.Hi)
	}
	if f.Retried {
		return fmt.Sprintf("Above %d in flight %s of the requests fail after retries (%s); smaller sizes may need retries, too.", f.Above, share, o.clean(f.Class))
	}
	if status, ok := strings.CutPrefix(f.Class, "http_"); ok {
		return fmt.Sprintf("Above %d in flight the upstream answers %s to %s.", f.Above, o.clean(status), share)
	}
	if f.Class == "" {
		return fmt.Sprintf("Above %d in flight %s of the requests are lost.", f.Above, share)
	}
	return fmt.Sprintf("Above %d in flight %s of the requests fail (%s).", f.Above, share, o.clean(f.Class))
}
