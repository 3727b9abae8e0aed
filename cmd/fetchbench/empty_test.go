package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestR45EmptyInputIsRefused, before a journal is begun and anything is sent, with the
// name of what is empty.
func TestR45EmptyInputIsRefused(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_STATE_HOME", dir)
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, c := range map[string]struct {
		args  []string
		stdin string
		want  string
	}{
		"an empty file":   {[]string{"run", "--urls", file("empty", "")}, "", "empty: no URLs"},
		"only a mark":     {[]string{"run", "--urls", file("mark", "\ufeff")}, "", "mark: no URLs"},
		"only comments":   {[]string{"run", "--urls", file("comments", "# a\n\n \t# b\r\n")}, "", "comments: no URLs"},
		"an empty stdin":  {[]string{"run", "--urls", "-"}, "", "stdin: no URLs"},
		"an empty line":   {[]string{"run", "--urls", "-"}, "\n\n", "stdin: no URLs"},
		"an empty plan":   {[]string{"run", file("plan.yaml", "")}, "", "plan.yaml"},
		"a list of none":  {[]string{"run", file("none.yaml", "urls: []\n")}, "", "none.yaml"},
		"no contender":    {[]string{"run", file("alone.yaml", "upstream: {profile: fast}\ncontenders: []\n")}, "", "alone.yaml"},
		"an empty -s":     {[]string{"run", "--mock", "-s", ""}, "", "contender"},
		"an empty word":   {[]string{"run", ""}, "", "the URL is empty"},
		"no times at all": {[]string{"analyse", file("times.json", "")}, "", "times.json"},
		"times of nobody": {[]string{"analyse", file("nobody.json", `{"times_in_round_order": {}}`)}, "", "nobody.json"},
		"an empty run":    {[]string{"report", file("run.jsonl", "")}, "", "run.jsonl"},
	} {
		var out, said bytes.Buffer
		code := run(context.Background(), c.args, strings.NewReader(c.stdin), &out, &said)
		if code != exitUsage || out.Len() > 0 || !strings.Contains(said.String(), c.want) {
			t.Errorf("%s: exit code %d, stdout %q, want %d and %q on stderr:\n%s", name, code, &out, exitUsage, c.want, &said)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "fetchbench")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder of runs was made: %v", err)
	}
}
