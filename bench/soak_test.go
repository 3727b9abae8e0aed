package bench_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/bench/upstream/hostile"
	"github.com/fetchbench/fetchbench/results"
)

// soakTime is how long a soak lasts, from the environment: SOAK=10m. In a test it
// is a few seconds.
func soakTime(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("SOAK")
	if text == "" {
		return 3 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("SOAK: %v", err)
	}
	return d
}

// A level is what this process holds after a stop of a tour. Only the peak never
// falls: it is the most memory that was ever resident.
type level struct{ heap, peak, files, goroutines int64 }

// named lists the parts of a level.
func (l level) named() map[string]int64 {
	return map[string]int64{"heap": l.heap, "peak": l.peak, "descriptors": l.files, "goroutines": l.goroutines}
}

// slack is by how much the maximum of the last third of a tour may exceed that of
// the middle third, beside a tenth. Of what stays behind at every stop more than
// this stays behind in a third of a tour, the peak apart: that is for what does not
// stay. It grows by whole arenas of the runtime, which are 4 MiB.
func slack() map[string]int64 {
	return map[string]int64{"heap": 1 << 20, "peak": 16 << 20, "descriptors": 4, "goroutines": 8}
}

// now reads the level. What nobody holds any more is collected first: twice,
// because pools are emptied by the second time.
func now(t *testing.T) level {
	t.Helper()
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return level{
		heap: int64(m.HeapAlloc + m.StackInuse), peak: status(t, "VmHWM:") << 10,
		files: descriptors(t), goroutines: int64(runtime.NumGoroutine()),
	}
}

// descriptors is how many files and sockets are open, 0 where nobody tells.
func descriptors(t *testing.T) int64 {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil && runtime.GOOS == "linux" {
		t.Fatal(err)
	}
	return int64(len(entries))
}

// status is a number of /proc/self/status, 0 where there is none.
func status(t *testing.T, key string) (value int64) {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil && runtime.GOOS == "linux" {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, is := strings.CutPrefix(line, key); is {
			if _, err := fmt.Sscan(rest, &value); err != nil {
				t.Fatal(err)
			}
		}
	}
	return value
}

// highest is the maximum of each part over some levels.
func highest(levels []level) map[string]int64 {
	top := map[string]int64{}
	for _, l := range levels {
		for name, value := range l.named() {
			top[name] = max(top[name], value)
		}
	}
	return top
}

// rises lists what the last third of a tour needed more of than the middle third.
// The first third is warm-up: whatever is made once is made there.
func rises(levels []level) (list []string) {
	third := len(levels) / 3
	middle, last := highest(levels[third:2*third]), highest(levels[2*third:])
	for _, name := range slices.Sorted(maps.Keys(last)) {
		if most := middle[name] + middle[name]/10 + slack()[name]; last[name] > most {
			list = append(list, fmt.Sprintf("%s rose from %d to %d, more than %d", name, middle[name], last[name], most))
		}
	}
	return list
}

// one is a member of a list, drawn.
func one[T any](draw *rand.Rand, list []T) T { return list[draw.IntN(len(list))] }

// anyContender draws a strategy, up to two policies and a transport that go
// together. Rates are such that a stop does not take long.
func anyContender(draw *rand.Rand) string {
	for {
		spec := one(draw, bench.Specs()).Example()
		for range draw.IntN(3) {
			spec += "+" + one(draw, bench.Policies()).Example()
		}
		if draw.IntN(4) > 0 {
			spec += "@" + one(draw, bench.Transports()).Name
		}
		spec = strings.ReplaceAll(spec, ":50/s", ":2000/s")
		if _, err := bench.ParseContender(spec); err == nil {
			return spec
		}
	}
}

// anyPlan draws a stop of a tour: a profile, connections fresh or warm, and four
// contenders or fewer.
func anyPlan(t *testing.T, draw *rand.Rand) bench.Plan {
	t.Helper()
	specs := map[string]bool{}
	for range 4 {
		specs[anyContender(draw)] = true
	}
	p := inForm(t, bench.FormServer, one(draw, upstream.Profiles()).Name, slices.Sorted(maps.Keys(specs))...)
	p.Upstream.Scale, p.Requests, p.Rounds, p.Seed = 0.01, 8, 1, draw.Uint64()
	p.Connections = one(draw, []string{bench.Fresh, bench.Warm})
	if draw.IntN(8) == 0 {
		// Cut off what can be, but for handshakes of QUIC: the upstream accepts a
		// connection before the client knows of it, and counts one more.
		p.Limits.Timeout = bench.Duration(time.Millisecond)
		p.Contenders = slices.DeleteFunc(p.Contenders, func(spec string) bool { return strings.HasSuffix(spec, "@h3") })
		p.Contenders = append(p.Contenders, "goroutines@h1")
		slices.Sort(p.Contenders)
		p.Contenders = slices.Compact(p.Contenders)
	}
	return p
}

// TestR21ASoakStaysFlat: whatever is run, in whatever order, one run after the
// other leaves nothing behind: no memory, no descriptor, no goroutine. make soak
// does it for ten minutes.
func TestR21ASoakStaysFlat(t *testing.T) {
	long(t)
	draw := rand.New(rand.NewPCG(21, 1))
	server, err := hostile.Start(hostile.Options{Life: time.Hour + soakTime(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }() // what it saw is not asked for
	var levels []level
	trials := 0
	for until := time.Now().Add(soakTime(t)); time.Now().Before(until) || len(levels) < 12; {
		p := anyPlan(t, draw)
		if len(levels)%8 == 7 {
			p = nastyPlan(t, draw, server)
		}
		for trial, err := range bench.Run(t.Context(), p) {
			if err != nil {
				t.Fatal(err)
			}
			checkSums(t, &trial)
			trials++
		}
		levels = append(levels, now(t))
	}
	t.Logf("%d trials in %d runs; at the end %+v", trials, len(levels), levels[len(levels)-1])
	if os.Getenv("SOAK") != "" {
		fmt.Printf("%d trials in %d runs\nmiddle third %v\nlast third   %v\n", trials, len(levels),
			highest(levels[len(levels)/3:2*len(levels)/3]), highest(levels[2*len(levels)/3:]))
	}
	for _, rise := range rises(levels) {
		t.Error(rise)
	}
}

// checkSums holds a trial against what was planned and what the upstream saw.
func checkSums(t *testing.T, trial *results.Trial) {
	t.Helper()
	c := trial.Tally.Count
	if c.Planned != 8 || c.Planned != c.OK+c.Failed+c.Cancelled+c.NotStarted || trial.Seen != nil && len(trial.Seen.Differs) > 0 {
		t.Errorf("%s: %+v, the upstream saw %+v", trial.Contender, c, trial.Seen)
	}
}

// A leak at every stop shows: one descriptor or goroutine, or 100 kB, over the
// thirty stops that a short soak has at least is more than it is given.
func TestLeaksShow(t *testing.T) {
	flat := make([]level, 90)
	for i := range flat {
		flat[i] = level{heap: 3 << 20, peak: 40 << 20, files: 10, goroutines: 5}
	}
	for name, leak := range map[string]func(i int64) level{
		"heap":        func(i int64) level { return level{heap: i * 100e3} },
		"peak":        func(i int64) level { return level{peak: i << 20} },
		"descriptors": func(i int64) level { return level{files: i} },
		"goroutines":  func(i int64) level { return level{goroutines: i} },
	} {
		levels := slices.Clone(flat)
		for i := range levels {
			l := leak(int64(i))
			levels[i].heap, levels[i].peak = levels[i].heap+l.heap, levels[i].peak+l.peak
			levels[i].files, levels[i].goroutines = levels[i].files+l.files, levels[i].goroutines+l.goroutines
		}
		if got := rises(levels); len(got) != 1 || !strings.HasPrefix(got[0], name) {
			t.Errorf("%s leaks, and what rises is %q", name, got)
		}
	}
	if got := rises(flat); len(got) > 0 {
		t.Errorf("nothing leaks, and what rises is %q", got)
	}
}
