//go:build unix

package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// quick are flags of a run that measures next to nothing.
func quick(args ...string) []string {
	return append([]string{"run", "-s", "sequential", "-r", "1", "--warmup", "0"}, args...)
}

// TestR34LiteralSecretsAreWarnedOf, with the way out; references and what is no secret
// are not, and all of them are sent.
func TestR34LiteralSecretsAreWarnedOf(t *testing.T) {
	g, dir := newGossip(t), t.TempDir()
	g.plan(t, dir)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{g.URL, "-H", "Authorization: Bearer CANARY-flag"}, "plain text (header Authorization), and everybody on this machine can read arguments; write env:NAME or @FILE"},
		{[]string{g.URL + "/?token=CANARY-arg"}, "plain text (query value token), and everybody on this machine can read arguments; write env:NAME or @FILE"},
		{[]string{"plan.yaml"}, "plain text (a body, header Authorization, header Cookie, header X-Api-Key, header X-Note and 4 more); write env:NAME or @FILE"},
		{[]string{g.URL + "/?token=env:TOKEN", "-H", "Authorization: Bearer env:PLAIN", "-H", "X-Key: @plain.txt", "-H", "Accept: text/plain"}, ""},
	} {
		_, stderr := secretive(t, dir, quick(c.args...)...)
		warned := strings.Contains(stderr, "secrets in plain text")
		if warned != (c.want != "") || !strings.Contains(stderr, c.want) {
			t.Errorf("%q: want %q in\n%s", c.args, c.want, stderr)
		}
	}
	g.sent(t, "Authorization:[Bearer CANARY-flag]", "token=CANARY-arg", "Authorization:[Bearer CANARY-plain]", "X-Key:[CANARY-file]", "Accept:[text/plain]")
}

// TestR35NoBodyIsStored: the bodies that an upstream sends are read, counted and
// forgotten, whatever their status.
func TestR35NoBodyIsStored(t *testing.T) {
	g, dir := newGossip(t), t.TempDir()
	if code, stderr := secretive(t, dir, quick(g.URL+"/ok", g.URL+"/fail", "--json", "a.json", "--csv-requests", "b.csv")...); code != exitInvalid {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
	journal, err := filepath.Glob(filepath.Join(dir, "state", "fetchbench", "runs", "*"))
	if err != nil || len(journal) != 1 {
		t.Fatal(journal, err)
	}
	if text, err := os.ReadFile(journal[0]); err != nil || !bytes.Contains(text, []byte(`"status":[200,500]`)) {
		t.Errorf("both answers should be there: %v\n%s", err, text)
	}
	if n := untold(t, dir); n != 4 { // with the key
		t.Errorf("%d files were written, want 4", n)
	}
}

// strayNames are names that would leave a folder, or that no file can have.
func strayNames() []string {
	return []string{"../../x", "/etc/x", "a\x00b", "con", strings.Repeat("ü", 300), "..", "", "pool:4/../../x", "pool:4+../x", "pool:4@../x"}
}

// TestR41NothingIsWrittenOutsideTheFolder: neither names of contenders nor ids of runs,
// those in a journal that somebody has edited included, become paths.
func TestR41NothingIsWrittenOutsideTheFolder(t *testing.T) {
	g, root := newGossip(t), t.TempDir()
	dir := filepath.Join(root, "a", "b")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range strayNames() {
		if strings.Contains(name, "\x00") {
			continue // no argument can hold it: a journal can
		}
		for _, args := range [][]string{{"run", g.URL, "-s", name}, {"run", g.URL, "--save-as", name}, {"report", name}, {"show", name}, {"rm", name}} {
			if code, stderr := secretive(t, dir, args...); code != exitUsage {
				t.Errorf("%q: exit code %d\n%s", args, code, stderr)
			}
		}
	}
	if code, stderr := secretive(t, dir, quick(g.URL, "--out", "runs")...); code != exitOK {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	id := misname(t, dir)
	want := []string{"a", "a/b", "a/b/runs", "a/b/runs/" + id + journalSuffix, "a/b/state", "a/b/state/fetchbench", "a/b/state/fetchbench/key"}
	var got []string
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, _ fs.DirEntry, err error) error {
		if path != "." {
			got = append(got, path)
		}
		return err
	})
	if err != nil || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("error %v, in the folder are\n%s\nwant\n%s", err, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// misname calls the run and the contender in the folder's journal by each of the names,
// has it judged, and returns the id that it had.
func misname(t *testing.T, dir string) (id string) {
	t.Helper()
	journal, err := filepath.Glob(filepath.Join(dir, "runs", "*"))
	if err != nil || len(journal) != 1 {
		t.Fatal(journal, err)
	}
	text, err := os.ReadFile(journal[0])
	if err != nil {
		t.Fatal(err)
	}
	id = strings.TrimSuffix(filepath.Base(journal[0]), journalSuffix)
	for _, name := range strayNames() {
		quoted := strings.ReplaceAll(strconv.Quote(name), `\x00`, `\u0000`) // as JSON has it
		edited := strings.NewReplacer(strconv.Quote(id), quoted, `"sequential"`, quoted).Replace(string(text))
		if err := os.WriteFile(journal[0], []byte(edited), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, stderr := secretive(t, dir, "report", id, "--out", "runs", "-f", "json"); code != exitOK {
			t.Errorf("%q: exit code %d\n%s", name, code, stderr)
		}
	}
	return id
}

// TestR42WhatIsNoURLIsRefusedWithItsLine, before anything is sent to those that are.
func TestR42WhatIsNoURLIsRefusedWithItsLine(t *testing.T) {
	g, dir := newGossip(t), t.TempDir()
	for _, bad := range []string{
		"example.com", "http://", "http:///x", "http://h/%zz", "http://h/a\x01b", "http://h:99999/", "http://h:0/", "http://h:x/", "//h/x",
		"ftp://h/", "http://me:secret@h/", "http://[::1/", "http://[::1%25\x7f]/", "http://h h/", "http://h/\u00a0 x", "javascript:x",
	} {
		text := "# two lines before it\n" + g.URL + "\n" + bad + "\n" + g.URL + "\n"
		if err := os.WriteFile(filepath.Join(dir, "urls.txt"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		code, stderr := secretive(t, dir, "run", "--urls", "urls.txt")
		if code != exitUsage || !strings.HasPrefix(stderr, "fetchbench: error: urls.txt:3: ") || strings.Contains(stderr, "secret") {
			t.Errorf("%q: exit code %d\n%s", bad, code, stderr)
		}
	}
	if g.heard.Len() != 0 {
		t.Errorf("requests were sent: %s", g.heard.String())
	}
}

// TestR61FilesAreAsPrivateAsTheyShould: journals and the key are their owner's alone,
// and so are their folders; reports that were asked for are as the umask has it, and
// one that exists stays as it is.
func TestR61FilesAreAsPrivateAsTheyShould(t *testing.T) {
	g, dir := newGossip(t), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "old.csv"), nil, 0o640); err != nil {
		t.Fatal(err)
	}
	p := prepare(t)
	// A umask is the whole process's: a shell sets it for the program alone.
	p.Path, p.Args = "/bin/sh", []string{"sh", "-c", `umask 027; exec fetchbench "$@"`, "sh"}
	p.Args = append(p.Args, quick(g.URL+"/?token=x", "--json", "new.json", "--csv", "old.csv", "--markdown", "new.md")...)
	p.Dir, p.dir, p.Env = dir, dir, environment(dir)
	p.start(t)
	if code := p.code(t); code != exitOK {
		t.Fatalf("exit code %d\n%s", code, p.stderr)
	}
	state := filepath.Join(dir, "state", "fetchbench")
	for path, want := range map[string]fs.FileMode{
		p.journal(t): 0o600, filepath.Join(state, "key"): 0o600, state: 0o700, filepath.Join(state, "runs"): 0o700,
		filepath.Join(dir, "new.json"): 0o640, filepath.Join(dir, "new.md"): 0o640, filepath.Join(dir, "old.csv"): 0o640,
	} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: error %v, mode %v, want %v", path, err, info.Mode().Perm(), want)
		}
	}
}

// TestR33OneKeyForAMachine: many first runs at once agree on one key, which is kept.
// One that is damaged is an error, and not replaced: old hashes are made with it.
func TestR33OneKeyForAMachine(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	keys := make([][]byte, 20)
	var makers sync.WaitGroup
	for i := range keys {
		makers.Go(func() {
			key, err := machineKey(dir)
			if err != nil {
				t.Error(err)
			}
			keys[i] = key
		})
	}
	makers.Wait()
	for _, key := range keys {
		if len(key) != keySize || !bytes.Equal(key, keys[0]) {
			t.Errorf("keys %x and %x", key, keys[0])
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("error %v, left behind: %v", err, entries)
	}
	if err := os.WriteFile(filepath.Join(dir, "key"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if key, err := machineKey(dir); err == nil || key != nil {
		t.Errorf("a damaged key is %x, %v", key, err)
	}
}
