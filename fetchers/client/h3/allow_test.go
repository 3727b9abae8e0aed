package h3_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/client/clienttest"
	"github.com/fetchbench/fetchbench/fetchers/client/h3"
)

// TestR63H3AsksBeforeItDials: HTTP/3 does not go through Config.Dial, so it asks for
// the address that it found. A no is the end of the request, with nothing sent.
func TestR63H3AsksBeforeItDials(t *testing.T) {
	var arrived atomic.Int64
	url, roots := clienttest.ServeH3(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived.Add(1) }))
	var asked []string
	for _, tt := range []struct {
		no       error
		class    client.Class
		attempts int
		opened   int64
	}{
		{fmt.Errorf("far away: %w", client.ErrNotAgreed), client.ClassLocalRefused, 0, 0},
		{nil, client.ClassOK, 1, 1},
	} {
		c := h3.New(client.Config{Roots: roots, Allow: func(host, address string) error {
			asked = append(asked, host+" "+address)
			return tt.no
		}})
		o := c.Fetch(t.Context(), client.Request{URL: url})
		c.Close()
		if o.Class != tt.class || o.Attempts != tt.attempts || c.Opened() != tt.opened {
			t.Errorf("allowed unless %v, it came to %+v over %d connections", tt.no, o, c.Opened())
		}
	}
	address := strings.TrimPrefix(url, "https://")
	host, _, _ := strings.Cut(address, ":")
	if want := host + " " + address; len(asked) != 2 || asked[0] != want || asked[1] != want {
		t.Errorf("asked about %q, want %q twice", asked, want)
	}
	if arrived.Load() != 1 {
		t.Errorf("%d requests arrived, want the one that was allowed", arrived.Load())
	}
}
