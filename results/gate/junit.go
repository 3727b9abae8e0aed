package gate

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// A suite is the run, as CI systems read JUnit: a test case a gate and contender.
type suite struct {
	XMLName  xml.Name `xml:"testsuite"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Skipped  int      `xml:"skipped,attr"`
	// Time is that of all its trials.
	Time      string    `xml:"time,attr"`
	Timestamp string    `xml:"timestamp,attr,omitempty"`
	Cases     []outcome `xml:"testcase"`
}

// An outcome is one test case.
type outcome struct {
	Class   string   `xml:"classname,attr"`
	Name    string   `xml:"name,attr"`
	Failure *message `xml:"failure"`
	Skipped *message `xml:"skipped"`
	Output  string   `xml:"system-out,omitempty"`
}

// A message says why.
type message struct {
	Text string `xml:"message,attr"`
	Body string `xml:",chardata"`
}

// JUnit writes the gates of a judgement as JUnit XML: one suite, the run, with a case
// for each gate and contender. A gate that was not decided is skipped, with the reason.
// A run of which something is wrong besides, such as failed requests, has a case that
// failed for that: a CI job that looks at this file alone is told. Where nothing is
// wrong there is a case that says so, for some take a suite without any for an error.
func JUnit(w io.Writer, j *results.Judgement) error { return junit(w, j, false) }

// StrictJUnit is JUnit where a decision was asked for: what is not decided has failed,
// and so has a run of which this machine was the limit.
func StrictJUnit(w io.Writer, j *results.Judgement) error { return junit(w, j, true) }

// junit writes the file.
func junit(w io.Writer, j *results.Judgement, strict bool) error {
	s := suite{Name: legal("fetchbench " + j.Run.ID), Time: fmt.Sprintf("%.3f", spent(j.Run))}
	if !j.Run.Started.IsZero() {
		s.Timestamp = j.Run.Started.UTC().Format("2006-01-02T15:04:05")
	}
	for i := range j.Gates {
		c := caseOf(&j.Gates[i])
		if strict && c.Skipped != nil {
			c.Failure, c.Skipped = c.Skipped, nil
		}
		s.add(c)
	}
	wrong := doubts(j, strict)
	if len(wrong) == 0 {
		s.add(outcome{Class: runClass, Name: "the run is valid and complete"})
	}
	for _, doubt := range wrong {
		s.add(outcome{Class: runClass, Name: doubt.Code, Failure: &message{Text: legal(report.Clean(doubt.Text)), Body: legal(report.Clean(doubt.Hint))}})
	}
	text, err := xml.MarshalIndent(struct {
		XMLName xml.Name `xml:"testsuites"`
		Suite   suite
	}{Suite: s}, "", "  ")
	if err != nil {
		return fmt.Errorf("gates of run %q: %w", j.Run.ID, err)
	}
	if _, err := io.WriteString(w, xml.Header+string(text)+"\n"); err != nil {
		return fmt.Errorf("write gates: %w", err)
	}
	return nil
}

// runClass is the class of cases about the run itself.
const runClass = "fetchbench.run"

// caseOf is the case of one gate for one contender.
func caseOf(g *results.Gated) outcome {
	c := outcome{Class: "fetchbench.gate", Name: legal(report.GateName(g))}
	reading := legal(report.GateReading(g))
	switch g.Outcome {
	case results.GateFailed:
		c.Failure = &message{Text: legal(report.Regression(g)), Body: reading}
	case results.GateUndecided:
		c.Skipped = &message{Text: results.GateUndecided + ": " + reading}
	default:
		c.Output = reading
	}
	return c
}

// add counts a case.
func (s *suite) add(c outcome) {
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Skipped != nil {
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

// invalid are the doubts that no number of a run survives.
func invalid(j *results.Judgement) (out []results.Warning) {
	for _, w := range j.Warnings {
		switch w.Code {
		case results.WarnFailed, results.WarnHung, results.WarnUpstream, results.WarnBytes, results.WarnIncomplete:
			out = append(out, w)
		}
	}
	return out
}

// doubts are what makes a run fail besides its gates.
func doubts(j *results.Judgement, strict bool) []results.Warning {
	out := invalid(j)
	if !strict {
		return out
	}
	for _, w := range j.Warnings {
		if w.Code == results.WarnSaturated {
			out = append(out, w)
		}
	}
	if len(j.Gates) == 0 {
		for _, open := range Undecided(j) {
			out = append(out, results.Warning{Code: "undecided", Text: open.Error()})
		}
	}
	return out
}

// spent is how long the trials of a run took together, in seconds.
func spent(run *results.Run) (sum float64) {
	for i := range run.Trials {
		sum += float64(run.Trials[i].ElapsedNS) / 1e9
	}
	return sum
}

// legal leaves out what XML 1.0 has no characters for (section 2.2): encoding/xml would
// put others in their place, which say something that nobody wrote.
func legal(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r', r >= 0x20 && r <= 0xd7ff,
			r >= 0xe000 && r <= 0xfffd && r != utf8.RuneError, r >= 0x10000 && r <= 0x10ffff:
			return r
		}
		return -1
	}, text)
}
