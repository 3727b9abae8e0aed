// Package hostile provides an upstream that does what no server should: it hangs,
// drips, lies about lengths, resets, redirects elsewhere and sends what is not HTTP,
// so that a client can be held to surviving it. Each listener and each path does one
// thing, and the bounds are the server's own: nothing it does lasts longer or sends
// more than the constants below say, and after Options.Life it closes by itself.
//
// It counts what it sees, per path, per id and per listener, and the counts are the
// truth that a client's report is compared with. They are served as JSON at an
// address of their own, GET /_stats and POST /_reset below Control, so that asking is
// never counted.
//
// Delays and faults that are drawn are functions of (seed, id) and never of the
// order of arrival, so that sequential and concurrent clients meet the same ones. The
// id of a request is that of its X-Request-Id, if that has the form of package
// upstream, without the contender in it; else ?id=; else the URL itself, which then
// has one fixed draw. The exceptions say so: /fail-first, /capacity, /ratelimit and
// /freeze depend on what came before and when.
//
// It does not measure, prints nothing, dials nobody and listens on loopback only. A
// parameter that is absent or cannot be read has its default; sizes are bytes and
// times milliseconds.
//
//	s, _ := hostile.Start(hostile.Options{Seed: 1})
//	defer s.Close()
//	response, err := http.Get(s.URL("http") + "/drip?bytes=10&every=300")
package hostile
