package bench

import (
	"context"
	"runtime/metrics"
	"sync"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// The pace at which a trial is looked at: closely in its first milliseconds, when
// goroutines and connections are made, then often enough to see what stays. A look
// takes some microseconds.
const (
	firstLook = 500 * time.Microsecond
	paceLook  = 5 * time.Millisecond
)

// peaks looks at this process while a trial is under way.
type peaks struct {
	sample  []metrics.Sample
	before  results.Peaks
	most    results.Peaks
	stop    context.CancelFunc
	looking sync.WaitGroup
}

// look begins to look. It ends with the trial, even if the contender never does.
func look(trial context.Context) *peaks {
	p := &peaks{sample: []metrics.Sample{
		{Name: "/sched/goroutines:goroutines"},
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/heap/stacks:bytes"},
	}}
	p.before = p.now()
	trial, p.stop = context.WithCancel(trial)
	p.looking.Go(func() { p.watch(trial) })
	return p
}

// watch looks until it is stopped. Itself it does not count.
func (p *peaks) watch(trial context.Context) {
	pace := firstLook
	timer := time.NewTimer(pace)
	defer timer.Stop()
	for {
		select {
		case <-trial.Done():
			return
		case <-timer.C:
		}
		p.note(p.before.Goroutines + 1)
		pace = min(2*pace, paceLook)
		timer.Reset(pace)
	}
}

// note keeps the largest of what came on top of what was there before.
func (p *peaks) note(goroutines int) {
	now := p.now()
	p.most.Goroutines = max(p.most.Goroutines, now.Goroutines-goroutines)
	p.most.Bytes = max(p.most.Bytes, now.Bytes-p.before.Bytes)
}

// now is what there is at this moment.
func (p *peaks) now() results.Peaks {
	metrics.Read(p.sample)
	return results.Peaks{
		Goroutines: int(p.sample[0].Value.Uint64()),
		Bytes:      int64(p.sample[1].Value.Uint64() + p.sample[2].Value.Uint64()),
	}
}

// end takes a last look and returns the most that was seen.
func (p *peaks) end() results.Peaks {
	p.stop()
	p.looking.Wait()
	p.note(p.before.Goroutines)
	return p.most
}
