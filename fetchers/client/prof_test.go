package client
import ("testing";"context";"net/http";"time")
func BenchmarkP(b *testing.B) {
	url := "http://" + listen(b, serveBytes) + "/"
	c := newClient(b, Config{InFlight: 64})
	for b.Loop() {
		together(64, 4000, func() { if o := c.Fetch(context.Background(), Request{ID: "1", URL: url}); o.Class != ClassOK { b.Error(o) } })
	}
	b.ReportMetric(float64(c.Opened()), "opened")
}
func BenchmarkH(b *testing.B) {
	url := "http://" + listen(b, serveBytes) + "/"
	transport := &http.Transport{MaxIdleConns: 64, MaxIdleConnsPerHost: 64}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: 10 * time.Second}
	for b.Loop() {
		together(64, 4000, func() {  byHand(b, client.Do, url) })
	}
}
