package results

// JudgeSweep is the Sweep of a judgement by itself, without comparisons and
// warnings. It is nil where the contenders are not sizes of one strategy.
func JudgeSweep(run *Run) *Sweep {
	if !run.Design.Sweep {
		return nil
	}
	return sweep(&inquiry{Judgement: &Judgement{Run: run, Summary: Summarize(run)}, rounds: run.Rounds()})
}
