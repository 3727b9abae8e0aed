package history_test

import (
	"fmt"
	"testing"

	"github.com/fetchbench/fetchbench/results/history"
)

// BenchmarkListTenThousand lists a folder of as many journals.
func BenchmarkListTenThousand(b *testing.B) {
	const many = 10_000
	dir := b.TempDir()
	complete(b, dir, "one", 0)
	text := content(b, dir, "one.jsonl")
	for i := range many - 1 {
		put(b, text, dir, fmt.Sprintf("20261120-%04x.jsonl", i))
	}
	for b.Loop() {
		entries, err := history.List(dir)
		if err != nil || len(entries) != many {
			b.Fatal(len(entries), err)
		}
	}
}
