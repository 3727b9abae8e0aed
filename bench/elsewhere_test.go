package bench_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// Apart is a contender that makes its requests by itself, behind the harness's back,
// and tells what it likes of them.
type apart struct {
	send  bool
	tell  func(list []bench.Claim) []bench.Claim // nil tells nothing
	fails error
}

func (a apart) String() string  { return "apart" }
func (a apart) Limit(n int) int { return n }

func (a apart) Start(context.Context) results.Column { return results.Column{Transport: "its own"} }

// Fetch sends the batch at once through a client of its own.
func (a apart) Fetch(ctx context.Context, b *bench.Batch) error {
	list := make([]bench.Claim, b.Planned())
	c := client.New(b.Config)
	defer c.Close()
	err := b.Elsewhere(ctx, func(ctx context.Context) error {
		begun := time.Now()
		if !a.send {
			time.Sleep(50 * time.Millisecond)
			return a.fails
		}
		err := fetchers.Goroutines{}.Run(ctx, len(list), func(ctx context.Context, i int) error {
			start := time.Since(begun)
			o := c.Fetch(ctx, b.Request(i))
			list[i] = bench.Claim{Start: start, End: time.Since(begun), Outcome: o}
			return nil
		})
		return errors.Join(err, a.fails)
	})
	if err != nil || a.tell == nil {
		return err
	}
	return b.Claim(a.tell(list))
}

// as tells what was, changed by change.
func as(change func(c *bench.Claim)) func([]bench.Claim) []bench.Claim {
	return func(list []bench.Claim) []bench.Claim {
		for i := range list {
			change(&list[i])
		}
		return list
	}
}

// Ten requests of 50 ms at once, made where the harness cannot see them: it is told
// the truth, nothing, or something that the upstream knows better.
func TestClaimsAreHeldAgainstTheUpstream(t *testing.T) {
	made := client.Outcome{Class: client.ClassOK, Status: 200, Attempts: 1}
	for _, c := range []telling{
		{"the truth", apart{true, as(func(*bench.Claim) {}), nil}, results.OK, 10, "", ""},
		{"nothing", apart{true, nil, nil}, results.OK, 10, "", ""},
		{"never sent", apart{false, as(func(c *bench.Claim) { c.End, c.Outcome = 50e6, made }), nil}, results.Failed, 0, results.ClassLying, "10 requests were reported and never arrived"},
		{"quicker", apart{true, as(func(c *bench.Claim) { c.End = c.Start + 20e6 }), nil}, results.Failed, 0, results.ClassLying, "requests were there for 500ms in all"},
		{"another status", apart{true, as(func(c *bench.Claim) { c.Outcome.Status = 204 }), nil}, results.Failed, 0, results.ClassLying, "10 answers with status 204 were reported, 0 were given"},
		{"more bytes", apart{true, as(func(c *bench.Claim) { c.Outcome.Bytes++ }), nil}, results.Failed, 0, results.ClassLying, "bytes were reported, "},
		{"fewer bytes", apart{true, as(func(c *bench.Claim) { c.Outcome.Bytes-- }), nil}, results.Failed, 0, results.ClassLying, "bytes were reported of answers with"},
		{"more attempts", apart{true, as(func(c *bench.Claim) { c.Outcome.Attempts = 2 }), nil}, results.Failed, 0, results.ClassLying, "10 requests were reported and never arrived"},
		{"it broke", apart{false, nil, &bench.Broken{Class: "child_exit", Err: errors.New("exit status 3")}}, results.Failed, 0, "child_exit", ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := inMemory(t, "constant")
			p.Rounds, p.Warmup = 1, 0
			list, err := trials(t.Context(), t, p, c.apart, bench.New("other", fetchers.Goroutines{}))
			if err != nil || len(list) != 2 {
				t.Fatalf("%s: %d trials and error %v, want those of both contenders", c.name, len(list), err)
			}
			for i := range list {
				if list[i].Contender != "apart" {
					unharmed(t, c.name, &list[i])
					continue
				}
				c.check(t, &list[i])
			}
		})
	}
}

// unharmed checks the trial of a contender beside one that is elsewhere.
func unharmed(t *testing.T, name string, trial *results.Trial) {
	t.Helper()
	if trial.Outcome != results.OK || trial.Claimed != nil || len(trial.Seen.Differs) > 0 {
		t.Errorf("%s: the other contender: %+v", name, trial)
	}
}

// A telling is what a contender tells, and what becomes of it.
type telling struct {
	name    string
	apart   apart
	outcome results.TrialOutcome
	ok      int
	broken  string
	differs string
}

// check holds a trial against what is to become of it.
func (c telling) check(t *testing.T, trial *results.Trial) {
	t.Helper()
	if trial.Outcome != c.outcome || trial.Tally.OK != c.ok || trial.Claimed == nil || trial.Claimed.Broken != c.broken {
		t.Errorf("%s: %s, %+v, %+v", c.name, trial.Outcome, trial.Tally, trial.Claimed)
	}
	if differs := strings.Join(trial.Seen.Differs, "; "); !strings.Contains(differs, c.differs) || (differs == "") != (c.differs == "") {
		t.Errorf("%s: the upstream says %q, want %q", c.name, differs, c.differs)
	}
	if got := time.Duration(trial.ElapsedNS); got != 50*time.Millisecond {
		t.Errorf("%s: took %v, which is for the harness to say: 50ms", c.name, got)
	}
}

// Of requests that nobody tells of the journal has no records, the upstream knows how
// many were there, and no latency is made up.
func TestTrialWithoutRecords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "constant")
		p.Rounds, p.Warmup = 1, 0
		list, err := trials(t.Context(), t, p, apart{true, nil, nil})
		if err != nil || len(list) != 1 {
			t.Fatalf("%d trials, %v", len(list), err)
		}
		trial := list[0]
		f := trial.Tally.Flight
		if len(trial.Requests) != 0 || f.LatencyNS != 0 {
			t.Errorf("%d records, %+v, %+v", len(trial.Requests), trial.Claimed, trial.Tally)
		}
		if f.Max != 10 || f.Mean < 9.99 || trial.Tally.Attempts != 10 {
			t.Errorf("the upstream is not asked: %+v", trial.Tally)
		}
		run := &results.Run{
			Header: results.Header{Target: results.Target{Requests: 10}, Design: results.Design{Rounds: 1}, Contenders: []results.Column{{Name: "apart", Asked: 10}}},
			Trials: list, Complete: true,
		}
		l := results.PerTrial(run)(&list[0])
		if l.Packing != nil || l.Slowdown != nil || l.Flight.Mean == nil {
			t.Errorf("load %+v", l)
		}
	})
}

// The header says what Start found out, under the name and the size that the harness
// goes by.
func TestHeaderSaysWhatStartedElsewhere(t *testing.T) {
	p := inMemory(t, "constant")
	p.Requests = 4
	e, err := bench.Open(t.Context(), p, bench.Tool{}, apart{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if got := e.Header().Contenders[0]; got.Name != "apart" || got.Asked != 4 || got.Transport != "its own" {
		t.Errorf("column %+v", got)
	}
}

// A trial that its deadline ends is no success for want of records.
func TestDeadlineEndsWhatIsElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := nowhere(t)
		p.Rounds, p.Limits.Trial = 1, bench.Duration(time.Second)
		list, err := trials(t.Context(), t, p, waiting{})
		if err != nil || len(list) != 1 || list[0].Outcome != results.Timeout || list[0].Tally.Cancelled != 1 || list[0].Tally.OK != 0 {
			t.Errorf("error %v, %+v", err, list)
		}
	})
}

// Waiting waits for the end of its trial.
type waiting struct{ apart }

func (waiting) Fetch(ctx context.Context, b *bench.Batch) error {
	return b.Elsewhere(ctx, func(ctx context.Context) error {
		<-ctx.Done()
		return context.Cause(ctx)
	})
}

// Claims need a trial that was made elsewhere, and one for each request.
func TestClaimsAreCounted(t *testing.T) {
	p := nowhere(t)
	p.Rounds = 1
	for _, n := range []int{0, 2} {
		_, err := trials(t.Context(), t, p, apart{false, func([]bench.Claim) []bench.Claim { return make([]bench.Claim, n) }, nil})
		if err == nil || !strings.Contains(err.Error(), "records for 1 requests") {
			t.Errorf("%d records: %v", n, err)
		}
	}
	var b bench.Batch
	if b.Claim(nil) == nil {
		t.Error("claims of a batch that was not made elsewhere")
	}
}
