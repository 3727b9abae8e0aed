package policy_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/policy"
)

// The way in which the README puts a strategy, policies and a client together.
func TestServiceOfTheReadme(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/gone" {
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	c := client.New(client.Config{InFlight: 8})
	defer c.Close()
	fetch := policy.Chain([]policy.Policy{policy.Retry{Retries: 2}, policy.Timeout{After: time.Minute}}, c.Fetch)
	urls := []string{server.URL + "/a", server.URL + "/gone", server.URL + "/b"}
	outcomes, errs := fetchers.Map(t.Context(), fetchers.Pool{Workers: 8}, urls, func(ctx context.Context, url string) (client.Outcome, error) {
		o := fetch(ctx, client.Request{URL: url})
		return o, o.Failed()
	})
	if errs[0] != nil || errs[2] != nil || errs[1] == nil || errs[1].Error() != "http_4xx: status 404" || outcomes[2].Status != http.StatusOK {
		t.Errorf("outcomes %+v and errors %v", outcomes, errs)
	}
}
