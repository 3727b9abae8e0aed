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

const (
	raceFactor    = 4 // a program that looks for races remembers who wrote what
	bytesPerMebi  = 1 << 20
	endlessBodies = 25
)

// roomy is what a run of n requests may take.
func roomy(n int) int {
	if raced {
		return raceFactor * (mostMemory + mostRequest*n)
	}
	return mostMemory + mostRequest*n
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
