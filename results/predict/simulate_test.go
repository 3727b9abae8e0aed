package predict_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/predict"
)

// A recording is a run made up for a test.
type recording struct {
	header results.Header
	trials []results.Trial
}

// record begins a run of so many requests to hosts a and b in turn, or to a alone.
func record(requests int, urls []string, contenders ...results.Column) *recording {
	return &recording{header: results.Header{
		Schema: results.Schema, ID: "test", Contenders: contenders,
		Target: results.Target{URLs: urls, Requests: requests},
		Design: results.Design{Connections: "fresh", Seed: 5},
	}}
}

// trial adds one of requests in a row, of these milliseconds, 0 for a failed one.
// The first took dial milliseconds more for its connection.
func (r *recording) trial(round int, contender string, dial int, millis ...int) {
	t := results.Trial{Round: round, Contender: contender, Outcome: results.OK}
	for i, m := range millis {
		q := results.Request{Index: i, Class: results.ClassOK, Attempts: 1, StartNS: t.ElapsedNS, ServiceNS: int64(m) * 1e6}
		if m == 0 {
			q.Class, t.Outcome = "eof", results.Failed
		}
		if i == 0 {
			q.Phases.ConnectNS = int64(dial) * 1e6
			q.ServiceNS += q.Phases.ConnectNS
		}
		t.ElapsedNS += q.ServiceNS
		t.Requests = append(t.Requests, q)
	}
	t.Tally = t.Count(len(millis))
	r.trials = append(r.trials, t)
}

// read writes the run to a journal and samples the sequential contender.
func (r *recording) read(t testing.TB) (*predict.Sample, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "run.jsonl")
	r.header.Design.Rounds = len(r.trials)
	j, err := results.Create(path, r.header)
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.trials {
		if err := j.Append(&r.trials[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.EndReached("as many trials as the test has"); err != nil {
		t.Fatal(err)
	}
	run, err := results.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	return predict.Read(file, run, "sequential")
}

// must is read for a run that has what it takes.
func (r *recording) must(t testing.TB) *predict.Sample {
	t.Helper()
	s, err := r.read(t)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// alone is the sequential contender.
func alone() results.Column { return results.Column{Name: "sequential", Asked: 1} }

// simulate predicts.
func simulate(t *testing.T, s *predict.Sample, schedule predict.Schedule, o predict.Options) predict.Prediction {
	t.Helper()
	p, err := s.Simulate(schedule, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// near compares times in seconds.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9 {
		t.Errorf("%s is %v s, want %v", what, got, want)
	}
}

// Three rounds of 10 + 20 + 30 ms, twice and thrice that. On two slots they take
// 10 + 30 = 40 ms (the 30 ms follow the 10 ms), 80 and 120: median 80, mean 80.
func TestRoundsAreKeptWhole(t *testing.T) {
	r := record(3, []string{"http://a/"}, alone())
	for round := range 3 {
		k := round + 1
		r.trial(round, "sequential", 0, 10*k, 20*k, 30*k)
	}
	p := simulate(t, r.must(t), predict.Schedule{Kind: predict.Slots, Size: 2}, predict.Options{})
	near(t, "the median", p.Median, 0.080)
	near(t, "the mean", p.Mean, 0.080)
	near(t, "the fastest of 95 %", p.Trial.Lo, 0.040)
	near(t, "the slowest of 95 %", *p.Trial.Hi, 0.120)
	if p.MedianCI != nil || p.Requests != 3 || p.Batches != 2001 {
		t.Errorf("%+v, want no interval of three rounds, 3 requests and 2001 batches, as many of each round", p)
	}
}

// Connecting took 40 ms of the first request's 50. One after the other pays once,
// two slots each, all at once each too.
func TestConnectingIsPaidBySlot(t *testing.T) {
	r := record(3, []string{"http://a/"}, alone())
	r.trial(0, "sequential", 40, 10, 10, 10)
	r.trial(1, "sequential", 40, 10, 10, 10) // which has no connection of the round before
	s := r.must(t)
	for size, want := range map[int]float64{1: 0.070, 2: 0.060, 0: 0.050} {
		p := simulate(t, s, predict.Schedule{Kind: predict.Slots, Size: size}, predict.Options{})
		near(t, "the median", p.Median, want)
		near(t, "the fastest", p.Trial.Lo, want)
	}
	// With warm connections that first request was late for a reason of its own.
	r.header.Design.Connections = "warm"
	p := simulate(t, r.must(t), predict.Schedule{Kind: predict.Slots, Size: 2}, predict.Options{})
	near(t, "the median with warm connections", p.Median, 0.050)
}

// An upstream that closes every connection makes every request pay, whoever
// schedules it.
func TestClosedConnectionsArePartOfLatency(t *testing.T) {
	r := record(3, []string{"http://a/"}, alone())
	r.trial(0, "sequential", 0, 50, 50, 50)
	for i := range r.trials[0].Requests {
		r.trials[0].Requests[i].Phases.ConnectNS = 40e6
	}
	p := simulate(t, r.must(t), predict.Schedule{Kind: predict.Slots, Size: 1}, predict.Options{})
	near(t, "the median", p.Median, 0.150)
}

// Request i of a larger batch takes a latency of URL i mod 2: 10 ms of the first,
// 100 ms of the second. Five in a row are 3 x 10 + 2 x 100.
func TestLargerBatchesGoThroughTheURLs(t *testing.T) {
	r := record(2, []string{"http://a/1", "http://b/2"}, alone())
	for round := range 6 {
		r.trial(round, "sequential", 0, 10, 100)
	}
	s := r.must(t)
	p := simulate(t, s, predict.Schedule{Kind: predict.Slots, Size: 1}, predict.Options{Requests: 5})
	near(t, "the median", p.Median, 0.230)
	near(t, "the interval", p.MedianCI.Lo, 0.230)
	p = simulate(t, s, predict.Schedule{Kind: predict.PerHost, Size: 1}, predict.Options{Requests: 5})
	near(t, "the median by host", p.Median, 0.200)
}

// A request that failed is no latency: those of its URL in other rounds stand in,
// and where the URL never answered those of the others.
func TestFailedRequestsAreNoLatencies(t *testing.T) {
	r := record(3, []string{"http://a/1", "http://a/2", "http://a/3"}, alone())
	r.trial(0, "sequential", 0, 10, 0, 0)
	r.trial(1, "sequential", 0, 10, 70, 0)
	s := r.must(t)
	if s.Failed != 3 || s.Requests != 6 {
		t.Errorf("%d of %d failed, want 3 of 6", s.Failed, s.Requests)
	}
	// 10 + 70 and one of {10, 70} for the third.
	p := simulate(t, s, predict.Schedule{Kind: predict.Slots, Size: 1}, predict.Options{})
	near(t, "the fastest", p.Trial.Lo, 0.090)
	near(t, "the slowest", *p.Trial.Hi, 0.150)
}

func TestNothingToDrawFromIsAnError(t *testing.T) {
	r := record(2, []string{"http://a/"}, alone())
	r.trial(0, "sequential", 0, 0, 0)
	if _, err := r.read(t); !errors.Is(err, predict.ErrNoLatencies) {
		t.Errorf("error %v, want ErrNoLatencies", err)
	}
	r.trials[0].Outcome = results.Aborted
	if _, err := r.read(t); !errors.Is(err, predict.ErrNoLatencies) {
		t.Errorf("error %v of an aborted round, want ErrNoLatencies", err)
	}
	r = record(1, []string{"http://a/"}, alone())
	r.trial(0, "sequential", 0, 10)
	r.trials[0].Requests[0].ServiceNS = -5
	if _, err := r.read(t); err == nil || !strings.Contains(err.Error(), "below 0") {
		t.Errorf("error %v, want one of a time below 0", err)
	}
}

func TestOptionsHaveBounds(t *testing.T) {
	r := record(1, []string{"http://a/"}, alone())
	r.trial(0, "sequential", 0, 10)
	s := r.must(t)
	for _, o := range []predict.Options{{Requests: -1}, {Requests: predict.MaxRequests + 1}, {Batches: -1}, {Batches: predict.MaxBatches + 1}} {
		if _, err := s.Simulate(predict.Schedule{}, o); err == nil {
			t.Errorf("%+v is no error", o)
		}
	}
}

func TestTheSeedDecidesTheDraws(t *testing.T) {
	path, run := measure(t, "exponential", 0, "sequential")
	s := sample(t, path, run, "sequential")
	ask := func(seed uint64) predict.Prediction {
		return simulate(t, s, predict.Schedule{Kind: predict.Slots, Size: 4}, predict.Options{Requests: 50, Batches: 200, Seed: seed})
	}
	if first, again := ask(1), ask(1); !reflect.DeepEqual(first, again) {
		t.Errorf("%+v and then %+v with the same seed", first, again)
	}
	if first, other := ask(1), ask(2); first.Mean == other.Mean {
		t.Errorf("%+v with either seed", first)
	}
}

// Two fan-outs of two requests: 10 + 20 and 30 + 40 ms, the second of which finds
// the connections of the first.
func TestRepeatedBatchesAreOneAfterTheOther(t *testing.T) {
	r := record(2, []string{"http://a/"}, alone())
	r.header.Target.Repeat = 2
	r.trial(0, "sequential", 5, 10, 20, 30, 40)
	p := simulate(t, r.must(t), predict.Schedule{}, predict.Options{})
	near(t, "the median", p.Median, 0.065) // 25 + 40
}

// Rounds of 10 and 20 ms, and of 20 and 11: they differ less than their requests
// do, so that no round is slow as a whole and every latency stays what it was.
func TestRoundsThatAreAlikeHaveNoLevel(t *testing.T) {
	r := record(2, []string{"http://a/"}, alone())
	r.trial(0, "sequential", 0, 10, 20)
	r.trial(1, "sequential", 0, 20, 11)
	p := simulate(t, r.must(t), predict.Schedule{Kind: predict.Slots, Size: 1}, predict.Options{Requests: 3})
	if p.Trial.Lo < 0.030 || *p.Trial.Hi > 0.060 {
		t.Errorf("%v to %v s of three latencies from 10 to 20 ms", p.Trial.Lo, *p.Trial.Hi)
	}
}

// A trial that failed is the slowest, whatever it took; where most failed there is
// no median to hold a prediction against.
func TestFailedTrialsAreNoFastOnes(t *testing.T) {
	r := record(2, []string{"http://a/"}, alone(), results.Column{Name: "pool:2", Asked: 2})
	for round := range 3 {
		r.trial(round, "sequential", 0, 10, 10)
	}
	r.trial(0, "pool:2", 0, 10, 10)
	r.trial(1, "pool:2", 0, 10, 20)
	r.trial(2, "pool:2", 0, 1, 0)
	s := r.must(t)
	m := s.Check(simulate(t, s, predict.Schedule{Kind: predict.Slots, Size: 1}, predict.Options{}), "pool:2")
	near(t, "the measured median", m.Median, 0.030)
	near(t, "the measured mean", m.Mean, 0.025)
	near(t, "the difference", m.Off, 0.020/0.030-1)
	r.trials[4].Outcome = results.Failed
	s = r.must(t)
	if m = s.Check(predict.Prediction{}, "pool:2"); m != nil {
		t.Errorf("%+v of two failed trials in three, want nothing", m)
	}
	if m = s.Check(predict.Prediction{}, "nobody"); m != nil {
		t.Errorf("%+v of nobody, want nothing", m)
	}
}
