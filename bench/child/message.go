package child

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"unicode/utf8"

	"github.com/fetchbench/fetchbench/bench"
)

// version is the one version of the protocol that is spoken here.
const version = 1

// What the harness sends.
type (
	hello struct {
		Type     string `json:"type"`
		Versions []int  `json:"versions"`
		Harness  string `json:"harness"`
	}
	// An order is a plan: how n requests are to be made.
	order struct {
		signal
		N           int    `json:"n"`
		Mode        string `json:"mode"`
		Concurrency int    `json:"concurrency"`
		TimeoutMS   int64  `json:"timeout_ms"`
		Redirects   int    `json:"redirects"`
		pooling
	}
	// Pooling is what becomes of connections and bodies.
	pooling struct {
		KeepAlive   bool `json:"keepalive"`
		MaxConns    int  `json:"max_conns"`
		ReuseClient bool `json:"reuse_client"`
		ReadBody    bool `json:"read_body"`
		Hash        bool `json:"hash"`
	}
	// A wish is one request of a plan.
	wish struct {
		Type    string            `json:"type"`
		I       int               `json:"i"`
		URL     string            `json:"url"`
		Method  string            `json:"method"`
		Headers map[string]string `json:"headers"`
	}
	// A signal is a line that only says what is next: arm, go, cancel, bye.
	signal struct {
		Type string `json:"type"`
		ID   int    `json:"id,omitempty"`
	}
)

// What a child answers. A head is in every line; the rest depends on its type.
type (
	head struct {
		Type string `json:"type"`
		ID   *int   `json:"id"`
	}
	ready struct {
		Version int      `json:"version"`
		Name    string   `json:"name"`
		Lang    string   `json:"lang"`
		Lib     string   `json:"lib"`
		Modes   []string `json:"modes"`
		Caps    []string `json:"caps"`
	}
	armed struct {
		N int `json:"n"`
	}
	refusal struct {
		Fields []string `json:"fields"`
		Msg    string   `json:"msg"`
	}
	complaint struct {
		Fatal bool   `json:"fatal"`
		Msg   string `json:"msg"`
	}
	finished struct {
		WallUS micros `json:"wall_us"`
	}
	record struct {
		I       *int    `json:"i"`
		StartUS micros  `json:"start_us"`
		TTFBUS  *micros `json:"ttfb_us"`
		EndUS   micros  `json:"end_us"`
		Status  int     `json:"status"`
		Bytes   int64   `json:"bytes"`
		URL     *string `json:"url"`
		Err     *reason `json:"err"`
	}
	reason struct {
		Kind  string `json:"kind"`
		Class string `json:"class"`
		Msg   string `json:"msg"`
	}
	done struct {
		N         int    `json:"n"`
		OK        int    `json:"ok"`
		WallUS    micros `json:"wall_us"`
		UserUS    micros `json:"user_us"`
		SysUS     micros `json:"sys_us"`
		MaxRSSKiB int64  `json:"maxrss_kib"`
	}
)

// Micros is a time as the protocol has it: whole microseconds from 0 on.
type micros int64

// errTime is the error of a time that cannot be.
var errTime = errors.New("want whole microseconds from 0 on")

// mostMicros is the longest time: as many microseconds as nanoseconds can be counted.
const mostMicros = math.MaxInt64 / 1000

// UnmarshalJSON reads a time, and says itself what is wrong with it.
func (m *micros) UnmarshalJSON(text []byte) error {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || n < 0 || n > mostMicros {
		return fmt.Errorf("a time is %.40s: %w", text, errTime)
	}
	*m = micros(n)
	return nil
}

// A message is one line of a child.
type message struct {
	head
	line []byte
}

// notANumber finds what Python and others write for a time that is none; JSON has no
// word for it.
var notANumber = regexp.MustCompile(`:\s*-?(NaN|Infinity|inf|nan)\b`)

// read reads the head of a line.
func read(line []byte) (message, error) {
	m := message{line: line}
	if !utf8.Valid(line) {
		return m, garbage(line, errors.New("a line is no UTF-8"))
	}
	if err := m.into(&m.head); err != nil {
		return m, err
	}
	if m.Type == "" {
		return m, garbage(line, errors.New("a line has no type"))
	}
	return m, nil
}

// into reads the fields that belong to the type of the line.
func (m message) into(v any) error {
	err := json.Unmarshal(m.line, v)
	if err == nil {
		return nil
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && notANumber.Match(m.line) || errors.Is(err, errTime) {
		return quoting(ClassBadTime, m.line, err)
	}
	return garbage(m.line, err)
}

// garbage is the fault of a line that cannot be read.
func garbage(line []byte, err error) error { return quoting(ClassGarbage, line, err) }

// quoting is the fault of a line. The line comes last: what is cut off where there is
// little room must not be the reason.
func quoting(class string, line []byte, err error) error {
	return &bench.Broken{Class: class, Err: fmt.Errorf("%w; it wrote %s", err, excerpt(line))}
}

// excerpt is the beginning of a line, quoted.
func excerpt(line []byte) string {
	const most = 80
	if len(line) > most {
		line = append(bytes.Clone(line[:most]), "..."...)
	}
	return strconv.QuoteToASCII(string(line))
}
