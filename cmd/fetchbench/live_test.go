package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// standingOf is a run of ten rounds of the contenders, of which none was made.
func standingOf(names ...string) *standing {
	h := results.Header{Design: results.Design{Rounds: 10}}
	for _, name := range names {
		h.Contenders = append(h.Contenders, results.Column{Name: name})
	}
	return newStanding(h, nil)
}

// trialOf is a trial of four requests, so many of which failed.
func trialOf(name string, round int, elapsed time.Duration, failed int) *results.Trial {
	t := &results.Trial{Round: round, Contender: name, Outcome: results.OK, ElapsedNS: elapsed.Nanoseconds()}
	t.Tally.OK, t.Tally.Failed, t.Tally.Flight.Mean = 4-failed, failed, 3.5
	if failed > 0 {
		t.Outcome = results.Failed
	}
	return t
}

// halfway is a run in its second round.
func halfway() *standing {
	n := standingOf("sequential", "pool:4+retry:3", "goroutines")
	n.add(trialOf("sequential", 0, 3*time.Second, 0))
	n.add(trialOf("pool:4+retry:3", 0, 950*time.Millisecond, 0))
	n.add(trialOf("goroutines", 0, 123456*time.Microsecond, 1))
	n.add(trialOf("sequential", 1, 4*time.Second, 0))
	n.next = upcoming{1, "goroutines"}
	return n
}

// TestPicture draws one moment on terminals of several widths: what there is no room
// for goes, that which says least first, and at last names are cut.
func TestPicture(t *testing.T) {
	t.Parallel()
	for columns, want := range map[int]string{
		80: `  contender       rounds  median  in flight  failed
  sequential        2/10  3.50 s        3.5       0
  pool:4+retry:3    1/10  950 ms        3.5       0
> goroutines        1/10       -        3.5       1
[####--------------------------] round 2/10 · goroutines · 44s left`,
		40: `  contender      rounds  median  failed
  sequential       2/10  3.50 s       0
  pool:4+r…ry:3    1/10  950 ms       0
> goroutines       1/10       -       1
[##-------------] round 2/10 · 44s left`,
		20: `  contender  median
  sequen…al  3.50 s
  pool:4…:3  950 ms
> gorout…es       -
2/10 · 44s left`,
	} {
		p := picture{standing: halfway(), columns: columns, rows: 24, since: 9 * time.Second}
		if got := strings.Join(p.lines(), "\n"); got != want {
			t.Errorf("%d columns:\n%s\nwant\n%s", columns, got, want)
		}
	}
}

// TestPictureFits is the promise that nothing ever wraps or scrolls away, whatever
// names there are and however small the terminal is.
func TestPictureFits(t *testing.T) {
	t.Parallel()
	strange := []string{"世界世界世界世界世界世界", "a\x1b[2J\r\nb", strings.Repeat("long", 75), "\u202eabc\u200d", ""}
	for n := range 14 {
		var names []string
		for i := range n {
			names = append(names, fmt.Sprint(strange[i%len(strange)], i))
		}
		s := standingOf(names...)
		for i, name := range names {
			s.add(trialOf(name, 0, time.Duration(i)*time.Second, i%5))
			s.next = upcoming{0, name}
		}
		for columns := 1; columns <= 200; columns++ {
			for _, rows := range []int{1, 2, 3, 4, 5, 9, 24} {
				p := picture{standing: s, columns: columns, rows: rows, since: time.Minute, options: report.Options{ASCII: rows%2 == 0}}
				lines := p.lines()
				if len(lines) > max(1, rows-1) {
					t.Fatalf("%d contenders, %d rows: %d lines", n, rows, len(lines))
				}
				for _, line := range lines {
					if report.Columns(line) >= max(2, columns) || strings.ContainsAny(line, "\x1b\r\n\u202e") {
						t.Fatalf("%d columns: %q takes %d", columns, line, report.Columns(line))
					}
				}
			}
		}
	}
}

// TestPictureCountsWhatItLeavesOut: thirteen contenders on ten rows leave six of them
// a line, and one line for the others.
func TestPictureCountsWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	var names []string
	for i := range 13 {
		names = append(names, fmt.Sprint("pool:", i+1))
	}
	for _, c := range []struct {
		rows int
		want string
	}{{10, "  … 7 more"}, {16, ""}, {15, "  … 2 more"}, {4, "  … 13 more"}} {
		lines := picture{standing: standingOf(names...), columns: 80, rows: c.rows}.lines()
		got := ""
		for _, line := range lines {
			if strings.HasSuffix(line, " more") {
				got = line
			}
		}
		if got != c.want || !strings.HasPrefix(lines[len(lines)-1], "[--") {
			t.Errorf("%d rows: %q, want %q\n%s", c.rows, got, c.want, strings.Join(lines, "\n"))
		}
	}
}

// TestPictureColours marks who is measured and whose requests failed, and the words
// are the same without.
func TestPictureColours(t *testing.T) {
	t.Parallel()
	s := halfway()
	s.next.contender = "sequential"
	with := picture{standing: s, columns: 80, rows: 24, options: report.Options{Color: true}}.lines()
	without := picture{standing: s, columns: 80, rows: 24}.lines()
	if got, want := with[1], "\x1b[1m"+without[1]+"\x1b[0m"; got != want {
		t.Errorf("who is measured is %q, want %q", got, want)
	}
	if got, want := with[3], "\x1b[31m"+without[3]+"\x1b[0m"; got != want {
		t.Errorf("who failed is %q, want %q", got, want)
	}
}

// TestTimeLeft: sequential took 3.5 s on average, pool 0.95 s, goroutines 0.123 s, and
// 9 s for 8.073 s of trials leave 0.232 s between two. So 8 x 3.732 + 9 x 1.182 +
// 9 x 0.355 = 43.7 s.
func TestTimeLeft(t *testing.T) {
	t.Parallel()
	left, ok := halfway().left(9 * time.Second)
	if got, want := left.Round(100*time.Millisecond), 43700*time.Millisecond; !ok || got != want {
		t.Errorf("%v left (%v), want %v", got, ok, want)
	}
	if _, ok := standingOf("sequential").left(time.Second); ok {
		t.Error("something is left of a run of which nothing is known")
	}
}

// TestViewLeavesNothing resizes a terminal at will between drawings, of the three kinds
// that there are. What stood above stays, nothing of a picture is left over, and no
// line is ever broken.
func TestViewLeavesNothing(t *testing.T) {
	t.Parallel()
	const above = "one\ntwo\nthree\n"
	for seed := range uint64(300) {
		draw := rand.New(rand.NewPCG(seed, 5))
		screen := newVT(20+draw.IntN(180), 4+draw.IntN(40))
		screen.reflow, screen.tmux = seed%3 > 0, seed%3 > 1
		_, _ = screen.Write([]byte(strings.ReplaceAll(above, "\n", "\r\n"))) // which never fails
		v := &view{out: screen}
		early := standingOf("sequential", "pool:4")
		for range 20 {
			if draw.IntN(2) == 0 {
				screen.resize(20+draw.IntN(180), 4+draw.IntN(40))
			}
			s := []*standing{halfway(), early}[draw.IntN(2)] // one has less to say than the other
			lines := picture{standing: s, columns: screen.columns, rows: screen.rows}.lines()
			v.draw(lines, screen.columns, screen.rows)
			if want := above + strings.Join(lines, "\n"); strings.TrimRight(screen.text(), "\n") != want {
				t.Fatalf("seed %d: the screen is\n%s\nwant\n%s", seed, screen.text(), want)
			}
		}
		v.wipe()
		v.wipe()
		screen.check(t)
		if strings.TrimRight(screen.text(), "\n") != strings.TrimRight(above, "\n") || screen.broken > 0 || screen.column != 0 {
			t.Fatalf("seed %d: %d lines broken, and this is left:\n%s", seed, screen.broken, screen.text())
		}
	}
}

// TestTenPicturesASecond makes trials of every length in virtual time: no second has
// more than ten pictures, and a contender that takes long is named before it begins.
func TestTenPicturesASecond(t *testing.T) {
	t.Parallel()
	for _, short := range []time.Duration{time.Microsecond, time.Millisecond, 30 * time.Millisecond, 99 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			p := &progress{standing: standingOf("short", "long"), s: &streams{err: os.Stderr}, start: time.Now()}
			p.view = &view{out: &out, size: func() (int, int) { return 80, 24 }}
			names, round := []string{"long", "short", "short"}, 0
			p.advance = func() (int, string, bool) { round++; return 0, names[round%len(names)], true }
			var drawn []time.Time
			var missed int
			trial := func(name string, elapsed time.Duration) {
				time.Sleep(elapsed)
				out.Reset()
				p.add(trialOf(name, 0, elapsed, 0))
				if out.Len() > 0 {
					drawn = append(drawn, time.Now())
				}
				if len(drawn) < 1500 && p.next.contender == "long" && !strings.Contains(out.String(), "> long") {
					missed++
				}
			}
			for i := range 3000 {
				name, elapsed := names[i%len(names)], short
				if name == "long" && i < 2500 { // then they are over sooner than anybody expects
					elapsed = 200 * time.Millisecond
				}
				trial(name, elapsed)
			}
			for i := range drawn[:len(drawn)-mostDrawn] {
				if span := drawn[i+mostDrawn].Sub(drawn[i]); span < time.Second {
					t.Fatalf("trials of %v: %d pictures in %v", short, mostDrawn+1, span)
				}
			}
			if missed > 1 { // the first round knows of nobody how long they take
				t.Errorf("trials of %v: %d of 1000 long ones were not announced", short, missed)
			}
			t.Logf("trials of %v: %d pictures in %v", short, len(drawn), time.Since(p.start))
		})
	}
}
