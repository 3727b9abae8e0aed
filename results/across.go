package results

// A Crossing holds the contenders of one run against those of the same names in
// another. The runs were not made together: nothing in it is paired, and what changed
// between them is in no interval.
type Crossing struct {
	Base  string `json:"base"` // ids of the runs
	Other string `json:"other"`
	// Contenders are those that both runs have, in the order of the base.
	Contenders []Crossed `json:"contenders"`
	// OnlyBase and OnlyOther are the names that only one of them has.
	OnlyBase    []string     `json:"only_base"`
	OnlyOther   []string     `json:"only_other"`
	Differences []Difference `json:"differences"`
	// Warnings has at least the one that drift is not in the intervals.
	Warnings []Warning `json:"warnings"`
}

// A Crossed is one contender in both runs.
type Crossed struct {
	Contender string `json:"contender"`
	Base      Side   `json:"base"`
	Other     Side   `json:"other"`
	// SpeedUp is base / other, so that above 1 the other run took less time.
	SpeedUp *SpeedUp `json:"speedup"`
	Chances
	// Delta is Cliff's: how much more often a time of the base is longer than one of
	// the other run than it is shorter, from -1 to 1.
	Delta *float64 `json:"cliffs_delta"`
	// Finding is one of the words below, none of which is a verdict within a run.
	Finding string `json:"finding"`
}

// A Side is a contender in one of the runs.
type Side struct {
	Trials   int      `json:"trials"`
	OK       int      `json:"ok"`
	Median   *float64 `json:"median_s"`
	MedianCI *Band    `json:"median_ci"`
}

// What a crossing finds of a contender.
const (
	Shorter  = "shorter in the other run"
	Longer   = "longer in the other run"
	NotShown = "no difference shown"
	TooFew   = "too few rounds to tell"
)

// A Difference is something besides the times in which the runs differ.
type Difference struct {
	Kind  string `json:"kind"` // one of the Kind words
	What  string `json:"what"`
	Base  string `json:"base"`
	Other string `json:"other"`
}

// The kinds of differences, the gravest first. Runs of different work are not to be
// compared at all.
const (
	KindWork    = "work"
	KindMachine = "machine"
	KindProgram = "program"
	KindDesign  = "design"
)

// SameWork tells whether the two runs fetched the same.
func (c *Crossing) SameWork() bool { return !c.differs(KindWork) }

// SameMachine tells whether the two runs were made on the same machine, as far as
// their journals tell.
func (c *Crossing) SameMachine() bool { return !c.differs(KindMachine) }

// differs tells whether there is a difference of a kind.
func (c *Crossing) differs(kind string) bool {
	for _, d := range c.Differences {
		if d.Kind == kind {
			return true
		}
	}
	return false
}
