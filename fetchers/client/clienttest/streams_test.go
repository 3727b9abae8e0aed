package clienttest_test

import (
	"sync"
	"testing"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// TestR26WhatHTTP2HasWordsForIsSeen: ten requests at once to an upstream that goes away,
// refuses, resets, stalls or takes one at a time. The protocol is told, nothing is sent
// again, and the attempts are the headers that the upstream saw.
func TestR26WhatHTTP2HasWordsForIsSeen(t *testing.T) {
	const requests = 10
	for listener, classes := range map[string]string{
		"h2-goaway": "ok h2 eof", "h2-enhance": "h2 eof", "h2-refused": "ok h2", "h2-maxstreams1": "ok", "h2-rst": "h2",
		"h2-stall": "timeout", "h2-window": "timeout",
	} {
		t.Run(listener, func(t *testing.T) {
			t.Parallel()
			server := open(t)
			timeout := patience
			if classes == "timeout" {
				timeout = deadline
			}
			c := over(client.H2)(config(server, timeout))
			defer c.Close()
			var mu sync.Mutex
			var all sync.WaitGroup
			attempts, got := 0, map[client.Class]int{}
			for range requests {
				all.Go(func() {
					o := c.Fetch(t.Context(), client.Request{URL: at(server, listener+"/ok")})
					mu.Lock()
					defer mu.Unlock()
					attempts += o.Attempts
					got[o.Class]++
					if o.Status != 0 && o.Conn.Protocol != "HTTP/2.0" {
						t.Errorf("got %+v, want it over HTTP/2", o)
					}
				})
			}
			all.Wait()
			checkClasses(t, got, classes)
			sure := attempts
			if listener == "h2-goaway" || listener == "h2-enhance" {
				// What is sent over a connection that the upstream has left may arrive or not.
				sure = max(1, got[client.ClassOK])
			}
			until(t, func() bool { return server.Stats().HTTP2[listener].Headers >= sure })
			if seen := server.Stats().HTTP2[listener].Headers; seen < sure || seen > attempts || attempts > requests {
				t.Errorf("the upstream saw %d requests, the outcomes have %d attempts, of which %d must have arrived", seen, attempts, sure)
			}
		})
	}
}
