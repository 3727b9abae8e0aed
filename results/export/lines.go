package export

import (
	"encoding/json"
	"io"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// Lines is a run as a stream of JSON lines, for programs that watch it: one that
// says what is measured, one for each trial when it is in the journal, and one at
// the end. It is no journal: it has no requests, cannot be read back, and its shape
// is that of the page of formats, whatever becomes of the journal's.
type Lines struct{ w io.Writer }

// NewLines begins a stream with the line of the run.
func NewLines(w io.Writer, h *results.Header) (*Lines, error) {
	l := &Lines{w}
	first := runLine{
		Type: "run", Schema: results.Schema, Run: h.ID, Started: h.Started, Tool: h.Environment.Tool,
		Contenders: []contenderLine{}, lineDesign: lineDesign{
			Baseline: h.Design.Baseline, Rounds: h.Design.Rounds, Warmup: h.Design.Warmup, Planned: h.Target.Planned(), Seed: h.Design.Seed,
			Connections: h.Design.Connections, Upstream: upstream(&results.Run{Header: *h}), Sweep: h.Design.Sweep,
		},
	}
	for _, c := range h.Contenders {
		first.Contenders = append(first.Contenders, contenderLine{c.Name, c.Asked})
	}
	return l, l.put(first)
}

// JSONLines writes the whole stream of a run that is over.
func JSONLines(w io.Writer, j *results.Judgement) error {
	l, err := NewLines(w, &j.Run.Header)
	if err != nil {
		return err
	}
	for i := range j.Run.Trials {
		if err := l.Trial(&j.Run.Trials[i]); err != nil {
			return err
		}
	}
	return l.End(j)
}

// A runLine is the first of a stream.
type runLine struct {
	Type       string          `json:"type"`
	Schema     int             `json:"schema"`
	Run        string          `json:"run"`
	Started    time.Time       `json:"started,omitzero"`
	Tool       string          `json:"tool"`
	Contenders []contenderLine `json:"contenders"`
	lineDesign
}

// A contenderLine is a contender and how many requests it may have in flight.
type contenderLine struct {
	Name  string `json:"name"`
	Asked int    `json:"asked"`
}

// A lineDesign is how the run is laid out.
type lineDesign struct {
	Baseline    string `json:"baseline"`
	Rounds      int    `json:"rounds"`
	Warmup      int    `json:"warmup_rounds"`
	Planned     int    `json:"requests_per_trial"`
	Seed        uint64 `json:"seed"`
	Connections string `json:"connections"`
	Upstream    string `json:"upstream"`
	Sweep       bool   `json:"sweep"`
}

// A trialLine is one trial. The time of one that did not succeed is null.
type trialLine struct {
	Type      string   `json:"type"`
	Round     int      `json:"round"`
	Position  int      `json:"position"`
	Contender string   `json:"contender"`
	Outcome   string   `json:"outcome"`
	Time      *float64 `json:"time_s"`
	Start     float64  `json:"start_s"`
	trialCounts
}

// The trialCounts are where the requests of a trial went.
type trialCounts struct {
	Requests    requestLine     `json:"requests"`
	Classes     map[string]int  `json:"by_class"`
	Flight      flightLine      `json:"in_flight"`
	Connections connectionsLine `json:"connections"`
	Bytes       int64           `json:"bytes"`
	WireBytes   int64           `json:"wire_bytes"`
	Protocol    string          `json:"protocol"`
}

// A requestLine counts requests: the first is the sum of the next four.
type requestLine struct {
	results.Count
	Attempts int `json:"attempts"`
}

// A flightLine is how many requests were really under way at once.
type flightLine struct {
	Mean *float64 `json:"mean"`
	Max  int      `json:"max"`
}

// A connectionsLine is what a trial opened, and how many requests found one open.
type connectionsLine struct {
	Opened int `json:"opened"`
	Reused int `json:"reused"`
}

// An endLine is the last of a stream.
type endLine struct {
	Type     string `json:"type"`
	Run      string `json:"run"`
	Complete bool   `json:"complete"`
	Reason   string `json:"reason"`
	Trials   int    `json:"trials"`
	// Requests are those of measured rounds.
	Requests requestLine `json:"requests"`
}

// Trial writes the line of a trial.
func (l *Lines) Trial(t *results.Trial) error {
	line := trialLine{
		Type: "trial", Round: t.Round, Position: t.Position, Contender: t.Contender, Outcome: string(t.Outcome), Start: seconds(float64(t.StartNS)),
		trialCounts: trialCounts{
			Requests: requestLine{t.Tally.Count, t.Tally.Attempts}, Classes: map[string]int{}, Bytes: t.Tally.Bytes, WireBytes: t.Tally.WireBytes,
			Connections: connectionsLine{t.Tally.Opened, t.Tally.Reused}, Protocol: t.Tally.Protocol, Flight: flightLine{Max: t.Tally.Flight.Max},
		},
	}
	if t.Outcome == results.OK {
		took := seconds(nanoseconds(t))
		line.Time = &took
	}
	if mean, ok := finite(&t.Tally.Flight.Mean); ok && t.Tally.Planned > 0 {
		line.Flight.Mean = &mean
	}
	if t.Tally.OK > 0 {
		line.Classes[results.ClassOK] = t.Tally.OK
	}
	for _, f := range t.Tally.Failures {
		line.Classes[f.Class] += f.Count
	}
	return l.put(line)
}

// seconds turns nanoseconds into what is written.
func seconds(ns float64) float64 { return ns / float64(time.Second) }

// End writes the last line.
func (l *Lines) End(j *results.Judgement) error {
	return l.put(endLine{
		Type: "end", Run: j.Run.ID, Complete: j.Run.Complete, Reason: j.Run.Reason, Trials: len(j.Run.Trials),
		Requests: requestLine{j.Requests.Count, j.Requests.Attempts},
	})
}

// put writes one line in one call, so that a reader never sees half of it.
func (l *Lines) put(line any) error {
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	_, err = io.WriteString(l.w, report.Visible(string(text))+"\n")
	return err
}
