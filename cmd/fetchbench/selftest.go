package main

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/spf13/cobra"
)

// newSelftest measures this program.
func newSelftest(s *streams) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "selftest",
		Short: "Measure the harness's own error on this machine",
		Long: `Fetch from an embedded upstream that answers after exactly 50 ms, with 1, 10,
100 and 1000 in flight, and hold what is reported against what is true: the
latency, the upstream's own counts, Little's law, and a contender against
itself. It takes half a minute and says up to where numbers from this machine
can be believed.`,
		Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			command, err := childCommand()
			if err != nil {
				return err
			}
			ctx, stop := untilSignal(cmd.Context())
			defer stop()
			var probes []bench.Probe
			s.note("measuring 50 ms with 1, 10, 100 and 1000 in flight; about half a minute")
			err = bench.Selftest(ctx, command, func(p bench.Probe) {
				probes = append(probes, p)
				if !asJSON {
					say(s.out, "%s\n", probeLine(p))
				}
			})
			if err != nil {
				return stoppedBy(err)
			}
			return conclude(s, probes, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object instead of lines")
	return cmd
}

// probeLine is one probe for people.
func probeLine(p bench.Probe) string {
	mark := "ok"
	if !p.Holds {
		mark = "NO"
	}
	return fmt.Sprintf("%-3s %5d in flight  %-40s %s (limit %s)", mark, p.InFlight, p.Name, amount(p.Value, p.Unit), amount(p.Limit, p.Unit))
}

// amount is a value in its unit, with its sign if it is no limit.
func amount(v float64, unit string) string {
	if unit == "share" {
		return fmt.Sprintf("%+.2f %%", 100*v)
	}
	return fmt.Sprintf("%+.3f ms", v)
}

// enough is how many in flight a machine must carry to be of use.
const enough = 10

// conclude says in one sentence what the probes amount to: up to how many in flight
// all of them hold. That they stop to hold somewhere is what is to be found out;
// a machine on which they do so below ten in flight cannot be believed: exit 5.
func conclude(s *streams, probes []bench.Probe, asJSON bool) error {
	limit, broken := firstBroken(probes)
	believed, worst := 0, 0.0
	for _, p := range probes {
		if p.InFlight < limit {
			believed = max(believed, p.InFlight)
			if p.Unit == "ms" {
				worst = max(worst, math.Abs(p.Value))
			}
		}
	}
	sentence := fmt.Sprintf("Numbers from this machine can be believed up to %d in flight: latencies of 50 ms to %.2f ms.", believed, worst)
	if broken != "" {
		sentence += "\nBeyond that: " + broken + "."
	}
	if believed == 0 {
		sentence = "Numbers from this machine cannot be believed now: something else takes its processors."
	}
	if err := s.concluded(probes, sentence, asJSON); err != nil {
		return err
	}
	if broken == "" || believed >= enough {
		return nil
	}
	return &failure{code: exitInvalid, err: fmt.Errorf("%s", broken), hint: "close what else runs, and try again; compare only what stays below that load"}
}

// firstBroken is the lightest load at which any probe does not hold, and the first
// of those in words.
func firstBroken(probes []bench.Probe) (limit int, broken string) {
	limit = math.MaxInt
	for _, p := range probes {
		if !p.Holds && p.InFlight < limit {
			limit = p.InFlight
			broken = fmt.Sprintf("%s with %d in flight is %s, the limit is %s", p.Name, p.InFlight, amount(p.Value, p.Unit), amount(p.Limit, p.Unit))
		}
	}
	return limit, broken
}

// concluded prints the conclusion.
func (s *streams) concluded(probes []bench.Probe, sentence string, asJSON bool) error {
	if !asJSON {
		return s.result("\n%s\n", sentence)
	}
	text, err := json.MarshalIndent(struct {
		Schema     int           `json:"schema"`
		Probes     []bench.Probe `json:"probes"`
		Conclusion string        `json:"conclusion"`
	}{1, probes, sentence}, "", "  ")
	if err != nil {
		return err
	}
	return s.result("%s\n", text)
}
