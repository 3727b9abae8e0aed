package main

import (
	"strings"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/spf13/cobra"
)

// completeStrategies completes the spec of a contender, the last of a list: first
// the strategy, after a + the policies, after an @ the transports.
func completeStrategies(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	const none = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	start := strings.LastIndex(typed, ",") + 1
	switch end := strings.LastIndexAny(typed[start:], "+@"); {
	case end < 0:
		return after(typed[:start], examples(bench.Specs())), none
	case typed[start+end] == '+':
		return after(typed[:start+end+1], examples(bench.Policies())), none
	default:
		return after(typed[:start+end+1], examples(bench.Transports())), none
	}
}

// after puts what is typed before each of the words.
func after(typed string, words []string) []string {
	for i := range words {
		words[i] = typed + words[i]
	}
	return words
}
