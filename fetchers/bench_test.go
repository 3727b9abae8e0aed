package fetchers_test

import (
	"context"
	"testing"

	"github.com/fetchbench/fetchbench/fetchers"
)

// BenchmarkMap is what a service pays for ordered results and errors.
func BenchmarkMap(b *testing.B) {
	items := make([]int, 1000)
	twice := func(_ context.Context, i int) (int, error) { return 2 * i, nil }
	b.ReportAllocs()
	for b.Loop() {
		fetchers.Map(b.Context(), fetchers.Pool{Workers: 8}, items, twice)
	}
}
