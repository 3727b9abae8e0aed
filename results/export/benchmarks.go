package export

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/perf/benchfmt"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// Benchmarks writes one line of the Go benchmark format for each measured trial
// that succeeded, named as those of go test -bench ./bench, so that benchstat
// computes its own intervals:
//
//	BenchmarkFetch/strategy=pool:8/upstream=article-2 1 180000000 ns/op 6.2 in-flight
//
// A trial that failed has no time and is no line; a comment counts them. What is
// different for every run, such as its id, is a comment too: benchstat would take
// it for a difference in configuration and not compare two runs at all.
func Benchmarks(w io.Writer, j *results.Judgement) error {
	if _, err := io.WriteString(w, comments(j.Run)); err != nil {
		return err
	}
	out := benchfmt.NewWriter(w)
	for _, better := range []string{"fetches/s", "efficiency"} {
		key := benchfmt.UnitMetadataKey{Unit: better, Key: "better"}
		if err := out.Write(&benchfmt.UnitMetadata{UnitMetadataKey: key, OrigUnit: better, Value: "higher"}); err != nil {
			return err
		}
	}
	config, load := configuration(j.Run), results.PerTrial(j.Run)
	for t := range j.Run.Measured {
		if t.Outcome != results.OK || !(nanoseconds(t) > 0) {
			continue
		}
		line := &benchfmt.Result{Config: config, Name: benchmark(j.Run, t.Contender), Iters: 1, Values: values(t, load(t))}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// comments are the lines that programs pass over.
func comments(run *results.Run) string {
	failed, all := 0, 0
	for t := range run.Measured {
		if all++; t.Outcome != results.OK {
			failed++
		}
	}
	lines := []string{fmt.Sprintf("# run %s by %s, %s", report.Clean(run.ID), report.Clean(run.Environment.Tool), report.Clean(run.Environment.Go))}
	if !run.Imported {
		lines = append(lines, fmt.Sprintf("# seed %d, started %s", run.Design.Seed, run.Started.UTC().Format("2006-01-02T15:04:05Z")))
	}
	if !run.Complete {
		lines = append(lines, "# not complete: "+report.Clean(run.Reason))
	}
	lines = append(lines, fmt.Sprintf("# %d of %d trials failed, have no time and are no lines", failed, all), "")
	return strings.Join(lines, "\n")
}

// configuration is what two runs must have in common to be compared.
func configuration(run *results.Run) (config []benchfmt.Config) {
	add := func(key, value string) {
		if value = strings.TrimSpace(report.Clean(value)); value != "" {
			config = append(config, benchfmt.Config{Key: key, Value: []byte(value), File: true})
		}
	}
	system, arch, _ := strings.Cut(run.Environment.OS, "/")
	add("goos", system)
	add("goarch", arch)
	add("pkg", "github.com/fetchbench/fetchbench/bench")
	add("cpu", run.Environment.CPU)
	add("connections", run.Design.Connections)
	add("form", run.Target.Form)
	if !run.Imported {
		add("requests", strconv.Itoa(run.Target.Planned()))
	}
	return config
}

// benchmark is the name of a contender's lines.
func benchmark(run *results.Run, contender string) benchfmt.Name {
	name := "Fetch/strategy=" + word(contender) + "/upstream="
	if procs := run.Environment.MaxProcs; procs > 0 {
		return benchfmt.Name(name + word(upstream(run)) + "-" + strconv.Itoa(procs))
	}
	// Digits at the end would be taken for the number of processors.
	return benchfmt.Name(name + strings.ReplaceAll(word(upstream(run)), "-", "%2D"))
}

// upstream names what was fetched from: a profile, or the host of the first URL and
// how many others there are.
func upstream(run *results.Run) string {
	if run.Imported {
		return "imported"
	}
	if run.Target.Embedded != "" {
		return run.Target.Embedded
	}
	switch hosts := run.Target.Hosts(); len(hosts) {
	case 0:
		return ""
	case 1:
		return hosts[0]
	default:
		return hosts[0] + "+" + strconv.Itoa(len(hosts)-1)
	}
}

// word writes what would end or divide a name as in URLs: %2F for a slash. The
// result can be turned back, so that names which differ stay apart.
func word(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if (r == utf8.RuneError && size == 1) || strings.ContainsRune("%/=", r) || unicode.IsSpace(r) || report.Clean(string(r)) != string(r) {
			for _, b := range []byte(s[i : i+size]) {
				fmt.Fprintf(&out, "%%%02X", b)
			}
		} else {
			out.WriteString(s[i : i+size])
		}
		i += size
	}
	return out.String()
}

// nanoseconds is the makespan. That of imported trials has digits beyond whole ones.
func nanoseconds(t *results.Trial) float64 {
	if t.Exact > 0 {
		return t.Exact * 1e9
	}
	return float64(t.ElapsedNS)
}

// values are the measurements of a trial: those that the benchmarks of package
// bench report.
func values(t *results.Trial, load results.Load) []benchfmt.Value {
	ns := nanoseconds(t)
	list := []benchfmt.Value{{Value: ns / 1e9, Unit: "sec/op", OrigValue: ns, OrigUnit: "ns/op"}}
	add := func(value *float64, unit string) {
		if v, ok := finite(value); ok {
			list = append(list, benchfmt.Value{Value: v, Unit: unit})
		}
	}
	if t.Tally.OK > 0 {
		rate := float64(t.Tally.OK) / (ns / 1e9)
		add(&rate, "fetches/s")
		add(load.Flight.Mean, "in-flight")
	}
	add(load.Efficiency, "efficiency")
	return list
}
