package upstream

import (
	"fmt"
	"strings"
)

// described is a profile with the line that documents it.
type described struct {
	profile Profile
	about   string
}

// catalogue names every profile, in the order in which people see them.
func catalogue() []described {
	return []described{
		{article(), "the published table: 10 routes of about 0.32 s, the first call of each 3.5x slower"},
		{plain("constant", 10, at(50)), "every answer takes 50 ms"},
		{plain("fast", 100, at(0)), "answers at once: what is left is the cost of the client"},
		{slow(), "0.2 to 1.5 s, evenly spread"},
		{plain("exponential", 20, Law{Kind: Exponential, BaseMS: 50}), "50 ms on average, exponentially distributed"},
		{plain("lognormal", 20, Law{Kind: Lognormal, BaseMS: 50, Sigma: 0.5}), "50 ms at the median, with a tail to the right"},
		{plain("bimodal", 20, Law{Kind: Bimodal, BaseMS: 20, HighMS: 300, SlowRate: 0.1}), "20 ms, one answer in ten 300 ms"},
		{heavy(), "20 ms, one answer in twenty 200 ms: what a hedge is for"},
		{flaky(), "50 ms, one answer in ten is a 503"},
		{failing(), "50 ms, one connection in ten is closed without an answer"},
		{capacity(), "8 slots of 50 ms with a queue: more in flight than 8 buys nothing"},
		{limited(), "20 ms, and 429 at once for what exceeds 400 a second after a burst of 10"},
		{collapse(), "50 ms for up to 8 at work, each more slows everything down: too many get less done"},
		{slowBody(), "first byte after 390 ms, the body 750 ms later: what --body decides"},
		{plain("drift", 10, Law{Kind: Constant, BaseMS: 50, Drift: 0.05}), "50 ms at first, and 5 % of that more each second"},
		{leisurely("xkcd", 5), "comics at 1 s each: /NUM/info.0.json, where 0 and 404 are a 404"},
		{leisurely("greet", 3), "greetings at 1 s each: /greet/?name=bob"},
	}
}

// Profiles lists the named profiles.
func Profiles() []Profile {
	var profiles []Profile
	for _, d := range catalogue() {
		profiles = append(profiles, d.profile)
	}
	return profiles
}

// Lookup finds a profile by its name; the error lists the names there are.
func Lookup(name string) (Profile, error) {
	var names []string
	for _, d := range catalogue() {
		if d.profile.Name == name {
			return d.profile, nil
		}
		names = append(names, d.profile.Name)
	}
	return Profile{}, fmt.Errorf("unknown profile %q (have %s)", name, strings.Join(names, ", "))
}

// Describe is the line that documents a named profile, empty for other names.
func Describe(name string) string {
	for _, d := range catalogue() {
		if d.profile.Name == name {
			return d.about
		}
	}
	return ""
}

// article reproduces the shape of the published table: little spread and one slow
// call in ten, the cold first one. Independent draws would bring average and
// median together. There is no warm-up because the cold call was measured too.
func article() Profile {
	p := plain("article", 10, Law{Kind: Lognormal, BaseMS: 320, Sigma: 0.15, Cold: 3.5})
	p.Seed, p.Rounds, p.Warmup = 154, 10, 0
	return p
}

// slow is the range that the article's text names. Ten rounds of it, one call
// after the other, already wait for a minute and a half.
func slow() Profile {
	p := plain("uniform", 10, Law{Kind: Uniform, BaseMS: 200, HighMS: 1500})
	p.Rounds = 10
	return p
}

// slowBody is for what reads bodies and what does not: with these times a view that
// returns after the headers looks almost three times as fast.
func slowBody() Profile {
	p := plain("slow-body", 3, Law{Kind: Constant, BaseMS: 390, BodyMS: 750})
	p.Rounds = 10
	return p
}

// flaky answers badly but in time: only a client that looks at the status sees it.
// There is no Retry-After, so nothing asks the client to wait.
func flaky() Profile {
	p := plain("flaky", 20, at(50))
	p.Faults = Faults{Status: 503, StatusRate: 0.1}
	return p
}

// failing hangs up. A client that sends again on its own, as net/http does when a
// reused connection dies, shows here as ids that were seen twice.
func failing() Profile {
	p := plain("failing", 20, at(50))
	p.Faults = Faults{FailRate: 0.1}
	return p
}

// capacity serves 40 calls in five turns, 250 ms, however many are in flight. The
// queue is long enough that no sensible batch is refused.
func capacity() Profile {
	p := plain("capacity", 40, at(50))
	p.Slots = Slots{Capacity: 8, Queue: 1000}
	return p
}

// heavy is a heavy tail in its simplest form: of 40 calls about two are ten times
// slower, and a second attempt is so only in one case of twenty.
func heavy() Profile {
	return plain("tail", 40, Law{Kind: Bimodal, BaseMS: 20, HighMS: 200, SlowRate: 0.05})
}

// limited serves what 8 in flight ask for, 400 a second, and refuses what exceeds
// that. With all 80 in flight a batch is over soonest, and 70 of them have failed.
func limited() Profile {
	p := plain("limited", 80, at(20))
	p.Slots = Slots{PerSecond: 400, Burst: 10}
	return p
}

// collapse does most with 8 in flight, 160 a second; with 16 it does 64 a second
// and with ever more no more than 40.
func collapse() Profile {
	p := plain("collapse", 40, at(50))
	p.Slots = Slots{Capacity: 8, Queue: 1000, Overload: 0.5}
	return p
}

// leisurely is one of the two profiles for the pages of whole programs: everything takes
// a second, which is what people are told that a page of the web takes.
func leisurely(name string, urls int) Profile {
	p := plain(name, urls, at(1000))
	p.Rounds = 10
	return p
}

// plain is a profile without faults, with a small body and the usual rounds: 20
// carry a 95 % interval, and one of warm-up keeps the cold start out of them.
func plain(name string, urls int, law Law) Profile {
	return Profile{Name: name, URLs: urls, Size: 1024, Seed: 1, Scale: 1, Latency: law, Rounds: 20, Warmup: 1}
}

// at is the law of a constant latency.
func at(millis float64) Law { return Law{Kind: Constant, BaseMS: millis} }
