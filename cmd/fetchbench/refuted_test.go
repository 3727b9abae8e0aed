package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// One contender that broke does not hide another that lied: the exit code is that of
// the worse, and both are said.
func TestBrokenContenderHidesNoLie(t *testing.T) {
	lie := results.Warning{Code: results.WarnUpstream, Text: "the upstream disagrees on exec:a"}
	for _, c := range []struct {
		name  string
		also  []results.Warning
		code  int
		noted int
	}{
		{"alone, it is the error", nil, exitInvalid, 0},
		{"beside one that broke", []results.Warning{{Code: results.WarnBroken, Text: "exec:b broke"}}, exitIncomplete, 1},
	} {
		var out, said bytes.Buffer
		s := &streams{in: strings.NewReader(""), out: &out, err: &said}
		j := &results.Judgement{Run: &results.Run{}, Warnings: append([]results.Warning{lie}, c.also...)}
		f := verdict(s, j, nil)
		if f == nil || f.code != c.code || strings.Count(said.String(), lie.Text) != c.noted {
			t.Errorf("%s: %+v, and stderr has %q", c.name, f, said.String())
		}
	}
}
