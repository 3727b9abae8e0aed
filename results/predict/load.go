package predict

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// WarnLoad is the code of the warning that latencies depend on the load.
const WarnLoad = "load-dependent"

// alike is how far from 1 a slowdown may lie without a word: a twentieth is what
// predictions are held to.
const alike = 1.05

// loads are what the latencies of a contender come to in each round, in seconds,
// without what connecting took.
type loads struct{ sum, slowest []float64 }

// load keeps what the latencies of a trial come to.
func (s *Sample) load(t *results.Trial, round int) {
	if t.Outcome != results.OK {
		return // it did other work
	}
	kept, known := s.loads[t.Contender]
	if !known {
		kept = loads{make([]float64, s.Rounds), make([]float64, s.Rounds)}
		s.loads[t.Contender] = kept
	}
	for i := range t.Requests {
		latency := max(0, float64(t.Requests[i].ServiceNS-int64(connect(&t.Requests[i])))/1e9)
		kept.sum[round] += latency
		kept.slowest[round] = max(kept.slowest[round], latency)
	}
}

// A Slowdown is what the latencies of a contender under load are, as a multiple of
// those of the same rounds that predictions are drawn from. Connecting, which
// predictions know of, is in neither.
type Slowdown struct {
	Contender string  `json:"contender"`
	Asked     int     `json:"asked"`
	Estimate  float64 `json:"estimate"`
	Lo        float64 `json:"lo"`
	Hi        float64 `json:"hi"`
}

// Slowdowns are those of the contenders that had more in flight, by how many they
// asked for. Contenders for which wanted is false are left out.
func (s *Sample) Slowdowns(wanted func(results.Column) bool) []Slowdown {
	return s.compared(wanted, func(l loads) []float64 { return l.sum })
}

// compared is one quantity of the trials of the contenders that had more in flight,
// as a multiple of that of the contender predictions are drawn from.
func (s *Sample) compared(wanted func(results.Column) bool, of func(loads) []float64) (list []Slowdown) {
	alone, asked := of(s.loads[s.Contender]), 0
	for _, c := range s.run.Contenders {
		if c.Name == s.Contender {
			asked = c.Asked
		}
	}
	for _, c := range s.run.Contenders {
		if c.Asked <= asked || !wanted(c) {
			continue
		}
		if d, ok := slowdown(alone, of(s.loads[c.Name])); ok {
			d.Contender, d.Asked = c.Name, c.Asked
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(a, b Slowdown) int { return a.Asked - b.Asked })
	return list
}

// slowdown is the middle of the ratios within rounds (Hodges and Lehmann, over
// their logarithms) with its 95 % interval; below six rounds, which carry no such
// interval, from the least to the largest ratio. One round says nothing.
func slowdown(alone, loaded []float64) (Slowdown, bool) {
	var logs []float64
	for i := range min(len(alone), len(loaded)) {
		if alone[i] > 0 && loaded[i] > 0 {
			logs = append(logs, math.Log(loaded[i]/alone[i]))
		}
	}
	if len(logs) < 2 {
		return Slowdown{}, false
	}
	shift, err := stats.HodgesLehmann(logs, level)
	if err != nil {
		return Slowdown{}, false
	}
	lo, hi := shift.Interval.Lo, shift.Interval.Hi
	if len(logs) < leastRounds {
		lo, hi = slices.Min(logs), slices.Max(logs)
	}
	return Slowdown{Estimate: math.Exp(shift.Estimate), Lo: math.Exp(lo), Hi: math.Exp(hi)}, true
}

// Off tells whether the whole interval is further from 1 than predictions may be
// wrong.
func (d Slowdown) Off() bool { return d.Lo > alike || d.Hi < 1/alike }

// Warnings say where the run shows that its latencies depend on the load, for
// contenders that are wanted. Where they grow with how many are in flight it is
// one warning, which says from where on.
func (s *Sample) Warnings(wanted func(results.Column) bool) []results.Warning {
	list := s.Slowdowns(wanted)
	if w, ok := growing(list, s.Contender); ok {
		return []results.Warning{w}
	}
	var out []results.Warning
	for _, d := range list {
		if !d.Off() {
			continue
		}
		way := "fast"
		if d.Estimate < 1 {
			way = "slow"
		}
		out = append(out, results.Warning{
			Code: WarnLoad, Contender: d.Contender,
			Text: fmt.Sprintf("with %d in flight (%s) requests took %.2f times as long as with %s (%.2f to %.2f): the assumption does not hold, and predictions near that load are too %s",
				d.Asked, d.Contender, d.Estimate, s.Contender, d.Lo, d.Hi, way),
			Hint: "measure rather than predict",
		})
	}
	if w, ok := s.slowest(wanted, list); ok {
		out = append(out, w)
	}
	return out
}

// growing is the warning of slowdowns that do not fall with the number in flight
// and end above 1, where there are three sizes or more.
func growing(list []Slowdown, source string) (results.Warning, bool) {
	const sizes = 3
	if len(list) < sizes || !list[len(list)-1].Off() || list[len(list)-1].Estimate < 1 {
		return results.Warning{}, false
	}
	from := slices.IndexFunc(list, Slowdown.Off)
	var told []string
	for i, d := range list {
		if i > 0 && d.Hi < list[i-1].Lo || d.Off() && d.Estimate < 1 {
			return results.Warning{}, false
		}
		told = append(told, fmt.Sprintf("%.2f at %d", d.Estimate, d.Asked))
	}
	trusted := "every prediction with more than one in flight is too fast"
	if from > 0 {
		trusted = fmt.Sprintf("predictions above %d in flight are too fast", list[from-1].Asked)
	}
	return results.Warning{
		Code: WarnLoad,
		Text: fmt.Sprintf("requests take longer the more are in flight, as a multiple of %s: %s; %s", source, strings.Join(told, ", "), trusted),
		Hint: "measure the sizes that matter rather than predict them",
	}, true
}
