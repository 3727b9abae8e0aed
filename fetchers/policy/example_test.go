package policy_test

import (
	"context"
	"fmt"
	"time"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/policy"
)

// An upstream that answers 503 once. The retry makes it good, and the outcome says
// what that took.
func ExampleChain() {
	calls := 0
	flaky := func(context.Context, client.Request) client.Outcome {
		if calls++; calls == 1 {
			return client.Outcome{Class: client.ClassHTTP5xx, Status: 503, Attempts: 1}
		}
		return client.Outcome{Class: client.ClassOK, Status: 200, Attempts: 1}
	}
	fetch := policy.Chain([]policy.Policy{
		policy.Timeout{After: time.Second},
		policy.Retry{Retries: 3, Base: time.Millisecond},
	}, flaky)
	o := fetch(context.Background(), client.Request{URL: "http://127.0.0.1:8080/"})
	fmt.Println(o.Class, o.Attempts, "attempts,", o.Wasted, "wasted")
	// Output:
	// ok 2 attempts, 1 wasted
}
