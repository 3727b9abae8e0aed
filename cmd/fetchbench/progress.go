package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// progress shows how far a run is, on stderr, between trials and never inside a
// timed span: as a bar where somebody looks, as a line from time to time where
// nobody does.
type progress struct {
	s      *streams
	header results.Header
	bar    bool
	start  time.Time
	last   time.Time // when a line was last printed
	done   int       // trials, warm-up included
	by     map[string]*count
}

// A count is how far one contender is.
type count struct {
	trials, ok, failed int
}

// The pace of lines where there is no bar, and the bar's length in columns.
const (
	linePace  = 10 * time.Second
	barLength = 30
)

// newProgress begins to count.
func newProgress(s *streams, h results.Header) *progress {
	now := time.Now()
	p := &progress{s: s, header: h, bar: isTerminal(s.err) && !s.quiet, start: now, last: now, by: map[string]*count{}}
	for _, c := range h.Contenders {
		p.by[c.Name] = &count{}
	}
	return p
}

// add counts a trial and shows it.
func (p *progress) add(t *results.Trial) {
	p.done++
	c := p.by[t.Contender]
	if t.Round >= 0 {
		c.trials++
		c.ok += t.Tally.OK
		c.failed += t.Tally.Failed
	}
	switch {
	case p.bar:
		fmt.Fprintf(p.s.err, "\r\x1b[K%s", cut(p.line(t), width(p.s.err)-1))
	case time.Since(p.last) >= linePace:
		p.last = time.Now()
		p.s.note("%s", p.line(t))
	}
}

// line is the bar with the round and the contender's counts.
func (p *progress) line(t *results.Trial) string {
	planned := (p.header.Design.Rounds + p.header.Design.Warmup) * len(p.header.Contenders)
	filled := barLength * p.done / planned
	round := fmt.Sprintf("%d/%d", t.Round+1, p.header.Design.Rounds)
	if t.Round < 0 {
		round = "warm-up"
	}
	c := p.by[t.Contender]
	left := time.Since(p.start) / time.Duration(p.done) * time.Duration(planned-p.done)
	return fmt.Sprintf("[%s%s] %s  %s  %d ok  %d failed  %v left", strings.Repeat("#", filled),
		strings.Repeat("-", barLength-filled), round, t.Contender, c.ok, c.failed, left.Round(time.Second))
}

// end takes the bar away and says what each contender did.
func (p *progress) end() {
	if p.bar {
		fmt.Fprint(p.s.err, "\r\x1b[K")
		return
	}
	for _, c := range p.header.Contenders {
		n := p.by[c.Name]
		p.s.note("%s: %d rounds, %d ok, %d failed", c.Name, n.trials, n.ok, n.failed)
	}
}

// cut shortens a line of plain text to the columns there are.
func cut(line string, columns int) string {
	if runes := []rune(line); len(runes) > columns && columns > 0 {
		return string(runes[:columns])
	}
	return line
}
