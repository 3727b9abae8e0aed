package results

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// aTrial is the trial of a round, with two requests.
func aTrial(round int) *Trial {
	t := &Trial{Round: round, Contender: "a", Outcome: OK, ElapsedNS: 1e6}
	t.Requests = []Request{{Class: ClassOK, Attempts: 1, ServiceNS: 5e5}, {Index: 1, Class: ClassOK, Attempts: 1, ServiceNS: 5e5}}
	t.Tally = t.Count(2)
	return t
}

// brokenFiles are files that cannot be written to, with the error that each has.
func brokenFiles(t *testing.T) map[string]func() (*os.File, error) {
	t.Helper()
	return map[string]func() (*os.File, error){
		"full disk": func() (*os.File, error) { return os.OpenFile("/dev/full", os.O_WRONLY, 0) },
		"read only": func() (*os.File, error) { return os.Open(t.TempDir()) },
		"closed": func() (*os.File, error) {
			file, err := os.Open(t.TempDir())
			return file, errors.Join(err, file.Close())
		},
		"no sync": func() (*os.File, error) { // takes what is written and cannot promise it
			reader, writer, err := os.Pipe()
			t.Cleanup(func() { _ = reader.Close() }) // nothing is read from it
			return writer, err
		},
	}
}

// trials is how many a journal of these tests has.
const trials = 6

// TestR57ChaosEveryWriteFails lets the disk break before each write of a journal in
// turn, for good or for that write only. From then on every call fails and says so:
// what follows half a line could not be read. What was written before is read back,
// no more and no less.
func TestR57ChaosEveryWriteFails(t *testing.T) {
	for name, broken := range brokenFiles(t) {
		for n := range 2 * (trials + 1) { // the last is the end line
			k, heals := n/2, n%2 == 1
			path := filepath.Join(t.TempDir(), "journal.jsonl")
			for i, err := range written(t, path, k, heals, broken) {
				if (err != nil) != (i >= k) {
					t.Errorf("%s at write %d: write %d ended with %v", name, k, i, err)
				}
			}
			run, err := Open(path)
			if err != nil || len(run.Trials) != k || run.Complete || run.Torn > 0 {
				t.Errorf("%s at write %d: error %v, %+v", name, k, err, run)
			}
		}
	}
}

// written writes a journal whose file breaks before write k, and perhaps heals after
// it, and returns what each write came to, the end line last.
func written(t *testing.T, path string, k int, heals bool, broken func() (*os.File, error)) (list []error) {
	t.Helper()
	j, err := Create(path, Header{Schema: Schema, ID: "20261120-x", Contenders: []Column{{Name: "a", Asked: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	healthy := j.file
	for i := range trials + 1 {
		if i == k {
			j.file = opened(t, broken)
		}
		if i > k && heals {
			j.file = healthy
		}
		if i < trials {
			list = append(list, j.Append(aTrial(i)))
		} else {
			list = append(list, j.End(""))
		}
	}
	if err := healthy.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
	return list
}

// opened opens a broken file, where the system has it.
func opened(t *testing.T, broken func() (*os.File, error)) *os.File {
	t.Helper()
	file, err := broken()
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTSUP) {
		t.Skipf("SKIPPED: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return file
}
