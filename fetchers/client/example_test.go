package client_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// A failure is an outcome like any other: there is nothing to check but its class.
func ExampleClient_Fetch() {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/busy" {
			http.Error(w, "later", http.StatusServiceUnavailable)
			return
		}
		io.WriteString(w, "hello")
	}))
	defer upstream.Close()
	c := client.New(client.Config{InFlight: 8})
	defer c.Close()
	for _, path := range []string{"/", "/busy"} {
		o := c.Fetch(context.Background(), client.Request{URL: upstream.URL + path})
		fmt.Println(o.Class, o.Status, o.Bytes, o.Attempts)
	}
	// Output:
	// ok 200 5 1
	// http_5xx 503 6 1
}
