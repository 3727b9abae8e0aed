package export

import (
	"fmt"
	"io"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"github.com/fetchbench/fetchbench/results"
)

// Prometheus writes the figures of a finished run in the text format of Prometheus,
// for the textfile collector of node_exporter:
//
//	fetchbench_trial_median_seconds{contender="pool:8",run="20261120-3f2k"} 0.405
//
// Names begin with fetchbench_ and end with their unit. The labels are run,
// contender and baseline, and class or outcome of what is counted. No sample has a
// time of its own, because the collector refuses a file in which one has. Nothing
// is written of figures that cannot be told apart; an error says which.
func Prometheus(w io.Writer, j *results.Judgement) error {
	// A registry of its own: that of the library has metrics of this process.
	registry := prometheus.NewPedanticRegistry()
	if err := registry.Register(collector(figures(j))); err != nil {
		return fmt.Errorf("metrics of run %q: %w", j.Run.ID, err)
	}
	families, err := registry.Gather()
	if err != nil {
		return fmt.Errorf("metrics of run %q: %w", j.Run.ID, err)
	}
	out := expfmt.NewEncoder(w, expfmt.NewFormat(expfmt.TypeTextPlain))
	for _, family := range families {
		if err := out.Encode(family); err != nil {
			return err
		}
	}
	return nil
}

// A collector hands figures to a registry, which checks them.
type collector []figure

// Describe announces each figure, so that a name which is used twice is refused.
func (c collector) Describe(out chan<- *prometheus.Desc) {
	for _, f := range c {
		out <- f.describe()
	}
}

// Collect sends the points.
func (c collector) Collect(out chan<- prometheus.Metric) {
	for _, f := range c {
		desc := f.describe()
		for _, p := range f.points {
			out <- f.sample(desc, p)
		}
	}
}

// sample is one point as Prometheus has it.
func (f figure) sample(desc *prometheus.Desc, p point) prometheus.Metric {
	kind := prometheus.GaugeValue
	if f.counter {
		kind = prometheus.CounterValue
	}
	values := make([]string, len(p.labels))
	for i, l := range p.labels {
		values[i] = l.value
	}
	metric, err := prometheus.NewConstMetric(desc, kind, p.value, values...)
	if err != nil {
		return prometheus.NewInvalidMetric(desc, err) // the registry reports it
	}
	return metric
}

// describe is the figure's name, help and labels as Prometheus has them. A figure
// has a point at least, or it would not have begun.
func (f figure) describe() *prometheus.Desc {
	first := f.points[0].labels
	names := make([]string, len(first))
	for i, l := range first {
		names[i] = l.name
	}
	return prometheus.NewDesc(f.metric(), f.help, names, nil)
}

// metric is the name by the custom of Prometheus: the base unit in full and then
// _total at the end.
func (f figure) metric() string {
	name := "fetchbench_" + strings.ReplaceAll(f.name, ".", "_")
	switch f.unit {
	case "s":
		name += "_seconds"
	case "By":
		name += "_bytes"
	case "1":
		name += "_ratio"
	}
	if f.counter {
		name += "_total"
	}
	return name
}
