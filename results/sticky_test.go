package results

import (
	"os"
	"path/filepath"
	"testing"
)

// TestJournalThatFailedGoesOnFailing: the disk may have room again, but behind
// half a line nothing could be read.
func TestJournalThatFailedGoesOnFailing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	j, err := Create(path, Header{Schema: Schema})
	if err != nil {
		t.Fatal(err)
	}
	writable := j.file
	if j.file, err = os.Open(path); err != nil { // a file that refuses writes
		t.Fatal(err)
	}
	first := j.Append(&Trial{})
	if err := j.file.Close(); err != nil {
		t.Fatal(err)
	}
	j.file = writable
	if second := j.Append(&Trial{}); first == nil || second == nil {
		t.Errorf("got %v, then %v", first, second)
	}
	if err := j.End(""); err == nil {
		t.Error("End did not say so")
	}
	if run, err := Open(path); err != nil || len(run.Trials) != 0 || run.Complete {
		t.Errorf("read %+v, %v", run, err)
	}
}
