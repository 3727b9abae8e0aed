package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// highWater runs the program to its end and returns the most memory that it had, in
// bytes. The kernel keeps that number until the process ends, so the last that is read
// is missing what came in the last milliseconds only. What wait(2) tells has the
// memory of the parent in it.
func highWater(t *testing.T, p *program) int {
	t.Helper()
	p.start(t)
	most := 0
	for {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
		if err == nil {
			most = max(most, kibibytes(string(status), "VmHWM:"))
		}
		select {
		case <-p.ended:
			if most == 0 {
				t.Fatal("nothing is known of the memory")
			}
			return most << 10
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// kibibytes reads a line of /proc/PID/status, 0 if it is not there.
func kibibytes(status, name string) int {
	_, rest, _ := strings.Cut(status, name)
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(fields[0])
	return n
}

// The memory that a run may take: this much, and more for each planned request.
const (
	mostMemory    = 64 << 20
	mostARequest  = 1 << 10
	raceFactor    = 4 // a program that looks for races remembers who wrote what
	bytesPerMebi  = 1 << 20
	endlessBodies = 25
)

// roomy is what a run of n requests may take.
func roomy(n int) int {
	if raced {
		return raceFactor * (mostMemory + mostARequest*n)
	}
	return mostMemory + mostARequest*n
}

// TestR14MemoryIsBoundedWhateverComes with fifty requests in flight to all that sends
// more than it should.
func TestR14MemoryIsBoundedWhateverComes(t *testing.T) {
	paths := []string{
		"/infinite", "/gzip-bomb?mb=2048", "/big-header?bytes=10000000", "/many-headers?n=100000", "/cookies?n=1000&size=1000",
		"/raw/endless-headers", "/raw/long-status", "/raw/endless-100", "/raw/chunk-ext", "/raw/endless-trailers", "/raw/huge-chunk",
		"/hang", "/drip?bytes=1000&every=10", "/redirect-loop", "/truncate?declare=1000000000&send=1000000", "/ok?size=1000000",
	}
	_, p := hostility(t, endlessBodies, paths, "-s", "pool:50,pool:50@fasthttp", "--timeout", "500ms")
	most := highWater(t, p)
	if code := p.code(t); code != exitInvalid {
		t.Errorf("exit code %d, want %d\n%s", code, exitInvalid, p.stderr)
	}
	n := 2 * endlessBodies * len(paths)
	t.Logf("%d MiB for %d requests", most/bytesPerMebi, n)
	if most > roomy(n) {
		t.Errorf("took %d MiB, want at most %d", most/bytesPerMebi, roomy(n)/bytesPerMebi)
	}
}

// TestR15NothingIsReservedForADeclaredLength of a terabyte.
func TestR15NothingIsReservedForADeclaredLength(t *testing.T) {
	_, p := hostility(t, endlessBodies, []string{"/huge-length?declare=1000000000000&send=1000"},
		"-s", "pool:50,pool:50@fasthttp", "--timeout", "300ms")
	if most := highWater(t, p); most > roomy(0) {
		t.Errorf("took %d MiB, want at most %d", most/bytesPerMebi, roomy(0)/bytesPerMebi)
	}
	if code := p.code(t); code != exitInvalid {
		t.Errorf("exit code %d, want %d\n%s", code, exitInvalid, p.stderr)
	}
}

// TestR16ARequestTakesLessThanAKibibyte: what is kept of one until its trial ends.
func TestR16ARequestTakesLessThanAKibibyte(t *testing.T) {
	const n = 60_000
	p := prepare(t, "run", "--profile", "fast", "-n", strconv.Itoa(n), "-s", "pool:8", "-r", "1", "--warmup", "0")
	most := highWater(t, p)
	if code := p.code(t); code != exitOK {
		t.Fatalf("exit code %d, want 0\n%s", code, p.stderr)
	}
	t.Logf("%d MiB for %d requests", most/bytesPerMebi, n)
	if most > roomy(n) {
		t.Errorf("took %d MiB, want at most %d", most/bytesPerMebi, roomy(n)/bytesPerMebi)
	}
}
