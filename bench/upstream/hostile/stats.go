package hostile

// Stats is what a server saw since its last Reset.
type Stats struct {
	// Paths counts the requests by path, those over HTTP/2 and TLS included.
	Paths map[string]Path `json:"paths"`
	// IDs says how often each id was seen: one that is absent was lost, one that was
	// seen twice was sent again.
	IDs map[string]int `json:"ids"`
	// Connections counts what was accepted, by listener. Those of tcp-noaccept are
	// not: nobody accepts them.
	Connections map[string]int `json:"connections"`
	// Secrets are the headers that should not have come, or not here.
	Secrets []Secret `json:"secrets"`
	// DNS counts the questions as "ok.torture. A".
	DNS map[string]int `json:"dns"`
	// Proxied are the request lines that the proxy was sent.
	Proxied []string `json:"proxied"`
	// HTTP2 counts by listener what came over the hand-written ones.
	HTTP2 map[string]HTTP2 `json:"http2"`
}

// Path counts the requests for one path. Started is Finished + Gone + those in flight.
type Path struct {
	Started int `json:"started"`
	// Finished requests got all that the path has to give, however bad that was.
	Finished int `json:"finished"`
	// Gone are those whose client left first, or that were under way when the server
	// closed.
	Gone int `json:"gone"`
	// Bytes is what was sent: the body, or everything where it is written by hand.
	Bytes       int64 `json:"bytes"`
	InFlight    int   `json:"in_flight"`
	InFlightMax int   `json:"in_flight_max"`
	// Conns counts the connections that brought requests for the path.
	Conns int `json:"conns"`
	// Statuses counts the answers by status, as far as they had one.
	Statuses map[int]int `json:"statuses"`
}

// Secret is a header that carried one, and where it came to.
type Secret struct {
	Listener string `json:"listener"`
	Path     string `json:"path"`
	Header   string `json:"header"`
}

// HTTP2 counts the streams that clients opened, by their HEADERS, and the answers
// that ended well.
type HTTP2 struct {
	Headers int `json:"headers"`
	Answers int `json:"answers"`
}

// Started is the number of requests of all paths, which the attempts in a client's
// report must add up to.
func (s Stats) Started() int {
	sum := 0
	for _, p := range s.Paths {
		sum += p.Started
	}
	return sum
}
