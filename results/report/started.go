package report

import "github.com/fetchbench/fetchbench/results"

// started says what the contenders are that are programs, which their names do not say.
//
//	base is ./fetch-main --slots 8
func started(run *results.Run) (lines []line) {
	for _, c := range run.Contenders {
		if c.Process.Line() == "" {
			continue
		}
		lines = append(lines, line{text: cut(Clean(c.Name), longestName, "…") + " is " + Command(c.Process)})
	}
	return lines
}

// Command is what was started for a contender, with what it says of itself. It is clean,
// and cut where it is too long to be read.
func Command(p *results.Process) string {
	text := cut(Clean(p.Line()), longestDetail, "…")
	if p != nil && p.Program != "" {
		text += " (" + cut(Clean(p.Program), longestName, "…") + ")"
	}
	return text
}
