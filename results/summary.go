package results

// A Summary is what a run says about each contender by itself. Trials of
// warm-up rounds and aborted ones are in none of its times.
type Summary struct {
	Requests   Requests    `json:"requests"`
	Contenders []Contender `json:"contenders"`
}

// Requests accounts for every planned request of the measured rounds: Planned =
// OK + Failed + Cancelled + NotStarted. Attempts are what went onto the wire
// for them, Warmup what the warm-up rounds sent besides.
type Requests struct {
	Count
	Attempts  int            `json:"attempts"`
	Redirects int            `json:"redirects"`
	ByClass   map[string]int `json:"by_class"`
	Warmup    int            `json:"warmup_attempts"`
}

// A Contender is one column of the comparison. Times are those of trials in
// which every request succeeded: a failed trial is never a fast one.
type Contender struct {
	Name   string `json:"name"`
	Trials int    `json:"trials"`
	OK     int    `json:"ok"`
	Times
	Intervals
	Load
	Connections Connections `json:"connections"`
	Cost        Cost        `json:"cost"`
	// Protocol is what was really spoken.
	Protocol string `json:"protocol"`
}

// Times describe the makespans of the successful trials. Each is nil where
// there are too few trials for it.
type Times struct {
	Mean   *float64 `json:"mean_s"`
	Median *float64 `json:"median_s"`
	Min    *float64 `json:"min_s"`
	Max    *float64 `json:"max_s"`
	SD     *float64 `json:"sd_s"`
	MAD    *float64 `json:"mad_s"`
	P90    *float64 `json:"p90_s"`
	P95    *float64 `json:"p95_s"`
	P99    *float64 `json:"p99_s"`
}

// Intervals say how sure the summary is.
type Intervals struct {
	MeanCI   *Range  `json:"mean_ci"`
	MedianCI *Band   `json:"median_ci"`
	Success  *Shares `json:"success"` // share of trials that succeeded, Wilson
}

// A Range is an interval of times in seconds. Hi is nil where it lies among
// failed trials: the time was not reached.
type Range struct {
	Lo float64  `json:"lo_s"`
	Hi *float64 `json:"hi_s"`
}

// A Band is an interval of times with the level that it achieves.
type Band struct {
	Range
	Level float64 `json:"level"`
}

// Shares is an interval of a proportion.
type Shares struct {
	Lo float64 `json:"lo"`
	Hi float64 `json:"hi"`
}

// Load says how busy a contender was and how far from the best possible, as
// medians over the rounds. What needs the sequential trial of the same round is
// nil without a sequential contender.
type Load struct {
	Flight     InFlight `json:"in_flight"`
	Slowdown   *float64 `json:"slowdown"`   // sum of latencies / the same round's sequential sum
	Ideal      *float64 `json:"ideal_s"`    // max(longest, sum / slots) over the sequential latencies
	Efficiency *float64 `json:"efficiency"` // ideal / makespan, may exceed 1
	Packing    *float64 `json:"packing"`    // the bound over its own latencies / makespan, at most 1
}

// InFlight is what was asked for and what was got.
type InFlight struct {
	Asked int      `json:"asked"`
	Mean  *float64 `json:"mean"`
	Max   int      `json:"max"`
}

// Connections are what the measured trials opened and how many requests found
// one open.
type Connections struct {
	Opened int `json:"opened"`
	Reused int `json:"reused"`
}

// Cost is what a trial takes from this machine, as medians over the trials.
type Cost struct {
	CPU       *float64 `json:"cpu_s"`
	Allocs    *float64 `json:"allocs"`
	GCPause   *float64 `json:"gc_pause_s"`
	SchedP99  *float64 `json:"sched_p99_s"`
	WireBytes int64    `json:"wire_bytes"`
	Bytes     int64    `json:"bytes"`
}

// A Comparison holds a contender against the baseline, paired by round.
type Comparison struct {
	Contender      string   `json:"contender"`
	Baseline       string   `json:"baseline"`
	SpeedUp        *SpeedUp `json:"speedup"`
	P              *float64 `json:"p"`
	PHolm          *float64 `json:"p_holm"`
	RatioOfMeans   *Ratio   `json:"ratio_of_means"`
	RatioOfMedians *Ratio   `json:"ratio_of_medians"`
	FasterIn       int      `json:"faster_in"`
	Rounds         int      `json:"rounds"` // that say something: not both failed
	Verdict        string   `json:"verdict"`
}

// A SpeedUp is baseline / contender, so that above 1 the contender is faster.
// Hi is nil where it lies among failed trials of the baseline: there is no upper
// end. Lo is nil too where there is no interval, as for one round; Level is then
// 0. A Lo of 0 lies among failed trials of the contender.
type SpeedUp struct {
	Estimate float64  `json:"estimate"`
	Lo       *float64 `json:"lo"`
	Hi       *float64 `json:"hi"`
	Level    float64  `json:"level"` // achieved
	Method   string   `json:"method"`
}

// A Ratio is a quotient with its interval, nil where there is none.
type Ratio struct {
	Estimate float64  `json:"estimate"`
	Lo       *float64 `json:"lo"`
	Hi       *float64 `json:"hi"`
}

// A Warning is a doubt that travels with the numbers. Contender is empty where
// it concerns the whole run.
type Warning struct {
	Code      string `json:"code"`
	Contender string `json:"contender,omitempty"`
	Text      string `json:"text"`
	Hint      string `json:"hint,omitempty"`
}

// A Judgement is everything that a journal says, ready to be shown.
type Judgement struct {
	Run *Run
	Summary
	Comparisons []Comparison
	Warnings    []Warning
}
