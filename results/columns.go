package results

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// requestsPerLine bounds a journal line, so that a reader needs no more memory
// than a line of a thousand requests takes.
const requestsPerLine = 1000

// A block is up to a thousand requests as one journal line, a column for each
// field. Columns are what make a million requests readable in seconds: numbers
// of one kind stand together, and a column that has the same value throughout
// is that value once.
type block struct {
	Type  string `json:"type"`
	First int    `json:"first"`
	N     int    `json:"n"`
	// Classes are the words that Class counts into: a class, or a class and the
	// phase in which it struck.
	Classes []string `json:"classes"`
	blockColumns
	blockPhases
}

// blockColumns are the numbers of the requests, in their order.
type blockColumns struct {
	Class     []int64 `json:"class"`
	Status    []int64 `json:"status"`
	Bytes     []int64 `json:"bytes"`
	WireBytes []int64 `json:"wire_bytes"`
	Attempts  []int64 `json:"attempts"`
	StartNS   []int64 `json:"start_ns"`
	ServiceNS []int64 `json:"service_ns"`
}

// blockPhases are the parts of their latencies. LateNS is nil where none was late,
// as in every journal from before there were strategies that intend a start.
type blockPhases struct {
	DNSNS     []int64 `json:"dns_ns"`
	ConnectNS []int64 `json:"connect_ns"`
	TLSNS     []int64 `json:"tls_ns"`
	WaitNS    []int64 `json:"wait_ns"`
	BodyNS    []int64 `json:"body_ns"`
	LateNS    []int64 `json:"late_ns"`
}

// lateName is the name of the one column that may be missing.
const lateName = "late_ns"

// A field is one column: its name in the journal, where a request keeps it and
// where a block does.
type field struct {
	name  string
	of    func(*Request) *int64
	block func(*block) *[]int64
}

// fields lists the columns whose values are whole numbers of 64 bits. Class,
// status and attempts are handled beside it, because requests keep them as
// other types.
func fields() []field {
	return []field{
		{"bytes", func(r *Request) *int64 { return &r.Bytes }, func(b *block) *[]int64 { return &b.Bytes }},
		{"wire_bytes", func(r *Request) *int64 { return &r.WireBytes }, func(b *block) *[]int64 { return &b.WireBytes }},
		{"start_ns", func(r *Request) *int64 { return &r.StartNS }, func(b *block) *[]int64 { return &b.StartNS }},
		{"service_ns", func(r *Request) *int64 { return &r.ServiceNS }, func(b *block) *[]int64 { return &b.ServiceNS }},
		{"dns_ns", func(r *Request) *int64 { return &r.Phases.DNSNS }, func(b *block) *[]int64 { return &b.DNSNS }},
		{"connect_ns", func(r *Request) *int64 { return &r.Phases.ConnectNS }, func(b *block) *[]int64 { return &b.ConnectNS }},
		{"tls_ns", func(r *Request) *int64 { return &r.Phases.TLSNS }, func(b *block) *[]int64 { return &b.TLSNS }},
		{"wait_ns", func(r *Request) *int64 { return &r.Phases.WaitNS }, func(b *block) *[]int64 { return &b.WaitNS }},
		{"body_ns", func(r *Request) *int64 { return &r.Phases.BodyNS }, func(b *block) *[]int64 { return &b.BodyNS }},
	}
}

// appendBlock appends the journal line of the requests to line. It writes the
// numbers itself: encoding/json would take as long as the rest of the journal.
func appendBlock(line []byte, requests []Request) []byte {
	words, classes := dictionary(requests)
	line = append(line, `{"type":"requests","first":`...)
	line = strconv.AppendInt(line, int64(requests[0].Index), 10)
	line = append(line, `,"n":`...)
	line = strconv.AppendInt(line, int64(len(requests)), 10)
	line = append(line, `,"classes":`...)
	text, _ := json.Marshal(words) // strings always have a form in JSON
	line = append(line, text...)
	column := make([]int64, len(requests))
	fill := func(of func(i int) int64) []int64 {
		for i := range column {
			column[i] = of(i)
		}
		return column
	}
	line = appendColumn(line, "class", classes)
	line = appendColumn(line, "status", fill(func(i int) int64 { return int64(requests[i].Status) }))
	line = appendColumn(line, "attempts", fill(func(i int) int64 { return int64(requests[i].Attempts) }))
	for _, f := range fields() {
		line = appendColumn(line, f.name, fill(func(i int) int64 { return *f.of(&requests[i]) }))
	}
	if slices.ContainsFunc(requests, func(r Request) bool { return r.Phases.LateNS != 0 }) {
		line = appendColumn(line, lateName, fill(func(i int) int64 { return requests[i].Phases.LateNS }))
	}
	return append(line, "}\n"...)
}

// dictionary returns the words for the classes of the requests, and for each
// request the place of its word. The classes are those of a closed vocabulary:
// none has a space.
func dictionary(requests []Request) (words []string, classes []int64) {
	places := map[string]int64{}
	for i := range requests {
		word := requests[i].Class
		if requests[i].Phase != "" {
			word += " " + requests[i].Phase
		}
		place, known := places[word]
		if !known {
			place = int64(len(words))
			places[word] = place
			words = append(words, word)
		}
		classes = append(classes, place)
	}
	return words, classes
}

// appendColumn appends `,"name":[values]`, one value where all are the same.
func appendColumn(line []byte, name string, values []int64) []byte {
	line = append(line, `,"`...)
	line = append(line, name...)
	line = append(line, `":[`...)
	same := !slices.ContainsFunc(values, func(v int64) bool { return v != values[0] })
	for i, v := range values {
		if i > 0 {
			if same {
				break
			}
			line = append(line, ',')
		}
		line = strconv.AppendInt(line, v, 10)
	}
	return append(line, ']')
}

// appendTo turns a block read from a journal back into its requests, and appends
// them to those before.
func (b *block) appendTo(requests []Request) ([]Request, error) {
	if b.N < 1 || b.N > requestsPerLine || b.First != len(requests) {
		return nil, fmt.Errorf("%d requests from %d on after %d requests", b.N, b.First, len(requests))
	}
	requests = append(requests, make([]Request, b.N)...)
	out := requests[b.First:]
	for _, f := range fields() {
		value, err := column(*f.block(b), b.N, f.name)
		if err != nil {
			return nil, err
		}
		for i := range out {
			*f.of(&out[i]) = value(i)
		}
	}
	class, err1 := column(b.Class, b.N, "class")
	status, err2 := column(b.Status, b.N, "status")
	attempts, err3 := column(b.Attempts, b.N, "attempts")
	late, err4 := column(b.late(), b.N, lateName)
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			return nil, err
		}
	}
	for i := range out {
		place := class(i)
		if place < 0 || place >= int64(len(b.Classes)) {
			return nil, fmt.Errorf("class %d of %d", place, len(b.Classes))
		}
		out[i].Class, out[i].Phase, _ = strings.Cut(b.Classes[place], " ")
		out[i].Index = b.First + i
		out[i].Status, out[i].Attempts = int(status(i)), int(attempts(i))
		out[i].Phases.LateNS = late(i)
	}
	return requests, nil
}

// late is the column of how late the requests were, 0 for all where there is none.
func (b *block) late() []int64 {
	if b.LateNS == nil {
		return []int64{0}
	}
	return b.LateNS
}

// column returns how to look up the values of a column of n.
func column(values []int64, n int, name string) (func(i int) int64, error) {
	switch len(values) {
	case n:
		return func(i int) int64 { return values[i] }, nil
	case 1:
		return func(int) int64 { return values[0] }, nil
	}
	return nil, fmt.Errorf("column %s has %d values for %d requests", name, len(values), n)
}
