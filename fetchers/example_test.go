package fetchers_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/fetchertest"
)

// A service asks for eight users at a time and keeps the answers in the order of
// the ids. A user who is not there has an error of their own and stops nothing.
func ExampleMap() {
	fetchUser := func(_ context.Context, id string) (string, error) {
		if id == "mallory" {
			return "", errors.New("no such user")
		}
		return strings.ToUpper(id), nil
	}
	ids := []string{"alice", "mallory", "bob"}
	users, errs := fetchers.Map(context.Background(), fetchers.Pool{Workers: 8}, ids, fetchUser)
	for i, id := range ids {
		if errs[i] != nil {
			fmt.Printf("%s: %v\n", id, errs[i])
			continue
		}
		fmt.Printf("%s: %s\n", id, users[i])
	}
	// Output:
	// alice: ALICE
	// mallory: no such user
	// bob: BOB
}

// A strategy that makes the calls from the last to the first. The order in which
// calls are made is its own; the order of the results is Map's.
func ExampleStrategy() {
	show := func(_ context.Context, i int) (int, error) {
		fmt.Println("call", i)
		return 10 * i, nil
	}
	results, _ := fetchers.Map(context.Background(), backwards{}, []int{0, 1, 2}, show)
	fmt.Println(results)
	// Output:
	// call 2
	// call 1
	// call 0
	// [0 10 20]
}

// backwards is what one writes for a strategy of one's own.
type backwards struct{}

// Run makes one call after the other and stops when the context ends.
func (backwards) Run(ctx context.Context, n int, call fetchers.Call) error {
	for i := n - 1; i >= 0; i-- {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		_ = call(ctx, i) // an error is for whoever owns the calls
	}
	return nil
}

// Limit says that there is never more than one call under way.
func (backwards) Limit(int) int { return 1 }

// One line holds a strategy of one's own to the contract.
func TestBackwardsConforms(t *testing.T) { fetchertest.Conform(t, backwards{}) }
