package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/spf13/cobra"
)

// completeStrategies completes the spec of a contender, the last of a list: first
// the strategy, after a + the policies, after an @ the transports. A sweep takes those
// that have a size, and gives them theirs.
func completeStrategies(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	const none = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	start := strings.LastIndex(typed, ",") + 1
	switch end := strings.LastIndexAny(typed[start:], "+@"); {
	case end < 0 && cmd.Name() == "sweep":
		return after(typed[:start], sizes()), none
	case end < 0:
		return after(typed[:start], examples(bench.Specs())), none
	case typed[start+end] == '+':
		return after(typed[:start+end+1], examples(bench.Policies())), none
	default:
		return after(typed[:start+end+1], examples(bench.Transports())), none
	}
}

// sizes lists the strategies that have a size, without one.
func sizes() (names []string) {
	for _, s := range bench.Specs() {
		if sizable(s.Name) == nil {
			names = append(names, s.Name)
		}
	}
	return names
}

// completeSides completes a side of a comparison: a contender, or a file, which is a
// plan or a program.
func completeSides(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	specs, _ := completeStrategies(cmd, args, typed)
	files, _ := filepath.Glob(typed + "*") // what is no pattern has no files
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && info.IsDir() {
			file += string(filepath.Separator)
		}
		specs = append(specs, file)
	}
	return specs, cobra.ShellCompDirectiveNoSpace
}

// after puts what is typed before each of the words.
func after(typed string, words []string) []string {
	for i := range words {
		words[i] = typed + words[i]
	}
	return words
}
