package main

import (
	"fmt"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/spf13/cobra"
)

// newStrategies prints what a contender can be put together from.
func newStrategies(s *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "strategies",
		Short: "List strategies, policies and transports, with the spec to type",
		Long: `List what contenders are put together from: a strategy decides when calls are
made, policies change how each is made, a transport says over what. The spec is
strategy[:size][+policy...][@transport], as in pool:8+retry:3@h2. Costs are
orders of magnitude on two shared cores; fetchbench run --cost measures yours.`,
		Args: exactly(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			text := "strategy[:size][+policy...][@transport], such as pool:8+retry:3@h2\n" +
				"\nstrategies: when calls are made\n" + described("", bench.Specs()) +
				"\npolicies: how each call is made; in any order\n" + described("+", bench.Policies()) +
				"\ntransports: over what\n" + described("@", bench.Transports())
			return s.result("%s", text)
		},
	}
}

// described lists specs, one a line: what to type, what it does, what that costs.
func described[T any](mark string, specs []bench.Spec[T]) (text string) {
	for _, spec := range specs {
		text += fmt.Sprintf("  %-15s %-41s %s\n", mark+spec.Example(), spec.Line, spec.Cost)
	}
	return text
}

// examples lists the specs to type.
func examples[T any](specs []bench.Spec[T]) []string {
	var list []string
	for _, spec := range specs {
		list = append(list, spec.Example())
	}
	return list
}
