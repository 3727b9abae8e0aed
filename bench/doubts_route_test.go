package bench

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// seem has a route for each way to look as if it fetched the batch.
func (a *webApp) seem(r *http.Request) {
	all := func() {
		one := r.WithContext(context.WithoutCancel(r.Context()))
		for _, url := range a.urls {
			a.calls.Go(func() { a.get(one, url) })
		}
	}
	switch r.URL.Path {
	case "/same":
		for range a.urls {
			a.get(r, a.urls[0])
		}
	case "/ahead":
		a.calls.Go(all)
		time.Sleep(4 * time.Millisecond)
	case "/after":
		a.calls.Go(func() {
			time.Sleep(200 * time.Millisecond)
			all()
		})
	}
}

// A route that answers before it has fetched, fetches after it has answered, or fetches
// one URL in place of all is named for it and fails. The route after it is not.
func TestRouteThatOnlySeemsToFetchIsNamed(t *testing.T) {
	for path, differs := range map[string]string{
		"/ahead": "the upstream was busy for 50ms, the route answered after 4ms",
		"/after": "10 requests arrived after the route answered",
		"/same":  "the route asked for 1 of 10 endpoints as often as the batch does",
	} {
		synctest.Test(t, func(t *testing.T) {
			a := new(webApp)
			_, list := a.measure(t, routePlan(t, "constant"), path, "/async")
			a.calls.Wait()
			for i := range list {
				trial := &list[i]
				if strings.HasSuffix(trial.Contender, "/async") {
					if trial.Outcome != results.OK || trial.ElapsedNS != int64(50*time.Millisecond) || len(trial.Seen.Differs) > 0 {
						t.Errorf("the route beside %s: %s, %+v", path, trial.Outcome, trial.Seen)
					}
					continue
				}
				said := strings.Join(trial.Seen.Differs, "; ")
				if trial.Outcome != results.Failed || trial.Tally.OK != 0 || trial.Claimed.Broken != results.ClassLying || !strings.Contains(said, differs) {
					t.Errorf("%s: %s, %+v, the upstream says %q, want %q", path, trial.Outcome, trial.Tally, said, differs)
				}
			}
		})
	}
}
