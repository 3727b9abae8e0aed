package child_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// An actor is a child that speaks the protocol well, but for what its kind is to get
// wrong.
type actor struct {
	kind  string
	plan  int
	asked []asked
	begun time.Time
}

// asked is a request as the protocol has it.
type asked struct {
	I       int               `json:"i"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
}

// said is any line of the harness.
type said struct {
	Type string `json:"type"`
	ID   int    `json:"id"`
	asked
}

// play is the whole life of the child.
func (a actor) play() {
	if a.early() {
		return
	}
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		text, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var s said
		if err := json.Unmarshal(text, &s); err != nil {
			panic(err)
		}
		if a.hear(s) {
			return
		}
	}
}

// hear does what a line says; it reports whether the child is to end.
func (a *actor) hear(s said) (over bool) {
	switch s.Type {
	case "hello":
		a.ready()
	case "plan":
		a.plan, a.asked = s.ID, nil
	case "req":
		a.asked = append(a.asked, s.asked)
	case "arm":
		a.armed()
	case "go":
		a.fetch()
	case "cancel":
		a.cancelled()
	case "bye":
		if a.kind == "stays" {
			select {}
		}
		return true
	}
	return false
}

// early is what a child may do before it has read anything.
func (a actor) early() bool {
	switch a.kind {
	case "exits":
		fmt.Fprintln(os.Stderr, "Traceback (most recent call last):\nModuleNotFoundError: No module named 'aiohttp'")
		os.Exit(3)
	case "silent":
		_, _ = io.Copy(io.Discard, os.Stdin)
		return true
	case "greets with garbage":
		fmt.Println("Starting up...")
	case "writes a NUL":
		os.Stdout.WriteString("\x00\x00{}\n")
	case "floods stdout":
		for range 40 {
			os.Stdout.WriteString(strings.Repeat("x", 1<<20))
		}
	}
	return false
}

// ready says hello, in the version that the kind speaks.
func (a actor) ready() {
	version, extra := 1, ""
	switch a.kind {
	case "speaks v99":
		version = 99
	case "speaks v0":
		version = 0
	case "tells its environment":
		quoted, _ := json.Marshal(strings.Join(os.Environ(), "\n"))
		extra = `,"lib":` + string(quoted)
	case "has no modes":
		extra = `,"modes":["sequential"]`
	case "more fields":
		extra = `,"mood":"good","lib":"net/http"`
	case "cannot start":
		fmt.Println(`{"type":"error","fatal":true,"msg":"no module named aiohttp"}`)
		os.Exit(3)
	}
	fmt.Printf(`{"type":"ready","version":%d,"name":"actor","lang":"go","pid":%d,"modes":["sequential","concurrent"]%s}`+"\n", version, os.Getpid(), extra)
}

// armed takes the plan, or does not.
func (a actor) armed() {
	if answer, is := map[string]string{
		"refuses":           `{"type":"unsupported","id":%d,"fields":["timeout_ms"],"msg":"only per read"}`,
		"fails to arm":      `{"type":"error","id":%d,"fatal":false,"msg":"out of threads"}`,
		"takes fewer":       `{"type":"armed","id":%d,"n":1}`,
		"finishes too soon": `{"type":"finished","id":%d,"wall_us":1}`,
		"makes up a type":   `{"type":"hurrah","id":%d}`,
		"a long line":       `{"type":"armed","id":%d,"pad":"` + strings.Repeat("x", 2<<20) + `"}`,
	}[a.kind]; is {
		fmt.Printf(answer+"\n", a.plan)
		return
	}
	a.falter()
	fmt.Printf(`{"type":"armed","id":%d,"n":%d}`+"\n", a.plan, len(a.asked))
}

// falter is what may happen to a child that takes its plan.
func (a actor) falter() {
	switch a.kind {
	case "exits when armed":
		os.Exit(0)
	case "is killed", "is killed large":
		if a.kind == "is killed large" {
			hoard(512 << 20)
		}
		if self, err := os.FindProcess(os.Getpid()); err == nil {
			_ = self.Kill()
		}
	case "half a line":
		fmt.Print(`{"type":"arm`)
		os.Exit(0)
	case "leaves a grandchild":
		c := exec.Command("sleep", "60")
		c.Stdout, c.Stderr = os.Stdout, os.Stderr
		_ = c.Start()
		os.Exit(1)
	case "stops":
		_, _ = io.Copy(io.Discard, os.Stdin)
		select {}
	case "closes its output":
		os.Stdout.Close()
		_, _ = io.Copy(io.Discard, os.Stdin)
	case "floods stderr":
		text := []byte(strings.Repeat("all work and no play\x1b[2J ", 1<<16))
		for left := 1 << 30; left > 0; left -= len(text) {
			os.Stderr.Write(text)
		}
	}
}

// cancelled ends a plan that was given up.
func (a actor) cancelled() {
	fmt.Printf(`{"type":"done","id":%d,"n":0,"ok":0,"wall_us":0}`+"\n", a.plan)
}

// fetched is what became of a request.
type fetched struct {
	start, end int64
	status     int
	bytes      int64
}

// fetch makes the requests, and reports them.
func (a actor) fetch() {
	a.begun = time.Now()
	http.DefaultClient.Transport = &http.Transport{} // each trial is to open its own connections
	out := make([]fetched, len(a.asked))
	switch a.kind {
	case "never finishes":
		return
	case "sends nothing":
		time.Sleep(time.Millisecond)
		for i := range out {
			out[i] = fetched{0, a.now(), 200, 2}
		}
	case "one after the other":
		for i := range out {
			out[i] = a.get(i)
			out[i].start = 0 // it claims that all began at once
		}
	default:
		var calls sync.WaitGroup
		for i := range out {
			calls.Go(func() { out[i] = a.get(i) })
		}
		calls.Wait()
	}
	a.report(out, a.now())
}

// now is the time since the plan began, in microseconds.
func (a actor) now() int64 { return time.Since(a.begun).Microseconds() }

// get makes one request.
func (a actor) get(i int) fetched {
	f := fetched{start: a.now()}
	r, _ := http.NewRequest(http.MethodGet, a.asked[i].URL, nil)
	for name, value := range a.asked[i].Headers {
		r.Header.Set(name, value)
	}
	if answer, err := http.DefaultClient.Do(r); err == nil {
		f.status = answer.StatusCode
		f.bytes, _ = io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
	}
	f.end = a.now()
	return f
}

// report tells of the requests what the kind has it tell.
func (a actor) report(out []fetched, wall int64) {
	if a.kind == "stretches time" {
		wall += int64(time.Minute / time.Microsecond)
	}
	fmt.Printf(`{"type":"finished","id":%d,"wall_us":%d}`+"\n", a.plan, wall)
	for i, f := range out {
		r := told{a.plan, i, fmt.Sprint(f.start), fmt.Sprint(f.end), f}
		if i == 1 {
			if a.kind == "leaves one out" {
				continue
			}
			r.twist(a.kind, len(out), wall)
		}
		fmt.Printf(`{"type":"rec","id":%d,"i":%d,"start_us":%s,"ttfb_us":null,"end_us":%s,"status":%d,"bytes":%d,"err":null,"hue":7}`+"\n",
			r.plan, r.record, r.start, r.end, r.fetched.status, r.fetched.bytes)
	}
	ok := len(out)
	if a.kind == "miscounts" {
		ok--
	}
	fmt.Printf(`{"type":"done","id":%d,"n":%d,"ok":%d,"wall_us":%d,"user_us":10,"sys_us":5,"maxrss_kib":2048}`+"\n", a.plan, len(out), ok, wall)
	if a.kind == "talks too much" {
		fmt.Printf(`{"type":"done","id":%d}`+"\n", a.plan)
	}
}

// told is a record as it is written.
type told struct {
	plan, record int
	start, end   string
	fetched      fetched
}

// twist gets one thing of a record wrong.
func (r *told) twist(kind string, n int, wall int64) {
	switch kind {
	case "of another plan":
		r.plan += 10
	case "an unknown request":
		r.record = n
	case "a request twice":
		r.record = 0
	case "a negative time":
		r.start = "-5"
	case "no time":
		r.end = "NaN"
	case "half a microsecond":
		r.end += ".5"
	case "beyond its end":
		r.end = fmt.Sprint(wall + 1)
	case "a status of its own":
		r.fetched.status = 7
	case "more bytes":
		r.fetched.bytes++
	case "one byte less":
		r.fetched.bytes--
	}
}
