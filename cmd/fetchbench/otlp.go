package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/export"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/cobra"
)

// otlpFlags say where the figures of a finished run are pushed to.
type otlpFlags struct{ address string }

// otlpFlag is the flag that says so.
const otlpFlag = "metrics-otlp"

// define adds the flag.
func (f *otlpFlags) define(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.address, otlpFlag, "", "at the end, push the numbers once to this `URL` (OpenTelemetry, OTLP over HTTP)")
}

// endings is the push, if one is asked for. What is wrong with the address or with
// the headers in the environment is found out here, before anything is sent.
func (f *otlpFlags) endings() ([]ending, error) {
	if f.address == "" {
		return nil, nil
	}
	collector, err := export.NewCollector(f.address, os.Getenv)
	if err != nil {
		return nil, &failure{
			code: exitUsage, err: fmt.Errorf("--metrics-otlp: %w", err),
			hint: "give a URL such as http://127.0.0.1:4318, and tokens as OTEL_EXPORTER_OTLP_HEADERS=name=value",
		}
	}
	return []ending{func(j *results.Judgement, journal string) *failure { return push(collector, j, journal) }}, nil
}

// push sends the figures. A run that was interrupted is pushed too: its figures say
// that it is not complete.
func push(collector *export.Collector, j *results.Judgement, journal string) *failure {
	err := collector.Push(context.Background(), j, time.Now())
	if err == nil {
		return nil
	}
	if errors.Is(err, context.DeadlineExceeded) || os.IsTimeout(err) {
		err = fmt.Errorf("no answer within %v", export.PushTimeout)
	}
	return &failure{
		code: exitUnwritten, err: fmt.Errorf("--metrics-otlp: %s", report.Options{}.Fit(oneLine(err), maxComplaint)),
		hint: fmt.Sprintf("nothing is sent twice; push again with fetchbench report %s --metrics-otlp URL", called(journal)),
	}
}

// maxComplaint is how much of what a collector says is repeated.
const maxComplaint = 300
