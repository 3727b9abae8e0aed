package main

import (
	"errors"
	"fmt"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/predict"
)

// A forecast is what a run says about contenders that it may never have had.
type forecast struct {
	path    string
	run     *results.Run
	options predict.Options
	// samples are what is drawn from, by contender, in the order in which they were
	// read.
	samples  map[string]*predict.Sample
	order    []string
	rows     []foretold
	warnings []results.Warning
}

// A foretold contender is one row of the answer. Measured is there where the run
// had that contender and was asked.
type foretold struct {
	Contender string `json:"contender"`
	Source    string `json:"source"` // whose latencies were drawn from
	predict.Prediction
	Measured *predict.Measured `json:"measured"`
}

// The codes of warnings that only predictions have.
const (
	warnNotCovered = "not-covered"
	warnSkipped    = "rounds-skipped"
	warnSource     = "loaded-source"
)

// own are the contenders of the run. Those that cannot be predicted are warned of.
func (o *forecast) own() (wishes []wish) {
	for _, c := range o.run.Contenders {
		w, err := newWish(c.Name)
		if err == nil && !bare(c, w.transport) {
			err = fmt.Errorf("%w %s: policies or a transport of its own change what a call takes", errCannot, c.Name)
		}
		if err != nil {
			o.warn(warnNotCovered, c.Name, err.Error(), "")
			continue
		}
		wishes = append(wishes, w)
	}
	return wishes
}

// warn keeps a doubt.
func (o *forecast) warn(code, contender, text, hint string) {
	o.warnings = append(o.warnings, results.Warning{Code: code, Contender: contender, Text: text, Hint: hint})
}

// answer predicts what is wished for; with check it is held against the run.
func (o *forecast) answer(wishes []wish, check bool) error {
	if len(wishes) == 0 {
		return &failure{code: exitUsage, err: errors.New("none of the run's contenders can be predicted"), hint: "use -s with strategies such as pool:8, goroutines, waves:8"}
	}
	for _, w := range wishes {
		from, ok := sourceOf(o.run, w.transport)
		if !ok {
			return &failure{
				code: exitUsage, err: fmt.Errorf("%w %s: the run has no latencies over that transport without policies", errCannot, w.spec),
				hint: "measure one contender over it, such as sequential, and predict from that run",
			}
		}
		sample, err := o.read(from.Name)
		if err != nil {
			return err
		}
		p, err := sample.Simulate(w.schedule, o.options)
		if err != nil {
			return err
		}
		row := foretold{Contender: w.spec, Source: from.Name, Prediction: p}
		if check {
			row.Measured = sample.Check(p, w.spec)
		}
		o.rows = append(o.rows, row)
	}
	return nil
}

// doubt collects what makes the predictions doubtful, most of it about what they
// are drawn from.
func (o *forecast) doubt() {
	if o.run.Target.Form == "mock" {
		o.warn(results.WarnMock, "", "the run is of an in-process mock: this predicts scheduling only", "predict from a run with connections before choosing a size")
	}
	for _, name := range o.order {
		sample := o.samples[name]
		for _, c := range o.run.Contenders {
			if c.Name == name && c.Asked > 1 {
				o.warn(warnSource, name, fmt.Sprintf("the latencies are those of %s, with up to %d in flight: how long a request takes alone the run does not say", name, c.Asked), "have "+alone(transportOf(c))+" among the contenders")
			}
		}
		if sample.Failed > 0 {
			o.warn(results.WarnFailed, name, fmt.Sprintf("%d of %d requests of %s did not succeed: they are no latencies, and others stand in for them", sample.Failed, sample.Requests, name), "predictions are of an upstream that answers")
		}
		if sample.Skipped > 0 {
			o.warn(warnSkipped, name, fmt.Sprintf("of %s the first %d rounds are used, all %d are too many to keep", name, sample.Rounds, sample.Rounds+sample.Skipped), "")
		}
		o.warnings = append(o.warnings, sample.Warnings(o.comparable(name))...)
	}
}

// alone is the contender that makes one request after the other over a transport.
func alone(transport string) string {
	if transport == "" {
		return "sequential"
	}
	return "sequential@" + transport
}

// comparable tells which contenders show how the latencies of another change under
// load: those that make the same requests over the same transport.
func (o *forecast) comparable(name string) func(results.Column) bool {
	transport := ""
	for _, c := range o.run.Contenders {
		if c.Name == name {
			transport = transportOf(c)
		}
	}
	return func(c results.Column) bool { return bare(c, transport) }
}

// refuted is the failure of a run whose numbers are worth nothing, and so are the
// predictions from it.
func (o *forecast) refuted() *failure {
	for _, w := range results.Judge(o.run).Warnings {
		if w.Code == results.WarnUpstream {
			return &failure{code: exitInvalid, err: errors.New(w.Text), hint: w.Hint}
		}
	}
	return nil
}
