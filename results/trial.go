package results

// A TrialOutcome says what became of a trial.
type TrialOutcome string

// The outcomes of a trial. Failed has at least one request that failed, Timeout
// reached the trial's deadline, Aborted was cut short by the user or the run's
// limit and counts for nothing.
const (
	OK      TrialOutcome = "ok"
	Failed  TrialOutcome = "failed"
	Timeout TrialOutcome = "timeout"
	Aborted TrialOutcome = "aborted"
)

// A Trial is one contender fetching the batch once. Measured rounds are counted
// from 0, warm-up rounds are -1, -2, ...
type Trial struct {
	Round     int          `json:"round"`
	Position  int          `json:"position"` // within its round, from 0
	Contender string       `json:"contender"`
	Outcome   TrialOutcome `json:"outcome"`
	StartNS   int64        `json:"start_ns"`   // since the run began
	ElapsedNS int64        `json:"elapsed_ns"` // the makespan
	Tally     Tally        `json:"tally"`
	Observed
	// Requests are kept in journal lines of their own.
	Requests []Request `json:"-"`
	// Exact is the makespan of an imported trial in seconds, which in whole
	// nanoseconds would lose digits; 0 for a trial that was measured here.
	Exact float64 `json:"-"`
}

// Observed is what was seen of a trial besides its requests: by this process,
// and by the embedded upstream where there is one.
type Observed struct {
	Machine Machine `json:"machine"`
	Seen    *Seen   `json:"upstream,omitempty"`
	// Warming are attempts before the clock started, for warm connections.
	Warming int `json:"warming,omitempty"`
	// Found is the limit that an adaptive strategy ended with, 0 for others.
	Found int `json:"limit_found,omitempty"`
	// Goroutines is what the goroutines did when a trial that did not end was given
	// up, as the runtime prints it, shortened.
	Goroutines string `json:"goroutines,omitempty"`
	// Pause is what the run waited for before this trial because a host had asked for
	// it; nil if none did, or for less than the pause between trials.
	Pause *Pause `json:"pause,omitempty"`
	// Claimed is there for a trial whose requests were made elsewhere.
	Claimed *Claimed `json:"claimed,omitempty"`
}

// A Pause is the patience that a host got which asked for it with Retry-After, in
// place of the usual pause between trials. It is less than what was asked for where
// that was more than a run waits, or where a part of it had passed.
type Pause struct {
	Host    string `json:"host"`
	AskedNS int64  `json:"asked_ns"`
	NS      int64  `json:"ns"`
}

// A Tally is what the requests of a trial add up to. Planned = OK + Failed +
// Cancelled + NotStarted, always.
type Tally struct {
	Count
	Attempts int `json:"attempts"`
	Effort
	Bytes     int64     `json:"bytes"`
	WireBytes int64     `json:"wire_bytes"`
	Opened    int       `json:"connections_opened"`
	Reused    int       `json:"connections_reused"`
	Protocol  string    `json:"protocol"`
	Failures  []Failure `json:"failures,omitempty"`
	Flight    Flight    `json:"in_flight"`
}

// Effort is what the requests took besides the attempts that answered them.
type Effort struct {
	Redirects int `json:"redirects"`
	Wasted    int `json:"wasted_attempts,omitempty"` // whose answers were not used
	Shared    int `json:"shared,omitempty"`          // requests answered by another's attempt
}

// A Count is where the planned requests of a trial went.
type Count struct {
	Planned    int `json:"planned"`
	OK         int `json:"ok"`
	Failed     int `json:"failed"`
	Cancelled  int `json:"cancelled"`
	NotStarted int `json:"not_started"`
}

// Add adds other to c.
func (c *Count) Add(other Count) {
	c.Planned += other.Planned
	c.OK += other.OK
	c.Failed += other.Failed
	c.Cancelled += other.Cancelled
	c.NotStarted += other.NotStarted
}

// A Failure stands for the requests of one class other than ok in a trial, with
// the first of them as the example.
type Failure struct {
	Class   string `json:"class"`
	Phase   string `json:"phase,omitempty"`
	Count   int    `json:"count"`
	Request int    `json:"request"`
	AtNS    int64  `json:"at_ns"` // since the trial began
	Text    string `json:"text,omitempty"`
}

// A Flight is how many requests were really under way at once, from their own
// starts and ends.
type Flight struct {
	Mean      float64 `json:"mean"` // sum of latencies / makespan (Little's law)
	Max       int     `json:"max"`
	LatencyNS int64   `json:"latency_sum_ns"` // sum over the requests made
	LongestNS int64   `json:"latency_max_ns"`
	// Parts are the fan-outs of a trial that has several, in their order; empty for one.
	Parts []Part `json:"fan_outs,omitempty"`
}

// A Part is what the requests of one fan-out of a trial took.
type Part struct {
	LatencyNS int64 `json:"latency_sum_ns"`
	LongestNS int64 `json:"latency_max_ns"`
}

// Slowest is the longest latency, summed over the fan-outs, in nanoseconds: no
// number of slots takes less.
func (f Flight) Slowest() int64 {
	if len(f.Parts) == 0 {
		return f.LongestNS
	}
	var sum int64
	for _, part := range f.Parts {
		sum += part.LongestNS
	}
	return sum
}

// A Machine is what this process did during a trial.
type Machine struct {
	CPUNS      int64  `json:"cpu_ns"` // user and system
	Allocs     uint64 `json:"allocs"`
	AllocBytes uint64 `json:"alloc_bytes"`
	GCPauseNS  int64  `json:"gc_pause_ns"`
	SchedP99NS int64  `json:"sched_p99_ns"` // 99th percentile of scheduler latency
	// Peaks are the most that was there at once, as often as it was looked.
	Peaks
	Host Host `json:"host,omitzero"`
}

// Peaks are the most goroutines and bytes of this process at once during a trial,
// above those that were there before it. 0 where nobody looked.
type Peaks struct {
	Goroutines int   `json:"peak_goroutines,omitempty"`
	Bytes      int64 `json:"peak_bytes,omitempty"` // heap and stacks
}

// A Host is what the machine around this process did during a trial. All is 0
// where the system does not tell.
type Host struct {
	Load        float64 `json:"load_1m"`       // at the end of the trial
	StealTicks  int64   `json:"steal_ticks"`   // of all processors, taken by other machines
	TotalTicks  int64   `json:"total_ticks"`   // of all processors, idle ones included
	Switches    int64   `json:"switches"`      // of this process's threads against their will
	ClockStepNS int64   `json:"clock_step_ns"` // wall clock minus monotonic clock, over the trial
}

// Seen is what the embedded upstream counted during a trial. Differs names what
// it disagrees on with the harness; it is empty when all was accounted for.
type Seen struct {
	Requests    int      `json:"requests"`
	Connections int      `json:"connections"`
	Flight      float64  `json:"in_flight_mean"`
	Max         int      `json:"in_flight_max"`
	BusyNS      int64    `json:"busy_ns,omitempty"` // sum of the times that requests were there
	P99NS       int64    `json:"p99_ns,omitempty"`  // 99th percentile of those times
	Differs     []string `json:"differs,omitempty"`
}

// A Request is the compact record of one request of a trial.
type Request struct {
	Index     int
	Class     string // "" if it was never started
	Phase     string // where a timeout struck
	Status    int
	Bytes     int64
	WireBytes int64
	Attempts  int
	StartNS   int64 // since the trial began
	ServiceNS int64 // latency: from its start to the last byte
	Phases    Phases
}

// Phases are the parts of a request's latency that the transport reported. All
// are 0 where nothing was measured, on an in-process mock. LateNS comes before
// them: how long after its intended start a request was started by a strategy that
// intends one, from which its latency counts.
type Phases struct {
	DNSNS     int64
	ConnectNS int64
	TLSNS     int64
	WaitNS    int64
	BodyNS    int64
	LateNS    int64
}

// Measured tells whether the transport reported the parts.
func (p Phases) Measured() bool {
	p.LateNS = 0
	return p != Phases{}
}

// Latency is how long the request took from its intended start, in nanoseconds.
func (r *Request) Latency() int64 { return r.Phases.LateNS + r.ServiceNS }
