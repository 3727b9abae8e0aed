package results_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestR60LinesThatNoRunWritesAreRefused: every line of these journals is well formed,
// and together they are no run. Each way to read a journal says so, but for the look at
// its ends, which sees what lies there.
func TestR60LinesThatNoRunWritesAreRefused(t *testing.T) {
	whole := strings.SplitAfter(string(content(t, journal(t, timed([]string{"a", "b"}, []float64{1, 2}, []float64{3, 4})))), "\n")
	// The header, a line of requests and one of a trial for each of four trials, and the end.
	head, first, last, end := whole[0], whole[1]+whole[2], whole[7]+whole[8], whole[9]
	rounds := strings.Join(whole[1:9], "")
	for _, c := range []struct{ name, text, want string }{
		{"all in one round", head + strings.ReplaceAll(rounds, `"round":1`, `"round":0`) + end, `line 7: a bad journal: a second trial of "a" in round 1`},
		{"a copied trial", head + rounds + last + end, `line 11: a bad journal: a second trial of "b" in round 2`},
		{"a trial after the end", head + rounds + end + last, `line 11: a bad journal: a line of type "requests" after its end`},
		{"two ends", head + rounds + end + end, `line 11: a bad journal: a line of type "end" after its end`},
		{"a round less", head + strings.Join(whole[1:5], "") + end, "line 6: a bad journal: it ends as complete, with 2 trials of 2 contenders in 2 rounds"},
		{"a trial less", head + strings.Join(whole[3:9], "") + end, "line 8: a bad journal: it ends as complete, with 3 trials"},
		{"another contender", strings.Replace(head, `{"name":"b"`, `{"name":"c"`, 1) + rounds + end, `a bad journal: a trial of "b", which is none of its contenders`},
		{"the end is complete after a resumption", head + rounds + `{"type":"resumed","round":1}` + "\n" + end, "line 11: a bad journal: it ends as complete, with 2 trials"},
		{"what was to stay is made again", head + rounds + `{"type":"resumed","round":1}` + "\n" + first + end, `line 12: a bad journal: a second trial of "a" in round 1`},
		{"as it was", strings.Join(whole, ""), ""},
		{"resumed after its end", head + rounds + end + `{"type":"resumed","round":1}` + "\n" + strings.Join(whole[5:], ""), ""},
	} {
		path := filepath.Join(t.TempDir(), "journal.jsonl")
		must(t, os.WriteFile(path, []byte(c.text), 0o600))
		for how, err := range everyReader(t, path) {
			switch {
			case c.want == "":
				must(t, err)
			case how != "skimmed":
				wantError(t, c.name+", "+how, err, c.want)
			case c.name == "another contender":
				wantError(t, c.name+", "+how, err, "which is none of its contenders")
			}
		}
	}
}

// TestR60TrialsThatCannotBeAreRefused: a success in no time, a batch of another size, and
// counts that do not add up, however large. What is said of no request is taken.
func TestR60TrialsThatCannotBeAreRefused(t *testing.T) {
	whole := string(content(t, journal(t, timed([]string{"a"}, []float64{1, 2}))))
	for _, c := range []struct{ old, new, want string }{
		{`"elapsed_ns":1000000000`, `"elapsed_ns":0`, "a trial of round 1 succeeded in 0 ns"},
		{`"elapsed_ns":1000000000`, `"elapsed_ns":-5`, "a trial of round 1 succeeded in -5 ns"},
		{`"planned":2,`, `"planned":4611686018427387904,`, "a trial of 4611686018427387904 requests in a run of 2 a trial"},
		{`"planned":2,`, `"planned":-2,`, "a trial of -2 requests in a run of 2 a trial"},
		{`"ok":2,`, `"ok":1,`, "nothing is said of 1 of 2 requests"},
		{`"ok":2,"failed":0`, `"ok":1,"failed":2`, "1 ok, 2 failed, 0 cancelled and 0 not started of 2 requests"},
		{`"ok":2,"failed":0`, `"ok":3,"failed":-1`, "3 ok, -1 failed, 0 cancelled and 0 not started of 2 requests"},
		{`"planned":2,"ok":2,`, `"planned":0,"ok":0,`, ""},
	} {
		path := filepath.Join(t.TempDir(), "journal.jsonl")
		must(t, os.WriteFile(path, []byte(strings.ReplaceAll(whole, c.old, c.new)), 0o600))
		for how, err := range everyReader(t, path) {
			switch {
			case c.want == "":
				must(t, err)
			case how != "skimmed" || !strings.Contains(c.want, "of round 1"): // it sees the last trial
				wantError(t, c.new+", "+how, err, c.want)
			}
		}
	}
}
