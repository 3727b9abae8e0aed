package export_test

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	metrics "go.opentelemetry.io/proto/otlp/metrics/v1"
	"google.golang.org/protobuf/proto"

	"github.com/google/go-cmp/cmp"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/export"
)

// A sink takes pushes and keeps the last.
type sink struct {
	*httptest.Server
	got   collector.ExportMetricsServiceRequest
	last  *http.Request
	count atomic.Int64
}

// newSink serves on loopback, and answers as it is told.
func newSink(t *testing.T, answer http.HandlerFunc) *sink {
	t.Helper()
	s := &sink{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.count.Add(1)
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = proto.Unmarshal(body, &s.got)
		}
		if err != nil {
			t.Error(err)
		}
		s.last = r
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// accept is what a collector says that has taken all.
func accept(http.ResponseWriter, *http.Request) {}

// push pushes a run.
func push(ctx context.Context, t *testing.T, address string, run *results.Run) error {
	t.Helper()
	c, err := export.NewCollector(address, os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	return c.Push(ctx, results.Judge(run), time.Unix(1, 0))
}

// numbers flattens what arrived: metric, then its labels as k=v, to value.
func (s *sink) numbers(t *testing.T) map[string]float64 {
	t.Helper()
	out := map[string]float64{}
	add := func(m *metrics.Metric, points []*metrics.NumberDataPoint, value func(*metrics.NumberDataPoint) float64) {
		for _, p := range points {
			key := m.GetName()
			for _, a := range p.GetAttributes() {
				if a.GetKey() != "run" {
					key += " " + a.GetKey() + "=" + a.GetValue().GetStringValue()
				}
			}
			if _, twice := out[key]; twice {
				t.Errorf("%s is there twice", key)
			}
			out[key] = value(p)
			if math.IsNaN(out[key]) || math.IsInf(out[key], 0) {
				t.Errorf("%s is %v", key, out[key])
			}
		}
	}
	for _, resource := range s.got.GetResourceMetrics() {
		for _, m := range resource.GetScopeMetrics()[0].GetMetrics() {
			add(m, m.GetGauge().GetDataPoints(), (*metrics.NumberDataPoint).GetAsDouble)
			add(m, m.GetSum().GetDataPoints(), func(p *metrics.NumberDataPoint) float64 { return float64(p.GetAsInt()) })
		}
	}
	return out
}

// TestPushSaysWhatTheRunSays: one request, whose numbers are those of the judgement.
func TestPushSaysWhatTheRunSays(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-token=abc%20d")
	s, run := newSink(t, accept), three()
	if err := push(t.Context(), t, s.URL, run); err != nil {
		t.Fatal(err)
	}
	if s.count.Load() != 1 || s.last.URL.Path != "/v1/metrics" || s.last.Header.Get("X-Token") != "abc d" || s.last.Header.Get("Content-Type") != "application/x-protobuf" {
		t.Errorf("%d requests, the last %s with %v", s.count.Load(), s.last.URL, s.last.Header)
	}
	attributes := map[string]string{}
	for _, a := range s.got.GetResourceMetrics()[0].GetResource().GetAttributes() {
		attributes[a.GetKey()] = a.GetValue().GetStringValue()
	}
	if diff := cmp.Diff(map[string]string{"service.name": "fetchbench", "service.version": "fetchbench 0.1.0", "fetchbench.run": run.ID}, attributes); diff != "" {
		t.Error(diff)
	}
	j, got := results.Judge(run), s.numbers(t)
	for key, want := range map[string]float64{
		"fetchbench.run.complete":                                                   1,
		"fetchbench.trial.median contender=sequential":                              0.1004, // the fifth of nine
		"fetchbench.trial.median.lower contender=pool:4":                            j.Contenders[1].MedianCI.Lo,
		"fetchbench.trials contender=pool:8+retry:3@h2 outcome=failed":              3,
		"fetchbench.requests class=ok contender=pool:8+retry:3@h2":                  15,
		"fetchbench.requests class=timeout contender=pool:8+retry:3@h2":             3,
		"fetchbench.attempts contender=sequential":                                  18,
		"fetchbench.received contender=sequential":                                  90,
		"fetchbench.in.flight contender=sequential":                                 1,
		"fetchbench.speedup baseline=sequential contender=pool:4":                   j.Comparisons[0].SpeedUp.Estimate,
		"fetchbench.speedup.lower baseline=sequential contender=pool:4":             *j.Comparisons[0].SpeedUp.Lo,
		"fetchbench.run.info go=go1.26.8 upstream=article version=fetchbench 0.1.0": 1,
		"fetchbench.run.warnings code=failed-requests":                              1,
	} {
		if v, ok := got[key]; !ok || math.Abs(v-want) > 1e-12 {
			t.Errorf("%s is %v (%v), want %v", key, v, ok, want)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

// TestPushOfAnyRun: nothing is NaN or twice, and what was hostile is inert.
func TestPushOfAnyRun(t *testing.T) {
	for name, run := range extremes() {
		s := newSink(t, accept)
		if err := push(t.Context(), t, s.URL+"/own/path", run); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for key := range s.numbers(t) {
			if strings.ContainsAny(key, "\n\x1b\u202e") {
				t.Errorf("%s: %q", name, key)
			}
		}
		if s.last.URL.Path != "/own/path" {
			t.Errorf("%s: pushed to %s", name, s.last.URL)
		}
	}
}

// TestWhatThereIsNotIsNoPoint: a judgement put together with what is no number, and
// with names that look alike once they are inert.
func TestWhatThereIsNotIsNoPoint(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	j := &results.Judgement{Run: &results.Run{}}
	j.Contenders = []results.Contender{{Name: "\x1b"}, {Name: `\x1b`}}
	j.Contenders[0].Mean, j.Contenders[0].Max, j.Contenders[1].Min = &nan, &inf, &nan
	j.Comparisons = []results.Comparison{{Contender: `\x1b`, Baseline: "\x1b"}}
	j.Comparisons[0].SpeedUp = &results.SpeedUp{Estimate: inf}
	s := newSink(t, accept)
	c, err := export.NewCollector(s.URL, os.Getenv)
	if err == nil {
		err = c.Push(t.Context(), j, time.Unix(1, 0))
	}
	if err != nil {
		t.Fatal(err)
	}
	got := s.numbers(t)
	for key := range got {
		if strings.Contains(key, "trial.m") || strings.Contains(key, "speedup") {
			t.Errorf("%s is there", key)
		}
	}
	for _, key := range []string{`fetchbench.attempts contender=\x1b`, `fetchbench.attempts contender=\x1b (2)`} {
		if _, ok := got[key]; !ok {
			t.Errorf("no %s in %v", key, got)
		}
	}
}

// TestPushIsMadeOnce: neither a collector that is busy nor one that sends elsewhere
// is asked again, and nobody else is told.
func TestPushIsMadeOnce(t *testing.T) {
	other := newSink(t, accept)
	for name, answer := range map[string]http.HandlerFunc{
		"busy":    func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "0"); w.WriteHeader(503) },
		"refuses": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(400) },
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		},
	} {
		s := newSink(t, answer)
		if err := push(t.Context(), t, s.URL, three()); err == nil {
			t.Errorf("%s: no error", name)
		}
		if n := s.count.Load(); n != 1 || other.count.Load() != 0 {
			t.Errorf("%s: %d requests, %d elsewhere", name, n, other.count.Load())
		}
	}
}

// TestPushEndsWhenItIsToldTo, also where a collector never answers.
func TestPushEndsWhenItIsToldTo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := newSink(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	if err := push(ctx, t, s.URL, three()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestEndpointsAreLookedAtFirst, and no complaint quotes what may be secret.
func TestEndpointsAreLookedAtFirst(t *testing.T) {
	none := func(string) string { return "" }
	for _, address := range []string{"", "localhost:4318", "ftp://x", "http://", "http://u:geheim@x", "http://x?geheim=1", "http://x#a", "http://x:geheim", "http://[::1"} {
		if _, err := export.NewCollector(address, none); !errors.Is(err, export.ErrEndpoint) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %v", address, err)
		}
	}
	for _, list := range []string{"geheim", "a=b,geheim", "a b=geheim", "a=%zzgeheim", "=geheim"} {
		if _, err := export.NewCollector("http://x", func(string) string { return list }); !errors.Is(err, export.ErrEndpoint) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("headers %q: %v", list, err)
		}
	}
	for _, address := range []string{"http://127.0.0.1:4318", "https://x.example/v1/metrics", "http://[::1]:1/"} {
		if _, err := export.NewCollector(address, none); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
}
