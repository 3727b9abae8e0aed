package fast_test

import (
	"net/http"
	"testing"

	"go.uber.org/goleak"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/client/clienttest"
	"github.com/fetchbench/fetchbench/fetchers/client/fast"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFasthttpConforms(t *testing.T) {
	for name, secure := range map[string]bool{"http": false, "https": true} {
		t.Run(name, func(t *testing.T) {
			clienttest.Conform(t, clienttest.Transport{
				Protocol: "HTTP/1.1", New: fast.New, Refused: client.ClassRefused, Aborted: client.ClassTruncated,
				Serve: clienttest.Serve(secure, func(p *http.Protocols) { p.SetHTTP1(true) }),
			})
		})
	}
}
