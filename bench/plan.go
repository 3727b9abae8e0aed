package bench

import (
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
)

// A Plan says what to measure. Begin with Defaults, which are those of the
// command line, and change what should be different.
type Plan struct {
	// Upstream is the embedded upstream; without a profile URLs are fetched.
	Upstream Upstream `yaml:"upstream" json:"upstream,omitzero"`
	// URLs are real endpoints. Requests is the size of a batch: more than there
	// are URLs cycle through them, fewer take the first; 0 takes each once.
	URLs     []Request `yaml:"urls" json:"urls,omitempty"`
	Requests int       `yaml:"requests" json:"requests,omitempty"`
	Columns  `yaml:",inline"`
	// Connections are fresh or warm.
	Connections string `yaml:"connections" json:"connections"`
	// Repeat is how often a trial fetches the batch, one fan-out after the other, as
	// a route does that is called again and again; 0 means once.
	Repeat int `yaml:"repeat" json:"repeat,omitempty"`
	Design `yaml:",inline"`
	Limits Limits `yaml:"limits" json:"limits"`
	Routes `yaml:",inline"`
	// Authority is a file with certificates, in PEM, of an authority that is trusted
	// besides those of the system.
	Authority string `yaml:"authority" json:"authority,omitempty"`
}

// Columns are what is compared.
type Columns struct {
	// Contenders are specs such as "pool:8". Baseline is one of them; empty means
	// the first.
	Contenders []string `yaml:"contenders" json:"contenders"`
	Baseline   string   `yaml:"baseline" json:"baseline,omitempty"`
	// Makers make contenders of kinds that this package does not know.
	Makers []Maker `yaml:"-" json:"-"`
}

// A Maker makes contenders of a kind of its own, such as programs in other languages,
// of specs that it recognises. Make also refuses what does not suit the plan. It starts
// nothing.
type Maker struct {
	Is   func(spec string) bool
	Make func(spec string, p Plan) (Contender, error)
}

// Fresh connections give every trial the same start; Warm ones are kept by each
// contender from trial to trial, and never shared between contenders.
const (
	Fresh = "fresh"
	Warm  = "warm"
)

// A Design is how often and in which order.
type Design struct {
	Rounds int `yaml:"rounds" json:"rounds"`
	// Warmup rounds are made first, recorded and left out of every number.
	Warmup int `yaml:"warmup" json:"warmup"`
	// Seed draws the order of the contenders in each round and the pauses; 0
	// draws a seed, which the header of the run then names.
	Seed uint64 `yaml:"seed" json:"seed"`
	// Pause between trials, times a factor drawn from 0.5 to 1.5, so that trials
	// do not keep step with whatever else runs on the machine.
	Pause Duration `yaml:"pause" json:"pause"`
	// Order is random unless something is to be shown with another one.
	Order string `yaml:"order" json:"order,omitempty"`
	// Precision ends the run when every speed-up is known this well, such as "5%":
	// Rounds is then the most that are made. 0 makes exactly Rounds.
	Precision Share `yaml:"precision" json:"precision,omitzero"`
	// AA measures the baseline against itself: what differs then is the machine's.
	AA bool `yaml:"aa" json:"aa,omitempty"`
	// Sweep says that the contenders are sizes of one strategy, of which one is to be
	// recommended.
	Sweep bool `yaml:"sweep" json:"sweep,omitempty"`
}

// Upstream says which embedded upstream is fetched from, and in which form.
type Upstream struct {
	Profile string `yaml:"profile" json:"profile"`
	// Scale multiplies the latencies of the profile; 0 means 1.
	Scale float64 `yaml:"scale" json:"scale,omitempty"`
	// Form is process (a server in a process of its own, the default where there
	// is a Command), server (in this process), mock (no sockets) or memory (a
	// server over in-memory connections, for virtual time).
	Form string `yaml:"form" json:"form,omitempty"`
	// TLS makes every contender fetch over TLS. Transports that need it have it
	// anyway.
	TLS bool `yaml:"tls" json:"tls,omitempty"`
	// Slots replaces how many requests the profile serves at once.
	Slots int `yaml:"slots" json:"slots,omitempty"`
	// Command starts the program that serves an upstream on its standard input
	// and output, as upstream.RunChild does.
	Command []string `yaml:"-" json:"-"`
}

// The forms of an embedded upstream.
const (
	FormProcess = "process"
	FormServer  = "server"
	FormMock    = "mock"
	FormMemory  = "memory"
)

// Limits bound every request, trial and run; 0 means the default.
type Limits struct {
	Timeout Duration `yaml:"timeout" json:"timeout"`
	// Trial is the deadline of a trial. The default is ten times what the batch
	// would take if every request took its whole Timeout, at most ten minutes.
	Trial Duration `yaml:"trial" json:"trial,omitzero"`
	Run   Duration `yaml:"run" json:"run"`
	// Wire, Decoded and Header bound the bytes of an answer.
	Wire      int64 `yaml:"wire_bytes" json:"wire_bytes,omitempty"`
	Decoded   int64 `yaml:"decoded_bytes" json:"decoded_bytes,omitempty"`
	Header    int64 `yaml:"header_bytes" json:"header_bytes,omitempty"`
	Redirects int   `yaml:"redirects" json:"redirects,omitempty"`
	// KeepGoing goes on asking a host that is not private and keeps failing.
	KeepGoing bool `yaml:"keep_going" json:"keep_going,omitempty"`
}

// The defaults that are no zero value.
const (
	defaultRounds        = 20
	defaultWarmup        = 1
	defaultTimeout       = 10 * time.Second
	defaultRun           = 30 * time.Minute
	defaultPause         = 200 * time.Millisecond
	defaultEmbeddedPause = 20 * time.Millisecond
	longestTrial         = 10 * time.Minute
	// mostWaiting is the queue of an upstream whose slots a plan sets: whatever is in
	// flight beyond them waits.
	mostWaiting = 1_000_000
	// mostRequests bounds the records of a trial, which are kept in memory.
	mostRequests = 10_000_000
	// mostRepeat bounds the fan-outs of a trial, each of which its line in the journal tells.
	mostRepeat = 100_000
	// mostRounds bounds measured rounds, and warm-up rounds, as it does those of a profile.
	mostRounds = 1_000_000
	// mostTime bounds every limit and the pause: a year.
	mostTime = Duration(365 * 24 * time.Hour)
)

// Defaults returns the plan that the command line begins with: for the profile
// of an embedded upstream, with the rounds that it suggests, or for real
// endpoints if profile is empty. Between trials against an upstream of our own
// the pause is shorter: there is nobody to be polite to.
func Defaults(profile string) (Plan, error) {
	p := Plan{
		Columns:     Columns{Contenders: []string{"sequential", "goroutines"}},
		Connections: Fresh,
		Design:      Design{Rounds: defaultRounds, Warmup: defaultWarmup, Pause: Duration(defaultPause), Order: Random},
		Limits:      Limits{Timeout: Duration(defaultTimeout), Run: Duration(defaultRun)},
	}
	if profile == "" {
		return p, nil
	}
	known, err := upstream.Lookup(profile)
	if err != nil {
		return Plan{}, err
	}
	p.Upstream.Profile = profile
	p.Pause = Duration(defaultEmbeddedPause)
	if known.Rounds > 0 {
		p.Rounds, p.Warmup = known.Rounds, known.Warmup
	}
	return p, nil
}

// profile returns the profile with the scale applied.
func (u Upstream) profile() (upstream.Profile, error) {
	p, err := upstream.Lookup(u.Profile)
	if err != nil {
		return p, err
	}
	if u.Scale != 0 {
		p.Scale = u.Scale
	}
	if u.Slots != 0 {
		p.Slots.Capacity, p.Slots.Queue = u.Slots, mostWaiting
	}
	return p, p.Validate()
}
