package results

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A failingDisk fails at one call, from 0, after it has taken half of what it was
// to write. What it fails with is up to the test.
type failingDisk struct {
	*os.File
	at, calls int
	err       error
}

// fails counts a call and tells whether it is the one.
func (d *failingDisk) fails() bool {
	d.calls++
	return d.calls-1 == d.at
}

func (d *failingDisk) Write(text []byte) (int, error) {
	if d.fails() {
		n, _ := d.File.Write(text[:len(text)/2])
		return n, d.err
	}
	return d.File.Write(text)
}

func (d *failingDisk) Sync() error {
	if d.fails() {
		return d.err
	}
	return d.File.Sync()
}

func (d *failingDisk) Close() error {
	failed := d.fails()
	err := d.File.Close()
	if failed {
		return d.err
	}
	return err
}

// failTrials is how many trials the test appends; each takes a write and a sync,
// as the end does before it closes.
const failTrials = 4

// TestR57JournalOnADiskThatFails lets every call of the file system fail in its
// turn, in each of the ways in which disks do. The error comes out, everything
// after it is refused, and what was acknowledged before it reads back; the run can
// go on from there.
func TestR57JournalOnADiskThatFails(t *testing.T) {
	for _, cause := range []error{syscall.ENOSPC, syscall.EIO, syscall.EROFS, syscall.EDQUOT, io.ErrShortWrite} {
		for at := range 2*failTrials + 3 {
			t.Run(fmt.Sprint(cause, " at call ", at), func(t *testing.T) { failAt(t, at, cause) })
		}
	}
}

// failAt writes a journal whose disk fails at one call.
func failAt(t *testing.T, at int, cause error) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	j, err := Create(path, Header{Schema: Schema, Contenders: []Column{{Name: "a", Asked: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	file, _ := j.file.(*os.File)
	d := &failingDisk{File: file, at: at, err: cause}
	j.file = d
	acknowledged, failed := 0, false
	for round := range failTrials {
		err := j.Append(&Trial{Round: round, Contender: "a", Outcome: OK, ElapsedNS: 1, Requests: []Request{{Class: ClassOK}}})
		switch {
		case err == nil && failed:
			t.Fatalf("trial %d was taken after a failure", round)
		case err == nil:
			acknowledged++
		default:
			failed = true
			if !errors.Is(err, cause) {
				t.Errorf("trial %d: %v, want %v", round, err, cause)
			}
		}
	}
	if err := j.End(""); !errors.Is(err, cause) {
		t.Errorf("the end: %v, want %v", err, cause)
	}
	if wrote := d.calls; wrote > at+2 { // the failing call, and the close
		t.Errorf("%d calls, the one that failed was %d", wrote, at)
	}
	checkRest(t, path, acknowledged)
}

// checkRest reads what is left, goes on with it, and reads all of it.
func checkRest(t *testing.T, path string, acknowledged int) {
	t.Helper()
	again, run, err := Reopen(path)
	if err != nil {
		t.Fatal(err)
	}
	// A trial whose sync failed may be there; one that was acknowledged has to.
	if n := len(run.Trials); n < acknowledged || n > acknowledged+1 {
		t.Errorf("%d trials were acknowledged, %d are there", acknowledged, n)
	}
	next := len(run.Trials)
	err = again.Resume(next)
	for round := next; round < failTrials && err == nil; round++ {
		err = again.Append(&Trial{Round: round, Contender: "a", Outcome: OK, ElapsedNS: 1})
	}
	if err = errors.Join(err, again.End("")); err != nil {
		t.Fatal(err)
	}
	checkWhole(t, path)
}

// checkWhole wants every trial to be there, once and in its place.
func checkWhole(t *testing.T, path string) {
	t.Helper()
	whole, err := Open(path)
	if err != nil || !whole.Complete || len(whole.Trials) != failTrials {
		t.Fatalf("after it went on: %+v, %v", whole, err)
	}
	for i, trial := range whole.Trials {
		if trial.Round != i {
			t.Errorf("trial %d is of round %d", i, trial.Round)
		}
	}
}
