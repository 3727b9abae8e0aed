package upstream

import (
	"math"
	"time"
)

// A Kind names the distribution of a Law.
type Kind string

// The kinds of a Law, with the parameters that each one reads.
const (
	Constant    Kind = "constant"    // always BaseMS
	Uniform     Kind = "uniform"     // between BaseMS and HighMS
	Exponential Kind = "exponential" // with mean BaseMS
	Lognormal   Kind = "lognormal"   // with median BaseMS and Sigma
	Bimodal     Kind = "bimodal"     // BaseMS, or HighMS for a share SlowRate
)

// A Law is the distribution that latencies are drawn from. Its times are
// milliseconds, in Go as in JSON, because that is the unit in which people
// publish them. The zero Law answers at once.
type Law struct {
	// Kind selects the distribution; empty means constant.
	Kind   Kind    `json:"kind"`
	BaseMS float64 `json:"base_ms"`
	HighMS float64 `json:"high_ms"`
	// Sigma is the standard deviation of the logarithm of a lognormal latency.
	Sigma float64 `json:"sigma"`
	// SlowRate is the share of slow answers of a bimodal law.
	SlowRate float64 `json:"slow_rate"`
	// Cold multiplies every latency of round 0, the round that pays for cold
	// DNS, TLS and caches; 0 means 1.
	Cold float64 `json:"cold"`
	// Drift is what each second since the upstream began to serve adds to the
	// factor of every latency: 0.05 makes it 5 % slower a second, a negative one
	// faster, though never below a twentieth. Profile.Delay knows no time and
	// leaves it out; the upstream applies it to each request as it arrives.
	Drift float64 `json:"drift_per_s,omitempty"`
	// BodyMS is how long a body takes after its first byte, which is when the latency
	// is over: the rest of it comes then, at once. It is scaled, and drawn by no law.
	BodyMS float64 `json:"body_ms,omitempty"`
}

// driftFloor is the smallest factor of a latency that drift leads to.
const driftFloor = 0.05

// drifted is a latency after the given time of drift, at most MaxDelay.
func (l Law) drifted(latency, since time.Duration) time.Duration {
	if l.Drift == 0 {
		return latency
	}
	factor := max(1+l.Drift*since.Seconds(), driftFloor)
	return time.Duration(min(math.Round(float64(latency)*factor), float64(MaxDelay)))
}

// millis draws the latency of one request, before scaling and rounding. Every
// attempt of round 0 is cold: a second one may come while the first still waits.
func (l Law) millis(s source) float64 {
	millis := l.warm(s)
	if s.round == 0 && l.Cold != 0 {
		millis *= l.Cold
	}
	return millis
}

// warm draws the latency without the factor of the cold round.
func (l Law) warm(s source) float64 {
	switch l.Kind {
	case Uniform:
		return l.BaseMS + (l.HighMS-l.BaseMS)*s.uniform(drawLatency)
	case Exponential:
		return -l.BaseMS * math.Log(s.uniform(drawLatency))
	case Lognormal:
		return l.BaseMS * math.Exp(l.Sigma*s.normal())
	case Bimodal:
		if s.uniform(drawLatency) < l.SlowRate {
			return l.HighMS
		}
	}
	return l.BaseMS
}

// mix is the splitmix64 step: it adds the golden gamma and applies the finaliser.
// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
// OOPSLA 2014, with the constants of Stafford's variant 13. All 64-bit inputs
// give different outputs; the arithmetic wraps by design.
func mix(x uint64) uint64 {
	x += 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// The draws of one request. A normal variate takes the first two, so that the
// faults of a request are independent of its latency.
const (
	drawLatency = iota
	drawAngle
	drawStatus
	drawFail
	draws // how many there are
)

// A source is all that the draws of one request depend on.
type source struct {
	seed                  uint64
	index, round, attempt int
}

// uniform is the draw number c of a request, uniform in (0, 1). Both ends are
// excluded, so its logarithm is finite. Each attempt continues the sequence of the
// one before it, which leaves the first as it is.
func (s source) uniform(c int) float64 {
	h := mix(mix(mix(mix(s.seed)^uint64(s.index))^uint64(s.round)) ^ uint64(s.attempt*draws+c))
	return (float64(h>>11) + 0.5) / (1 << 53)
}

// normal is a standard normal variate from two uniform ones.
// Source: Box and Muller, "A note on the generation of random normal deviates",
// Annals of Mathematical Statistics 29 (1958), the cosine branch.
func (s source) normal() float64 {
	u0 := s.uniform(drawLatency)
	u1 := s.uniform(drawAngle)
	return math.Sqrt(-2*math.Log(u0)) * math.Cos(2*math.Pi*u1)
}
