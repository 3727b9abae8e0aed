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
	// Latency is nil where the journal was read without its requests.
	Latency *Latencies `json:"latency"`
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
	Shape
}

// Shape is what else there is to know about the times, for machines: the tables
// do not show it.
type Shape struct {
	// Effective is the number of independent trials that would say as much, the
	// number of trials / Inflation.
	Effective *float64 `json:"n_eff"`
	// Inflation is by how much dependence between rounds widens a variance.
	Inflation *float64 `json:"inflation"`
	Skewness  *float64 `json:"skewness"` // adjusted, of the successful trials
	// TrimmedMean leaves out a fifth of the successful trials at either end.
	TrimmedMean   *float64 `json:"trimmed_mean_s"`
	GeometricMean *float64 `json:"geometric_mean_s"`
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
	// Upstream is the most that the embedded upstream had at once, nil without one.
	Upstream *int `json:"upstream_max"`
	// Found is the limit that an adaptive strategy ended with, nil for others.
	Found *float64 `json:"limit_found"`
}

// Connections are what the measured trials opened and how many requests found
// one open.
type Connections struct {
	Opened int `json:"opened"`
	Reused int `json:"reused"`
}

// Cost is what a trial takes from this machine, as medians over the trials, and
// what all of them took from the network.
type Cost struct {
	CPU       *float64 `json:"cpu_s"`
	Allocs    *float64 `json:"allocs"`
	PerFetch  *float64 `json:"allocs_per_fetch"` // of the requests made
	GCPause   *float64 `json:"gc_pause_s"`
	SchedP99  *float64 `json:"sched_p99_s"`
	WireBytes int64    `json:"wire_bytes"`
	Bytes     int64    `json:"bytes"`
	Highest
	Sent
}

// Highest is the most that a trial held at once, over all trials and above what
// was there before them; nil where nobody looked.
type Highest struct {
	Goroutines *int   `json:"peak_goroutines"`
	Memory     *int64 `json:"peak_bytes"` // heap and stacks
}

// Sent is what went onto the wire for the requests of a contender.
type Sent struct {
	Attempts int `json:"attempts"`
	Wasted   int `json:"wasted_attempts"` // whose answers were not used
	Shared   int `json:"shared"`          // requests answered by another's attempt
}

// A Comparison holds a contender against the baseline, paired by round.
type Comparison struct {
	Contender string `json:"contender"`
	Baseline  string `json:"baseline"`
	Estimates
	Chances
	Score
	// SuccessDifference is the interval for the baseline's share of successful
	// trials less the contender's, by Newcombe.
	SuccessDifference *Shares `json:"success_difference"`
	// RoundsNeeded is about how many rounds would make an inconclusive interval
	// as narrow as the difference that does not matter. It is nil elsewhere.
	RoundsNeeded *int   `json:"rounds_needed"`
	Verdict      string `json:"verdict"`
}

// Estimates say how many times faster the contender is, in three ways.
type Estimates struct {
	SpeedUp *SpeedUp `json:"speedup"`
	// Bonferroni is the same at the level at which the intervals of all
	// comparisons hold together.
	Bonferroni     *SpeedUp `json:"speedup_bonferroni"`
	RatioOfMeans   *Ratio   `json:"ratio_of_means"`
	RatioOfMedians *Ratio   `json:"ratio_of_medians"`
	// RatiosDiffer says why the three are more than 25 % apart: one of the Apart
	// words, empty where they are not.
	RatiosDiffer string `json:"ratios_differ"`
}

// Chances are the p-values: by itself, and adjusted for the number of
// comparisons.
type Chances struct {
	P     *float64 `json:"p"`
	PHolm *float64 `json:"p_holm"`
}

// A Score counts rounds.
type Score struct {
	FasterIn    int     `json:"faster_in"`
	FasterShare *Shares `json:"faster_share"` // of the Rounds, Wilson
	Rounds      int     `json:"rounds"`       // that say something: not both failed
	// UnequalIn counts rounds in which the two provably did not do the same work.
	UnequalIn int `json:"unequal_in"`
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
	// Advice is nil where there is none to give.
	Advice *Advice
	// Sweep is nil unless the contenders are sizes of one strategy. Its
	// recommendation then stands in place of the advice.
	Sweep *Sweep
	// Gates are what became of the limits that the run was held to, if there were any.
	Gates []Gated
}
