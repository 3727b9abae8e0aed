package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/predict"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// predictFlags say what is to be predicted.
type predictFlags struct {
	specs         []string
	options       predict.Options
	check, seeded bool
	json, dir     string
}

// newPredict simulates what nobody measured.
func newPredict(s *streams) *cobra.Command {
	var f predictFlags
	cmd := &cobra.Command{
		Use:   "predict RUN",
		Short: "Simulate other strategies and sizes from a run's latencies",
		Long: `Simulate what another strategy, size or number of calls would take, from the
latencies that a run measured. RUN is what report takes. The one assumption is
that a request takes as long however many others are in flight: where the run
itself shows that it does not, a warning says so. --check predicts the run's own
contenders and shows what they really took.`,
		Example: `  fetchbench predict 3f2k -s pool:4,pool:8,waves:8
  fetchbench predict 3f2k -n 50 -s goroutines,paced:20/s
  fetchbench predict 3f2k --check`,
		Args: exactly(1, "one RUN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := filled(cmd.Flags(), "json"); err != nil {
				return err
			}
			wishes, err := f.wishes(cmd.Flags())
			if err != nil {
				return err
			}
			return f.predict(s, args[0], wishes)
		},
	}
	f.define(cmd)
	return cmd
}

// define adds the flags to the command.
func (f *predictFlags) define(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringArrayVarP(&f.specs, "strategy", "s", nil, "what to predict, a comma `list` or repeated")
	flags.IntVarP(&f.options.Requests, "requests", "n", 0, "requests in a batch (default as in the run)")
	flags.BoolVar(&f.check, "check", false, "predict the run's own contenders, and show what they took")
	flags.Uint64Var(&f.options.Seed, "seed", 0, "seed of the draws (default that of the run)")
	flags.IntVar(&f.options.Batches, "batches", predict.DefaultBatches, "batches to simulate")
	flags.StringVar(&f.json, "json", "", "write one JSON object to this `file` (- for stdout)")
	flags.StringVar(&f.dir, "out", "", "`folder` of the journals (default in your state folder)")
	_ = cmd.RegisterFlagCompletionFunc("strategy", cobra.FixedCompletions(predictable(), cobra.ShellCompDirectiveNoFileComp))
}

// wishes reads the flags before anything else is: what is to be predicted, nothing
// for the contenders of the run.
func (f *predictFlags) wishes(flags *pflag.FlagSet) ([]wish, error) {
	f.seeded = flags.Changed("seed")
	for _, n := range []struct {
		name       string
		value, top int
	}{{"requests", f.options.Requests, predict.MaxRequests}, {"batches", f.options.Batches, predict.MaxBatches}} {
		if flags.Changed(n.name) && (n.value < 1 || n.value > n.top) {
			return nil, fmt.Errorf("--%s must be from 1 to %d, got %d", n.name, n.top, n.value)
		}
	}
	switch {
	case f.check && (len(f.specs) > 0 || flags.Changed("requests")):
		return nil, &failure{code: exitUsage, err: errors.New("--check is about the contenders and the batch of the run"), hint: "leave out --strategy and --requests"}
	case f.check:
		return nil, nil
	case len(f.specs) == 0:
		return nil, &failure{code: exitUsage, err: errors.New("nothing to predict"), hint: "use -s pool:4,pool:8, or --check"}
	}
	var wishes []wish
	var wrong []error
	for _, list := range f.specs {
		for spec := range strings.SplitSeq(list, ",") {
			w, err := newWish(strings.TrimSpace(spec))
			wishes, wrong = append(wishes, w), append(wrong, err)
		}
	}
	return wishes, refusal(errors.Join(wrong...))
}

// refusal adds the way out to the errors of specs: a guess at a misspelt one comes
// by itself.
func refusal(err error) error {
	if err == nil || !errors.Is(err, errCannot) {
		return err
	}
	return &failure{code: exitUsage, err: err, hint: "measure it: latencies tell nothing about it"}
}

// predict answers the wishes from a run and writes the answer.
func (f *predictFlags) predict(s *streams, word string, wishes []wish) error {
	dir, err := runsDir(f.dir)
	if err != nil {
		return err
	}
	path, err := findRun(dir, word)
	if err != nil {
		return err
	}
	outputs, err := f.outputs(path)
	if err != nil {
		return err
	}
	run, err := results.Open(path)
	if err != nil {
		return &failure{code: exitUsage, err: err, hint: "give the id that a run printed, or the path of its journal"}
	}
	if silent := silentIn(run); len(silent) == len(run.Contenders) && len(silent) > 0 {
		return &failure{
			code: exitUsage, err: fmt.Errorf("there are no latencies to predict from: %s (%s) tell nothing of their requests", kindsOf(silent), clip(list(silent))),
			hint: "measure a strategy such as sequential with fetchbench run, and predict from that run",
		}
	}
	if !f.seeded {
		f.options.Seed = run.Design.Seed
	}
	o := &forecast{path: path, run: run, options: f.options, samples: map[string]*predict.Sample{}}
	if f.check {
		wishes = o.own()
	}
	if err := o.answer(wishes, f.check); err != nil {
		return err
	}
	o.doubt()
	for _, text := range report.Warnings(&results.Judgement{Warnings: o.warnings}) {
		s.note("fetchbench: %s", text)
	}
	for i := range outputs {
		outputs[i].write = o.writer(outputs[i].path, f.json, s)
	}
	return nothing(worse(save(s, outputs, nil, path), o.refuted()))
}

// outputs are where the answer goes: to stdout, as a table unless the object does.
func (f *predictFlags) outputs(journal string) ([]output, error) {
	if f.json == "" || f.json == "-" || f.json == "/dev/stdout" {
		return []output{{path: "-"}}, nil
	}
	files := []output{{path: f.json}}
	return append(files, output{path: "-"}), checkPaths(files, []string{journal})
}

// writer writes the object to the file that was named, else the table.
func (o *forecast) writer(path, object string, s *streams) writer {
	if path != "-" || object == "-" || object == "/dev/stdout" {
		return func(w io.Writer, _ *results.Judgement, _ string) error { return report.Object(w, o.document()) }
	}
	return func(w io.Writer, _ *results.Judgement, _ string) error {
		return report.Plain(w, o.columns(), o.below(), s.options(&outputFlags{}))
	}
}

// read collects the latencies of a contender, once.
func (o *forecast) read(contender string) (*predict.Sample, error) {
	if known := o.samples[contender]; known != nil {
		return known, nil
	}
	file, err := os.Open(o.path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	sample, err := predict.Read(file, o.run, contender)
	if err != nil {
		return nil, &failure{code: exitInvalid, err: err, hint: "measure again, with an upstream that answers; fetchbench report says what failed"}
	}
	o.samples[contender] = sample
	o.order = append(o.order, contender)
	return sample, nil
}
