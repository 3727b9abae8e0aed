package results

// The outcomes of a gate for one contender. A gate is decided only where the whole
// interval of what was measured lies on one side of its limit.
const (
	GatePassed    = "passed"
	GateFailed    = "failed"
	GateUndecided = "not decided"
)

// The units in which a gate is measured.
const (
	UnitSeconds  = "s"        // times
	UnitCount    = "count"    // of requests, attempts, connections
	UnitNumber   = "number"   // in flight
	UnitRatio    = "ratio"    // speed-up, slowdown
	UnitShare    = "share"    // efficiency, packing: 1 is 100 %
	UnitRelative = "relative" // change against the baseline: 0.05 is 5 % more
)

// A Gated is what became of a gate for one contender.
type Gated struct {
	// Gate is the expression, the same for all contenders that it names.
	Gate      string `json:"gate"`
	Contender string `json:"contender"`
	Metric    string `json:"metric"`
	// Baseline is what a relative gate is held against, empty for others.
	Baseline string `json:"baseline,omitempty"`
	Unit     string `json:"unit"`
	// Limit is in the unit, as are the numbers of the Reading.
	Limit float64 `json:"limit"`
	Reading
	Outcome string `json:"outcome"`
	// Reason says why there is no decision; it is empty where there is one.
	Reason string `json:"reason"`
	// RoundsNeeded is about how many rounds would decide, nil where nobody knows.
	RoundsNeeded *int `json:"rounds_needed"`
}

// A Reading is what was measured, with its interval. What there is not is nil: Hi
// also where it lies among failed trials. Exact readings are their own interval.
type Reading struct {
	Measured *float64 `json:"measured"`
	Lo       *float64 `json:"lo"`
	Hi       *float64 `json:"hi"`
	Level    float64  `json:"level"` // achieved, 0 without an interval and 1 for what is exact
}
