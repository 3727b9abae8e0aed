// Package upstream provides servers of known behaviour to fetch from: a Profile
// says how long each answer takes and whether it fails, and three forms of the
// same profile serve it. Process is a server on loopback in a process of its own,
// whose processor time is not the harness's; Mock is an http.RoundTripper without
// sockets; Memory is a real HTTP server over in-memory connections, for tests in
// virtual time. Each of them counts what it sees, so that a report can be checked
// against the other side.
//
// The forms with sockets and Memory serve HTTP/1.1 and HTTP/2 on one port. Those with
// sockets also serve TLS and HTTP/3 with Options.Secure, under a certificate
// authority that lives in memory and is trusted by whoever is handed its Roots.
//
// Delay and failure are functions of (seed, URL index, round, attempt) and never of
// the order of arrival, so every contender of a round meets the same upstream. The
// exceptions are asked for by name: the latencies of a law with Drift change with
// the time since the upstream began to serve, and Slots bound what all requests get
// together.
//
// On Linux the forms with sockets wait by timers of the kernel, which are more
// punctual than Go's; Mock and Memory are exact in virtual time.
//
// The package does not measure, does not judge, and listens on loopback only.
//
// Latencies of a profile are milliseconds, sizes bytes, rates lie in [0, 1];
// counted times are nanoseconds in JSON and time.Duration in Go.
//
//	p, _ := upstream.Lookup("article")
//	m := upstream.Mock(p)
//	client := http.Client{Transport: m.Transport()}
//	response, err := client.Get(m.URLs()[0])
package upstream
