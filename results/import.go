package results

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// What an import may have at most: more rounds say nothing that these do not,
// and would be judged for minutes. A time takes a third of a kilobyte.
const (
	maxImport     = 64 << 20
	maxTimes      = 200_000
	maxRounds     = 10_000
	maxContenders = 1000
)

// The times that an import may have, in seconds. Beyond them lie slips of the
// unit, and numbers whose squares no float64 holds.
const (
	shortest = 1e-12
	longest  = 1e12
)

// longestNS is what the makespan of a longer trial is in nanoseconds, which have
// no room for a million years; reports use the seconds.
const longestNS = 1 << 62

// defaultShare stands for alpha and delta where an import has none.
const defaultShare = 0.05

// importForm shows what an import looks like.
const importForm = `{"baseline": NAME, "times_in_round_order": {NAME: [seconds, or "Infinity" for a failed trial]}}`

// Import reads the times of trials that something else has measured, so that
// they can be judged like our own. The text is one JSON object:
//
//	{"baseline": "sync", "alpha": 0.05, "delta": 0.05,
//	 "times_in_round_order": {"sync": [4.1, 3.9], "async": [0.5, "Infinity"]}}
//
// Times are seconds, "Infinity" is a trial that failed. The times of a round
// stand at the same place of every list, which is what pairs them; lists of
// unequal length are refused. Without a baseline it is the first contender,
// without alpha or delta those are 0.05.
//
// Everything that cannot be is refused with its line and column. The name is
// that of the file, for the messages.
func Import(name string, text []byte) (*Run, error) {
	if len(text) > maxImport {
		return nil, fmt.Errorf("%s: %d bytes are too many, at most %d: import fewer rounds", name, len(text), maxImport)
	}
	im := newImporter(name, text)
	if err := im.valid(); err != nil {
		return nil, err
	}
	if err := im.object(im.field); err != nil {
		return nil, err
	}
	if err := im.check(); err != nil {
		return nil, err
	}
	return im.run(), nil
}

// A series is the list of one contender, with the places of its name and list.
type series struct {
	name         string
	nameAt, from int
	times        []float64
}

// field reads one field of the whole.
func (im *importer) field(key string) (err error) {
	switch key {
	case "baseline":
		im.baseline, err = im.word("the baseline is the name of a contender")
		im.baselineAt = im.at
	case "alpha":
		im.judging.Alpha, err = im.share(key)
	case "delta":
		im.judging.Delta, err = im.share(key)
	case "times_in_round_order":
		im.timesAt = im.at
		err = im.object(im.contender)
	default:
		err = im.wrong(im.at, "unknown key %q (have baseline, alpha, delta, times_in_round_order)", key)
	}
	return err
}

// mostAlpha is the size from which two one-sided tests leave no interval.
const mostAlpha = 0.5

// share reads a number between 0 and 1.
func (im *importer) share(key string) (float64, error) {
	number, err := im.number(fmt.Sprintf("%s is a number between 0 and 1, as in 0.05", key))
	switch {
	case err != nil:
	case !(number > 0 && number < 1):
		err = im.wrong(im.at, "%s is between 0 and 1, as in 0.05, and not %v", key, number)
	case key == "alpha" && number >= mostAlpha:
		err = im.wrong(im.at, "alpha is below %v, as in 0.05, and not %v: a test that is wrong half of the time decides nothing", mostAlpha, number)
	}
	return number, err
}

// contender reads the list of one contender.
func (im *importer) contender(name string) error {
	s := series{name: name, nameAt: im.at}
	switch {
	case strings.TrimSpace(name) == "":
		return im.wrong(im.at, "a contender without a name: give it one")
	case len(im.series) == maxContenders:
		return im.wrong(im.at, "more than %d contenders: import fewer", maxContenders)
	}
	err := im.list(func() error {
		t, err := im.time()
		s.times = append(s.times, t)
		im.times++
		switch {
		case err != nil:
			return err
		case len(s.times) > maxRounds:
			return im.wrong(im.at, "more than %d times of %q: import fewer rounds", maxRounds, name)
		case im.times > maxTimes:
			return im.wrong(im.at, "more than %d times: import fewer rounds or fewer contenders", maxTimes)
		}
		return nil
	}, &s.from)
	im.series = append(im.series, s)
	return err
}

// time reads the makespan of one trial, +Inf for one that failed.
func (im *importer) time() (float64, error) {
	const form = `a time is a number of seconds above 0, or "Infinity" for a trial that failed`
	token, err := im.next()
	if err != nil {
		return 0, err
	}
	if token == "Infinity" {
		return math.Inf(1), nil
	}
	number, ok := token.(json.Number)
	if !ok {
		return 0, im.wrong(im.at, "%s, and not %s", form, im.quoted())
	}
	t, _ := number.Float64() // too large a number is infinite
	switch {
	case t <= 0:
		return 0, im.wrong(im.at, "%s, and not %s", form, im.quoted())
	case t < shortest || t > longest:
		return 0, im.wrong(im.at, "%s seconds are no time that a trial takes: times are in seconds, from %g to %g", im.quoted(), shortest, longest)
	}
	return t, nil
}

// check looks at what no field by itself can tell.
func (im *importer) check() error {
	switch {
	case im.timesAt < 0:
		return im.wrong(0, "times_in_round_order is missing: this reads %s", importForm)
	case len(im.series) == 0:
		return im.wrong(im.timesAt, "there are no contenders: this reads %s", importForm)
	}
	first := &im.series[0]
	names := make([]string, len(im.series))
	for i := range im.series {
		s := &im.series[i]
		names[i] = s.name
		switch {
		case len(s.times) == 0:
			return im.wrong(s.from, "%q has no times: give one for each round", s.name)
		case len(s.times) != len(first.times):
			return im.wrong(s.from, "the list of %q is %d long and that of %q %d: the times of a round stand at the same place of every list, so give as many",
				s.name, len(s.times), first.name, len(first.times))
		}
	}
	if im.baselineAt < 0 {
		im.baseline = first.name
	}
	if !slices.Contains(names, im.baseline) {
		return im.wrong(im.baselineAt, "the baseline %q is none of the contenders (have %s)", im.baseline, few(names))
	}
	return nil
}

// run makes trials of the times.
func (im *importer) run() *Run {
	run := &Run{Header: Header{Schema: Schema, ID: im.name}, Complete: true, Imported: true}
	run.Design = Design{Rounds: len(im.series[0].times), Baseline: im.baseline, Judging: im.judging}
	for _, s := range im.series {
		run.Contenders = append(run.Contenders, Column{Name: s.name})
	}
	run.Trials = make([]Trial, 0, run.Design.Rounds*len(im.series))
	for round := range run.Design.Rounds {
		for _, s := range im.series {
			t := Trial{Round: round, Contender: s.name, Outcome: Failed}
			if seconds := s.times[round]; !math.IsInf(seconds, 1) {
				t.Outcome, t.Exact = OK, seconds
				t.ElapsedNS = max(1, int64(min(math.Round(seconds*float64(time.Second)), longestNS)))
			}
			run.Trials = append(run.Trials, t)
		}
	}
	return run
}
