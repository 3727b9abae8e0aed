package main

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

// busy makes every request run an errand before and after its view, of three calls.
func busy(o *options) { o.errands = true }

// The hooks take a second each, the view what it takes: exactly their sum. The calls of
// a hook are made at once.
func TestHooksTakeTheirTime(t *testing.T) {
	inBubble(t, named(t, "greet"), busy, func(t *testing.T, v *visit) {
		for path, want := range map[string]struct {
			took          time.Duration
			calls, status int
		}{
			"/":           {2 * time.Second, 6, 200},
			"/urls/sync":  {12 * time.Second, 16, 200},
			"/urls/async": {3 * time.Second, 16, 200},
			"/data":       {3 * time.Second, 6, 200},
			"/boom":       {3 * time.Second, 9, 500},
		} {
			w, took := v.get(t, path)
			if c := v.seen(t); w.Code != want.status || took != want.took || c.Requests.Finished != want.calls || c.InFlight.Max < 3 {
				t.Errorf("%s: %d after %v, upstream saw %+v", path, w.Code, took, c)
			}
		}
	})
}

// Whatever fails, the answer is this one and nothing of the reason; the handler of
// errors was told it.
func TestErrorHandlerAnswers500Error(t *testing.T) {
	inBubble(t, named(t, "greet"), nil, func(t *testing.T, v *visit) {
		panics := v.view(func(*http.Request) (page, error) { panic("out of ink") })
		for path, handler := range map[string]http.Handler{"/boom": v.handler, "/panics": panics} {
			v.handler = handler
			w, _ := v.get(t, path)
			if w.Code != http.StatusInternalServerError || w.Body.String() != "500 error" || w.Header().Get("Content-Type") != kindText {
				t.Errorf("%s: %d, %q", path, w.Code, w.Body)
			}
		}
		if logged := v.logged.String(); !strings.Contains(logged, "boom\n") || !strings.Contains(logged, "panic: out of ink\n") {
			t.Errorf("logged %q", logged)
		}
	})
}

// A hook before that fails is the failure of its request, and its view is not asked. A
// hook after replaces the page, also that of an error.
func TestHooksMayFailAndReplace(t *testing.T) {
	nowhere := func(o *options) { o.errands, o.upstream = true, nobody }
	inBubble(t, named(t, "greet"), nowhere, func(t *testing.T, v *visit) {
		if w, _ := v.get(t, "/data"); w.Code != 500 || w.Body.String() != "500 error" {
			t.Errorf("%d, %q", w.Code, w.Body)
		}
		v.hooks.after = func(_ context.Context, p page) page {
			return text(http.StatusTeapot, "instead of "+string(p.body))
		}
		if w, took := v.get(t, "/data"); w.Code != http.StatusTeapot || w.Body.String() != "instead of 500 error" || took != 0 {
			t.Errorf("%d, %q after %v", w.Code, w.Body, took)
		}
	})
}

// The page that calls nobody takes its second, or as long as its reader stays.
func TestDataSaysDone(t *testing.T) {
	inBubble(t, named(t, "greet"), nil, func(t *testing.T, v *visit) {
		if w, took := v.get(t, "/data"); w.Body.String() != "Done!" || took != time.Second {
			t.Errorf("%q after %v", w.Body, took)
		}
	})
}
