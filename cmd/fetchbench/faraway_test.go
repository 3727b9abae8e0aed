package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
)

// farawayAddress is one of those that RFC 5737 keeps for documents: nobody is there.
// In a network namespace without a way out it is put on loopback.
const farawayAddress = "192.0.2.1"

// faraway is a program for such a namespace: faraway ANSWER FILE PROGRAM ARG... serves
// on port 80 of the address, runs the program, writes to the file how many requests
// came, and exits as the program does. ANSWER is a status, or status:N for a first
// answer that asks for N seconds of patience and 200 from then on.
func faraway() {
	code, err := serveFaraway(os.Args[1], os.Args[2], os.Args[3:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "faraway:", err)
		code = 99
	}
	os.Exit(code)
}

// serveFaraway does what faraway says.
func serveFaraway(answer, path string, program []string) (code int, err error) {
	for _, args := range [][]string{{"link", "set", "lo", "up"}, {"addr", "add", farawayAddress + "/32", "dev", "lo"}} {
		if err := exec.Command("ip", args...).Run(); err != nil {
			return 0, fmt.Errorf("ip %q: %w", args, err)
		}
	}
	listener, err := net.Listen("tcp", farawayAddress+":80")
	if err != nil {
		return 0, err
	}
	status, wait, patience := strings.Cut(answer, ":")
	number, err := strconv.Atoi(status)
	if err != nil {
		return 0, err
	}
	var seen atomic.Int64
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if first := seen.Add(1) == 1; first && patience {
			w.Header().Set("Retry-After", wait)
		} else if patience {
			return
		}
		w.WriteHeader(number)
	}))
	cmd := exec.Command(program[0], program[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		return 0, err
	}
	return cmd.ProcessState.ExitCode(), os.WriteFile(path, []byte(strconv.FormatInt(seen.Load(), 10)), 0o600)
}
