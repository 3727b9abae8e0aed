package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fetchbench/fetchbench/bench"
)

// keySize is the size of the key in bytes: that of the hash it is for.
const keySize = 32

// tool names this program for a run of the plan. Where there can be a secret it comes
// with the key of this machine, by which secrets of different runs can be compared.
func tool(s *streams, plan bench.Plan, agreed *bench.Footprint) bench.Tool {
	t := bench.Tool{Name: fullVersion(), UserAgent: userAgent, Agreed: agreed}
	if len(plan.URLs) == 0 {
		return t
	}
	runs, err := runsDir("")
	if err == nil {
		t.Key, err = machineKey(filepath.Dir(runs))
	}
	if err != nil && (len(plan.Literals()) > 0 || plan.Refers()) {
		s.note("fetchbench: warning: no key for the hashes of secrets (%v): those of this run can be compared with no other's", err)
	}
	return t
}

// machineKey returns the key in the folder, which is made the first time. Only its
// owner may read it: with the key somebody could try guesses against the hashes.
func machineKey(dir string) ([]byte, error) {
	path := filepath.Join(dir, "key")
	key, err := readKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(dir, ".key-*") // 0600
	if err != nil {
		return nil, err
	}
	fresh := make([]byte, keySize)
	_, _ = rand.Read(fresh) // which does not fail: it ends the program instead
	_, err = file.Write(fresh)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		// A link appears whole or not at all, and never in the place of another's.
		if err = os.Link(file.Name(), path); errors.Is(err, fs.ErrExist) {
			err = nil
		}
	}
	if err = errors.Join(err, os.Remove(file.Name())); err != nil {
		return nil, err
	}
	return readKey(path)
}

// readKey reads a key. One that is not whole is none.
func readKey(path string) ([]byte, error) {
	key, err := os.ReadFile(path)
	if err == nil && len(key) != keySize {
		return nil, fmt.Errorf("%s has %d bytes, and a key has %d: remove it", path, len(key), keySize)
	}
	return key, err
}

// notOpened is the failure of a run that could not begin. What the plan refers to is
// looked up late, and is wrong usage all the same.
func notOpened(err error) *failure {
	if signal, ok := asStopped(err); ok { // which outranks whatever it has brought to an end
		return &failure{code: signal.code(), err: err, hint: "nothing was measured yet"}
	}
	var broken *bench.Broken
	if errors.As(err, &broken) {
		return notReady(err, broken.Said)
	}
	var field *bench.FieldError
	if !errors.As(err, &field) {
		return asFailure(err, exitIncomplete)
	}
	f := asFailure(err, exitUsage)
	if errors.Is(err, bench.ErrHidden) {
		f.hint = "secrets are in no journal: run the plan again with env:NAME or @FILE in their place"
	}
	return f
}
