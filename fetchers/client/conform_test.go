package client_test

import (
	"net/http"
	"testing"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/client/clienttest"
)

// TestTransportsConform runs the contract over every transport of this package.
func TestTransportsConform(t *testing.T) {
	h1 := func(p *http.Protocols) { p.SetHTTP1(true) }
	h2 := func(p *http.Protocols) { p.SetHTTP1(true); p.SetHTTP2(true) }
	h2c := func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) }
	for _, tt := range []struct {
		transport client.Transport
		secure    bool
		set       func(*http.Protocols)
		protocol  string
		aborted   client.Class
	}{
		{client.H1, false, h1, "HTTP/1.1", client.ClassTruncated},
		{client.H1, true, h2, "HTTP/1.1", client.ClassTruncated},
		{client.H1Default, false, h1, "HTTP/1.1", client.ClassTruncated},
		{client.H1NoKeepAlive, false, h1, "HTTP/1.1", client.ClassTruncated},
		{client.H1NoKeepAlive, true, h1, "HTTP/1.1", client.ClassTruncated},
		{client.H2, true, h2, "HTTP/2.0", client.ClassH2},
		{client.H2C, false, h2c, "HTTP/2.0", client.ClassH2},
	} {
		name := tt.transport.String()
		if tt.secure && tt.transport != client.H2 {
			name += "-tls"
		}
		t.Run(name, func(t *testing.T) {
			clienttest.Conform(t, clienttest.Transport{
				Protocol: tt.protocol,
				New: func(config client.Config) *client.Client {
					config.Transport = tt.transport
					return client.New(config)
				},
				Serve:   clienttest.Serve(tt.secure, tt.set),
				Refused: client.ClassRefused,
				Aborted: tt.aborted,
			})
		})
	}
}
