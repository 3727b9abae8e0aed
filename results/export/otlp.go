package export

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-logr/logr"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// PushTimeout bounds a push, connecting included.
const PushTimeout = 5 * time.Second

// maxAnswer bounds what is read of a collector's answer.
const maxAnswer = 64 << 10

// metricsPath is where collectors take metrics unless the URL says otherwise.
const metricsPath = "/v1/metrics"

// ErrEndpoint is that of a URL to which no metrics can be pushed.
var ErrEndpoint = errors.New("no endpoint for OTLP over HTTP")

// A Collector takes the figures of a finished run as OpenTelemetry metrics, over
// HTTP in protobuf.
type Collector struct {
	exporter *otlpmetrichttp.Exporter
	client   *http.Client
}

// NewCollector prepares to push to a URL and sends nothing. A URL without a path has
// /v1/metrics. Headers, such as tokens, come from OTEL_EXPORTER_OTLP_HEADERS and
// OTEL_EXPORTER_OTLP_METRICS_HEADERS in the environment; user and password in a URL
// are refused, because URLs are told and logged.
func NewCollector(address string, env func(string) string) (*Collector, error) {
	u, err := endpoint(address)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_METRICS_HEADERS"} {
		if err := headers(name, env(name)); err != nil {
			return nil, err
		}
	}
	// The library would print to stderr what it does not like in the environment,
	// tokens included. What matters of it was looked at above.
	otel.SetLogger(logr.Discard())
	// No proxy, and no redirect: it would take the headers to another host.
	client := &http.Client{
		Timeout:   PushTimeout,
		Transport: &http.Transport{DisableKeepAlives: true, TLSHandshakeTimeout: PushTimeout},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
	exporter, err := otlpmetrichttp.New(context.Background(), otlpmetrichttp.WithEndpointURL(u.String()),
		otlpmetrichttp.WithHTTPClient(client), otlpmetrichttp.WithTimeout(PushTimeout), otlpmetrichttp.WithMaxResponseSize(maxAnswer),
		otlpmetrichttp.WithRetry(otlpmetrichttp.RetryConfig{Enabled: false}))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEndpoint, err)
	}
	return &Collector{exporter, client}, nil
}

// endpoint parses and completes the URL.
func endpoint(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: the URL does not parse", ErrEndpoint)
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return nil, fmt.Errorf("%w: it must begin with http:// or https:// and have a host", ErrEndpoint)
	case u.User != nil:
		return nil, fmt.Errorf("%w: user and password do not belong into the URL", ErrEndpoint)
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("%w: it can have no query and no fragment", ErrEndpoint)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = metricsPath
	}
	return u, nil
}

// headers refuses a list of headers that the library would take in part. No message
// has a value in it.
func headers(name, list string) error {
	for i, pair := range strings.Split(list, ",") {
		if strings.TrimSpace(list) == "" {
			return nil
		}
		key, value, ok := strings.Cut(pair, "=")
		_, err := url.PathUnescape(value)
		if !ok || err != nil || !isToken(strings.TrimSpace(key)) {
			return fmt.Errorf("%w: number %d in %s is not name=value", ErrEndpoint, i+1, name)
		}
	}
	return nil
}

// isToken tells whether a text can be the name of a header.
func isToken(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~") == ""
}

// Push sends the figures in one request, which is never made again: what is lost
// can be pushed from the journal. A run without a beginning has its times from now.
func (c *Collector) Push(ctx context.Context, j *results.Judgement, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, PushTimeout)
	defer cancel()
	defer c.client.CloseIdleConnections()
	scope := metricdata.ScopeMetrics{Scope: instrumentation.Scope{Name: "github.com/fetchbench/fetchbench"}}
	began, ended := span(j.Run, now)
	for _, f := range figures(j) {
		scope.Metrics = append(scope.Metrics, f.data(began, ended))
	}
	data := &metricdata.ResourceMetrics{
		Resource: resource.NewSchemaless(
			attribute.String("service.name", "fetchbench"), attribute.String("service.version", report.Clean(j.Run.Environment.Tool)),
			attribute.String("fetchbench.run", report.Clean(j.Run.ID))),
		ScopeMetrics: []metricdata.ScopeMetrics{scope},
	}
	return errors.Join(c.exporter.Export(ctx, data), c.exporter.Shutdown(context.WithoutCancel(ctx)))
}

// span is when the run began and when its last trial ended.
func span(run *results.Run, now time.Time) (began, ended time.Time) {
	if run.Started.IsZero() {
		return now, now
	}
	ended = run.Started
	for i := range run.Trials {
		t := &run.Trials[i]
		if at := run.Started.Add(time.Duration(t.StartNS + t.ElapsedNS)); at.After(ended) {
			ended = at
		}
	}
	return run.Started, ended
}

// data is the figure as OpenTelemetry has it: a cumulative sum for what counts, a
// gauge for the rest.
func (f figure) data(began, ended time.Time) metricdata.Metrics {
	m := metricdata.Metrics{Name: "fetchbench." + f.name, Description: f.help, Unit: f.unit}
	if f.counter {
		sum := metricdata.Sum[int64]{Temporality: metricdata.CumulativeTemporality, IsMonotonic: true}
		for _, p := range f.points {
			sum.DataPoints = append(sum.DataPoints, metricdata.DataPoint[int64]{
				Attributes: p.attributes(), StartTime: began, Time: ended, Value: int64(p.value),
			})
		}
		m.Data = sum
		return m
	}
	gauge := metricdata.Gauge[float64]{}
	for _, p := range f.points {
		gauge.DataPoints = append(gauge.DataPoints, metricdata.DataPoint[float64]{Attributes: p.attributes(), Time: ended, Value: p.value})
	}
	m.Data = gauge
	return m
}

// attributes are the labels.
func (p point) attributes() attribute.Set {
	var list []attribute.KeyValue
	for _, l := range p.labels {
		list = append(list, attribute.String(l.name, l.value))
	}
	return attribute.NewSet(list...)
}
