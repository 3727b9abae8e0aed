package main

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
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
	before int       // trials that were made before the run was cut short
	done   int       // trials since then, warm-up included
	by     map[string]*count
}

// A count is how far one contender is.
type count struct {
	trials, ok, failed int
}

// The pace of lines where there is no bar, and the bar's length in columns.
const (
	linePace    = 10 * time.Second
	barLength   = 30
	shortestBar = 10
)

// newProgress begins to count, with the trials that there are already.
func newProgress(s *streams, h results.Header, made []results.Trial) *progress {
	now := time.Now()
	p := &progress{s: s, header: h, bar: isTerminal(s.err) && !s.quiet, start: now, last: now, by: map[string]*count{}}
	for _, c := range h.Contenders {
		p.by[c.Name] = &count{}
	}
	for i := range made {
		p.before++
		p.count(&made[i])
	}
	p.draw(fmt.Sprintf("[%s] %d/%d", strings.Repeat("-", barLength), p.before/max(1, len(h.Contenders)), h.Design.Rounds))
	return p
}

// draw replaces the bar, where there is one. It stays a column short of the width:
// many terminals go to the next line once the last column is written.
func (p *progress) draw(line string) {
	if p.bar {
		say(p.s.err, "\r\x1b[K%s", cut(line, width(p.s.err)-1))
	}
}

// count adds what became of a trial.
func (p *progress) count(t *results.Trial) {
	if c := p.by[t.Contender]; c != nil && t.Round >= 0 && t.Outcome != results.Aborted {
		c.trials++
		c.ok += t.Tally.OK
		c.failed += t.Tally.Failed
	}
}

// add counts a trial and shows it.
func (p *progress) add(t *results.Trial) {
	p.done++
	p.count(t)
	line := p.line(t)
	p.draw(line)
	if !p.bar && time.Since(p.last) >= linePace {
		p.last = time.Now()
		p.s.note("%s", line)
	}
}

// line is the bar with the round and the contender's counts.
func (p *progress) line(t *results.Trial) string {
	planned := (p.header.Design.Rounds + p.header.Design.Warmup) * len(p.header.Contenders)
	round := fmt.Sprintf("%d/%d", t.Round+1, p.header.Design.Rounds)
	if t.Round < 0 {
		round = "warm-up"
	}
	c := p.by[t.Contender]
	left := time.Since(p.start) / time.Duration(p.done) * time.Duration(planned-p.before-p.done)
	words := fmt.Sprintf("%s  %s  %d ok  %d failed  %v left", round, report.Clean(t.Contender), c.ok, c.failed, left.Round(time.Second))
	// On a narrow terminal the bar gives way, not the words.
	length := max(shortestBar, min(barLength, width(p.s.err)-len("[] ")-utf8.RuneCountInString(words)-1))
	filled := length * (p.before + p.done) / planned
	return fmt.Sprintf("[%s%s] %s", strings.Repeat("#", filled), strings.Repeat("-", length-filled), words)
}

// end takes the bar away and says what each contender did.
func (p *progress) end() {
	if p.bar {
		say(p.s.err, "\r\x1b[K")
		return
	}
	for _, c := range p.header.Contenders {
		n := p.by[c.Name]
		p.s.note("%s: %s, %d ok, %d failed", report.Clean(c.Name), counted(n.trials, "round"), n.ok, n.failed)
	}
}

// cut shortens a line of plain text to the columns there are.
func cut(line string, columns int) string {
	if runes := []rune(line); len(runes) > columns && columns > 0 {
		return string(runes[:columns])
	}
	return line
}
