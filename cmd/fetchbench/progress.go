package main

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// progress shows how far a run is, on stderr, between trials and never inside a
// timed span: as a picture where somebody looks, as a line from time to time where
// nobody does. It has no goroutine: a picture is drawn when a trial has ended, with
// the next one named in it, and then stays as it is. The pause between trials comes
// after that, so that the terminal is done with it before a clock starts.
type progress struct {
	*standing
	s     *streams
	view  *view
	start time.Time
	last  time.Time // when a line was last printed
	// advance gives the next trial that will be made, and leave ends that.
	advance func() (int, string, bool)
	leave   func()
	ended   bool
	warm    warmth
}

// linePace is that of lines where there is no picture.
const linePace = 10 * time.Second

// newProgress begins to count, with the trials that there are already, and knows
// which come next. Where trials are told of on the terminal that is looked at there is
// no picture: it would be written into.
func newProgress(s *streams, n *standing, next iter.Seq2[int, string], telling bool) *progress {
	now := time.Now()
	p := &progress{standing: n, s: s, view: newView(s), start: now, last: now, warm: newWarmth(n.header)}
	if telling && isTerminal(s.out) {
		p.view = nil
	}
	p.advance, p.leave = iter.Pull2(next)
	p.turn()
	p.draw()
	return p
}

// turn looks up which trial is next.
func (p *progress) turn() {
	round, contender, ok := p.advance()
	if !ok {
		round = p.header.Design.Rounds // past the last
	}
	p.next = upcoming{round, contender}
}

// draw replaces the picture, where there is one and it is not too soon.
func (p *progress) draw() {
	now := time.Now()
	if p.view == nil || !p.view.pace.allows(now, p.lasting(beat)) {
		return
	}
	columns, rows := p.view.size()
	p.view.draw(picture{
		standing: p.standing, columns: columns, rows: rows, since: now.Sub(p.start),
		options: report.Options{Color: colours(p.s.err, p.s.plain), ASCII: ascii()},
	}.lines(), columns, rows)
}

// add counts a trial and shows it.
func (p *progress) add(t *results.Trial) {
	p.standing.add(t)
	p.turn()
	if p.warm.add(t); t.Round < 0 && p.next.round >= 0 && p.warm.failed > 0 {
		p.view.wipe()
		p.s.note("%s", p.warm.line())
	}
	p.draw()
	if p.view == nil && time.Since(p.last) >= linePace {
		p.last = time.Now()
		p.s.note("%s", p.line(t))
	}
}

// line is the bar with the round and the contender's counts.
func (p *progress) line(t *results.Trial) string {
	round := fmt.Sprintf("%d/%d", t.Round+1, p.header.Design.Rounds)
	if t.Round < 0 {
		round = "warm-up"
	}
	c := p.by[t.Contender]
	left, _ := p.left(time.Since(p.start))
	filled := min(barLength, barLength*(p.before+p.done)/max(1, p.all()))
	return fmt.Sprintf("[%s%s] %s  %s  %d ok  %d failed  %v left", strings.Repeat("#", filled), strings.Repeat("-", barLength-filled),
		round, report.Clean(t.Contender), c.ok, c.failed, left.Round(time.Second))
}

// end takes the picture away and says what each contender did, unless the table
// comes in its place. To end twice does no harm.
func (p *progress) end() {
	p.leave()
	p.view.wipe()
	if p.ended {
		return
	}
	p.ended = true
	if p.view != nil && isTerminal(p.s.out) {
		return
	}
	for _, c := range p.header.Contenders {
		n := p.by[c.Name]
		p.s.note("%s: %s, %d ok, %d failed", report.Clean(c.Name), counted(n.trials, "round"), n.ok, n.failed)
	}
}
