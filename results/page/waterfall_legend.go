package page

import (
	"fmt"

	"github.com/fetchbench/fetchbench/results/plot"
)

// A sighting is what occurs in a waterfall and so has to be explained.
type sighting struct {
	phases            [6]bool
	failed, late, gap bool
}

// legend says what the parts of a bar are: those that occur.
func (w *waterfall) legend() []Key {
	s := w.sight()
	var keys []Key
	for k, name := range []string{"before a connection", "looking up the name", "connecting", "TLS", "waiting for the answer", "reading the answer"} {
		if s.phases[k] {
			keys = append(keys, boxKey(fmt.Sprintf("p%d", k), 10*thickness(k), name))
		}
	}
	if s.late {
		keys = append(keys, boxKey("p0", 1.5, "late for its intended start"))
	}
	if s.failed {
		keys = append(keys, boxKey("bad", 10, "failed"))
	}
	if s.gap {
		keys = append(keys, boxKey("gap", 3, "slot idle while requests waited"))
	}
	return append(keys, boxKey("slot", 10, "slot idle, nothing left to start"))
}

// sight looks at all lanes.
func (w *waterfall) sight() (s sighting) {
	for _, l := range w.lanes {
		s.gap = s.gap || l.idle >= 0.005 && l.bars != nil && l.bounded()
		s.failed = s.failed || l.failed > 0
		if w.bars > detailed {
			continue
		}
		for i := range l.bars {
			w.look(&l.bars[i], &s)
		}
	}
	return s
}

// look adds what is seen of a bar: of one that failed no phases are.
func (w *waterfall) look(b *bar, s *sighting) {
	s.late = s.late || b.Phases.LateNS > 0
	if failed(&b.Request) || !b.Phases.Measured() {
		return
	}
	for k, ns := range shares(&b.Request) {
		s.phases[k] = s.phases[k] || w.x(ns)-w.x(0) >= leastSeen
	}
}

// boxKey is the entry of what is drawn as a box of some height.
func boxKey(class string, height float64, name string) Key {
	c := plot.New(28, 14)
	c.Rect(plot.Ink{Class: class}, plot.Point{X: 1, Y: 7 - height/2}, plot.Point{X: 27, Y: 7 + height/2})
	return Key{Sample: c.Sample(), Name: name}
}
