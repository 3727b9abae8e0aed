package upstream

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// golden reads the article's latencies, one row a round, computed once by a
// program in another language from the published formula.
func golden(t *testing.T) [][]time.Duration {
	t.Helper()
	f, err := os.Open("testdata/article-us.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]time.Duration
	for _, record := range records[1:] {
		var row []time.Duration
		for _, cell := range record[1:] {
			micros, err := strconv.Atoi(cell)
			if err != nil {
				t.Fatal(err)
			}
			row = append(row, time.Duration(micros)*time.Microsecond)
		}
		rows = append(rows, row)
	}
	return rows
}

// Whole microseconds: the last bits of exp and cos differ between machines, and
// the nearest of these latencies is 0.013 us away from being rounded the other way.
func TestArticleDelaysAreTheGoldenOnes(t *testing.T) {
	p := named(t, "article")
	rows := golden(t)
	if len(rows) != 10 || len(rows[0]) != 10 {
		t.Fatalf("golden table is %d x %d, want 10 x 10", len(rows), len(rows[0]))
	}
	for round, row := range rows {
		for index, want := range row {
			if got := p.Delay(index, round); got != want {
				t.Errorf("Delay(%d, %d) = %v, want %v", index, round, got, want)
			}
		}
	}
}

// The article published 4.071 / 3.419 s one after the other and 0.532 / 0.406 s
// concurrently. Without any cost of a client the profile gives what the golden
// table adds up to, in microseconds: the sums and the maxima of its ten rows.
func TestArticleHasThePublishedShape(t *testing.T) {
	p := named(t, "article")
	var sums, maxima []time.Duration
	for round := range p.Rounds {
		var row []time.Duration
		for index := range p.URLs {
			row = append(row, p.Delay(index, round))
		}
		sums, maxima = append(sums, total(row)), append(maxima, slices.Max(row))
	}
	check := func(name string, got, want, published time.Duration) {
		t.Helper()
		if got != want {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
		if ratio := got.Seconds() / published.Seconds(); ratio < 0.9 || ratio > 1.1 {
			t.Errorf("%s = %v, more than 10%% from the published %v", name, got, published)
		}
	}
	check("average one after the other", average(sums), 4072000900, 4071*time.Millisecond)
	check("median one after the other", median(sums), 3378648500, 3419*time.Millisecond)
	check("average at once", average(maxima), 520750200, 532*time.Millisecond)
	check("median at once", median(maxima), 398711500, 406*time.Millisecond)
}

// total, average and median are in whole nanoseconds, without rounding: all sums
// here are even and divide by ten.
func total(ds []time.Duration) time.Duration {
	var sum time.Duration
	for _, d := range ds {
		sum += d
	}
	return sum
}

func average(ds []time.Duration) time.Duration { return total(ds) / time.Duration(len(ds)) }

func median(ds []time.Duration) time.Duration {
	slices.Sort(ds)
	return (ds[(len(ds)-1)/2] + ds[len(ds)/2]) / 2
}

// The first output of splitmix64 with state 0, as its reference implementation
// prints it.
func TestMixIsSplitmix64(t *testing.T) {
	if got := mix(0); got != 0xe220a8397b1dcdaf {
		t.Errorf("mix(0) = %#x", got)
	}
}

// A warm-up round that met latencies of its own would warm up for another round.
func TestWarmUpRoundsMeetRoundZero(t *testing.T) {
	for _, p := range Profiles() {
		for index := range p.URLs {
			if p.Delay(index, -2) != p.Delay(index, 0) || p.Status(index, -1) != p.Status(index, 0) ||
				p.Fails(index, -3) != p.Fails(index, 0) {
				t.Errorf("%s: URL %d of a warm-up round differs from round 0", p.Name, index)
			}
		}
	}
}

// Scale is a factor of the time, with 0 for "not given"; what would wait for days,
// or has no value at all, waits for the longest time there is.
func TestScaleMultipliesLatency(t *testing.T) {
	p := constant(1, 50*time.Millisecond)
	for scale, want := range map[float64]time.Duration{
		0: 50 * time.Millisecond, 1: 50 * time.Millisecond, 0.1: 5 * time.Millisecond, 3: 150 * time.Millisecond,
		1e-9: 0, // 50 ps round to no microsecond
		1e9:  MaxDelay, math.Inf(1): MaxDelay, math.NaN(): MaxDelay,
	} {
		p.Scale = scale
		if got := p.Delay(0, 1); got != want {
			t.Errorf("scale %v: delay %v, want %v", scale, got, want)
		}
	}
}

// Each law is drawn 40,000 times. Its mean is known; the standard error of the
// sample mean is sd/200, and five of them are allowed for. The seed is fixed, so
// the test cannot fail by chance.
func TestLawsHaveTheirMeans(t *testing.T) {
	for _, c := range []struct {
		law      Law
		mean, sd float64
	}{
		{Law{Kind: Constant, BaseMS: 50}, 50, 1e-6},
		{Law{Kind: "", BaseMS: 50}, 50, 1e-6},
		{Law{Kind: Uniform, BaseMS: 200, HighMS: 1500}, 850, 1300 / math.Sqrt(12)},
		{Law{Kind: Exponential, BaseMS: 50}, 50, 50},
		// exp(s^2/2) and sqrt(exp(s^2)-1) times that, for s = 0.5
		{Law{Kind: Lognormal, BaseMS: 50, Sigma: 0.5}, 56.657, 30.19},
		// 0.9*20 + 0.1*300, and 280*sqrt(0.9*0.1)
		{Law{Kind: Bimodal, BaseMS: 20, HighMS: 300, SlowRate: 0.1}, 48, 84},
		{Law{Kind: Exponential, BaseMS: 50, Cold: 2}, 50.25, 50}, // one round of 200 doubled
	} {
		p := Profile{URLs: 200, Seed: 7, Latency: c.law}
		sum := 0.0
		for index := range 200 {
			for round := range 200 {
				sum += p.Delay(index, round).Seconds() * 1000
			}
		}
		if mean := sum / 40000; math.Abs(mean-c.mean) > 5*c.sd/200 {
			t.Errorf("%+v: mean %.3f ms, want %.3f", c.law, mean, c.mean)
		}
	}
}

// Shares of 40,000 draws; five standard errors of a share of 0.1 are 0.0075, and
// those of a share of 0.01 are 0.0025. Slow, 503 and closed are independent, so
// each two of them meet in one request of a hundred.
func TestFaultsHaveTheirRates(t *testing.T) {
	p := Profile{
		URLs: 200, Seed: 3, Latency: Law{Kind: Bimodal, HighMS: 1, SlowRate: 0.1},
		Faults: Faults{Status: 503, StatusRate: 0.1, FailRate: 0.1},
	}
	events := []func(index, round int) bool{
		func(i, k int) bool { return p.Delay(i, k) > 0 },
		func(i, k int) bool { return p.Status(i, k) == 503 },
		p.Fails,
	}
	for i, one := range events {
		for j, other := range events {
			both := 0
			for n := range 40000 {
				if one(n%200, n/200) && other(n%200, n/200) {
					both++
				}
			}
			want, allowed := 0.1, 0.0075
			if i != j {
				want, allowed = 0.01, 0.0025
			}
			if got := float64(both) / 40000; math.Abs(got-want) > allowed {
				t.Errorf("events %d and %d: share %v, want %v", i, j, got, want)
			}
		}
	}
}

// The draws exclude 0 and 1, so the rates 0 and 1 mean never and always.
func TestFaultRatesZeroAndOneAreExact(t *testing.T) {
	never, always := Profile{}, Profile{Faults: Faults{Status: 500, StatusRate: 1, FailRate: 1}}
	for index := range 1000 {
		if never.Fails(index, 0) || never.Status(index, 0) != 200 {
			t.Fatalf("URL %d fails at rate 0", index)
		}
		if !always.Fails(index, 0) || always.Status(index, 0) != 500 {
			t.Fatalf("URL %d does not fail at rate 1", index)
		}
	}
}

// The line that bodies repeat has 65 bytes; the sizes lie around that.
func TestBodyHasItsSize(t *testing.T) {
	for _, size := range []int{0, 1, 64, 65, 66, 130, 100000} {
		body := Profile{Size: size}.Body()
		if len(body) != size {
			t.Errorf("size %d: body of %d bytes", size, len(body))
		}
		if !strings.HasPrefix(string(Profile{Size: 200000}.Body()), string(body)) {
			t.Errorf("size %d: body is not a prefix of a longer one", size)
		}
	}
}
