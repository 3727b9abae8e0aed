//go:build unix

package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// nginxConfig serves the folder it is started in, stays in the foreground and
// writes a line for each request as it is answered.
const nginxConfig = `daemon off;
worker_processes 1;
%s
pid nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
	log_format line '$status $body_bytes_sent $request_uri $http_user_agent';
	access_log access.log line;
	client_body_temp_path temp;
	proxy_temp_path temp;
	fastcgi_temp_path temp;
	uwsgi_temp_path temp;
	scgi_temp_path temp;
	server {
		listen %s;
		root files;
	}
}
`

// A webServer is an nginx of the test's own.
type webServer struct {
	*exec.Cmd
	dir, address string
	said         *screen
}

// startNginx starts nginx, which serves files of the given sizes as /0, /1, ...
// The listening socket is made here and handed down, as nginx does for itself
// when it is upgraded: no port can be lost to somebody else, and connections
// wait in it until nginx is ready.
func startNginx(t *testing.T, sizes []int) *webServer {
	t.Helper()
	path, err := exec.LookPath("nginx")
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/nginx") // off the path of ordinary users
	}
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatalf("with CI=true every test has to run: %v", err)
	case err != nil:
		t.Skipf("SKIPPED: %v; tools/setup installs it", err)
	}
	s := &webServer{dir: t.TempDir(), said: newScreen()}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	s.address = listener.Addr().String()
	socket, err := listener.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;" // another could not read the folder of a test
	}
	s.write(t, "nginx.conf", fmt.Appendf(nil, nginxConfig, user, s.address))
	for i, size := range sizes {
		s.write(t, filepath.Join("files", strconv.Itoa(i)), bytes.Repeat([]byte("x"), size))
	}
	s.Cmd = exec.Command(path, "-p", s.dir, "-c", "nginx.conf", "-e", "stderr")
	s.ExtraFiles = []*os.File{socket} // becomes descriptor 3
	s.Env = []string{"NGINX=3;"}
	s.Stderr = s.said
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.stop(t) })
	return s
}

// write writes a file of the server.
func (s *webServer) write(t *testing.T, name string, content []byte) {
	t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// stop ends nginx once it has answered and logged everything.
func (s *webServer) stop(t *testing.T) {
	t.Helper()
	if s.ProcessState != nil {
		return
	}
	if err := s.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Error(err)
	}
	if err := s.Wait(); err != nil {
		t.Errorf("nginx: %v\n%s", err, s.said)
	}
}

// TestRealServer is the main job against a server that is not ours: what it
// logged, what it sent and what is reported are the same.
func TestRealServer(t *testing.T) {
	t.Parallel()
	sizes := []int{0, 1, 100, 1000, 4096, 10_000, 65_536, 100_000, 500_000, 1 << 20}
	total := 0
	server := startNginx(t, sizes)
	p := prepare(t, "run", "--urls", "upstreams.txt", "-s", "sequential,pool:4,goroutines", "-r", "12",
		"--csv", "out.csv", "--csv-requests", "requests.csv", "--json", "out.json", "--pause", "5ms")
	var urls strings.Builder
	for i, size := range sizes {
		total += size
		fmt.Fprintf(&urls, "http://%s/%d    # %d bytes\n", server.address, i, size)
	}
	if err := os.WriteFile(filepath.Join(p.dir, "upstreams.txt"), []byte(urls.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	p.start(t)
	if code := p.code(t); code != 0 {
		t.Fatalf("exit code %d\n%s\n%s", code, p.stdout, p.stderr)
	}
	server.stop(t)

	checkTrials(t, p, total)
	checkRequests(t, p, sizes)
	checkLog(t, server, p)
}

// checkTrials checks that every trial got every byte.
func checkTrials(t *testing.T, p *program, total int) {
	t.Helper()
	trials := table(t, p, "out.csv")
	if len(trials) != 3*12 {
		t.Errorf("%d rows of trials, want 36", len(trials))
	}
	for _, row := range trials {
		if row["outcome"] != "ok" || row["bytes"] != strconv.Itoa(total) || row["ok"] != "10" {
			t.Errorf("%s in round %s: %s, %s bytes, %s ok; want ok, %d bytes, 10 ok",
				row["contender"], row["round"], row["outcome"], row["bytes"], row["ok"], total)
		}
	}
}

// checkRequests checks that every request got its own file.
func checkRequests(t *testing.T, p *program, sizes []int) {
	t.Helper()
	requests := table(t, p, "requests.csv")
	if len(requests) != 3*12*10 {
		t.Errorf("%d rows of requests, want 360", len(requests))
	}
	for _, row := range requests {
		if i, err := strconv.Atoi(row["request"]); err != nil || row["bytes"] != strconv.Itoa(sizes[i]) {
			t.Errorf("request %s got %s bytes", row["request"], row["bytes"])
		}
	}
}

// checkLog compares what nginx logged with what the JSON reports, which leaves the
// warm-up round out, and with the journal, which does not.
func checkLog(t *testing.T, server *webServer, p *program) {
	t.Helper()
	var report struct {
		Requests struct{ OK, Attempts int }
	}
	if err := json.Unmarshal(contents(t, p, "out.json"), &report); err != nil {
		t.Fatal(err)
	}
	if r := report.Requests; r.OK != 360 || r.Attempts != 360 {
		t.Errorf("reported %+v, want 360 ok and 360 attempts", r)
	}
	attempts := map[bool]int{}
	for _, trial := range p.read(t).Trials {
		attempts[trial.Round < 0] += trial.Tally.Attempts
	}
	if attempts[false] != report.Requests.Attempts || attempts[true] != 30 {
		t.Errorf("the journal has %d attempts and %d of the warm-up round, want %d and 30",
			attempts[false], attempts[true], report.Requests.Attempts)
	}
	log, err := os.ReadFile(filepath.Join(server.dir, "access.log"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(log)), "\n")
	if len(lines) != attempts[false]+attempts[true] {
		t.Errorf("nginx answered %d requests, the journal has %d", len(lines), attempts[false]+attempts[true])
	}
	for _, line := range lines {
		if !strings.HasPrefix(line, "200 ") || !strings.HasSuffix(line, " "+userAgent) {
			t.Fatalf("nginx logged %q", line)
		}
	}
}

// contents reads a file that the program wrote.
func contents(t *testing.T, p *program, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// table reads a CSV file that the program wrote, by the names of its header. The
// reader refuses rows that have not as many cells.
func table(t *testing.T, p *program, name string) (rows []map[string]string) {
	t.Helper()
	cells, err := csv.NewReader(bytes.NewReader(contents(t, p, name))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, values := range cells[1:] {
		row := map[string]string{}
		for i, value := range values {
			row[cells[0][i]] = value
		}
		rows = append(rows, row)
	}
	return rows
}
