package child

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers/client"
)

// What is wrong with a record comes before the record, which is long: a table has room
// for little of both.
func TestFaultsBeginWithTheReason(t *testing.T) {
	const good = `{"type": "rec", "id": 1, "i": 0, "start_us": 7, "ttfb_us": null, "end_us": 9, "status": 200, "bytes": 1024, "err": null}`
	for _, c := range []struct{ field, value, reason string }{
		{`"status": 200`, "-1", "no answer has status -1 and 1024 bytes; it wrote "},
		{`"status": 200`, "null", "no answer has status 0 and 1024 bytes; it wrote "},
		{`"bytes": 1024`, "-5", "no answer has status 200 and -5 bytes; it wrote "},
		{`"end_us": 9`, "NaN", "invalid character 'N' looking for beginning of value; it wrote "},
		{`"end_us": 9`, "1e99", "a time is 1e99: want whole microseconds from 0 on; it wrote "},
		{`"start_us": 7`, "-1", "a time is -1: want whole microseconds from 0 on; it wrote "},
		{`"type": "rec"`, `"hurrah"`, `there is no type "hurrah"; it wrote `},
		{`"type": "rec"`, `""`, "a line has no type; it wrote "},
	} {
		name, _, _ := strings.Cut(c.field, ":")
		m, err := read([]byte(strings.Replace(good, c.field, name+": "+c.value, 1)))
		h := hearing{order: order{signal: signal{ID: 1}, N: 1}, wall: 1000, claims: make([]bench.Claim, 1), heard: make([]bool, 1)}
		if err == nil {
			err = (&dialogue{plan: 1}).expect(m, "rec")
		}
		if err == nil {
			err = h.add(m)
		}
		if _, said, _ := strings.Cut(fmt.Sprint(err), ": "); !strings.HasPrefix(said, c.reason) {
			t.Errorf("%s %s: %v, want %q", name, c.value, err, c.reason)
		}
	}
}

// The reason of a failed request is what there is of one, and a kind that the protocol
// does not have is shown with it.
func TestFailuresAreWordedByWhatThereIs(t *testing.T) {
	for _, c := range []struct {
		r     reason
		class client.Class
		words string
	}{
		{reason{"reset", "OSError", "gone"}, client.ClassReset, "OSError: gone"},
		{reason{"reset", "", "gone"}, client.ClassReset, "gone"},
		{reason{"reset", "OSError", ""}, client.ClassReset, "OSError"},
		{reason{"weird", "OSError", "gone"}, client.ClassOther, "weird: OSError: gone"},
		{reason{"other", "", ""}, client.ClassOther, "it gave no reason"},
		{reason{}, client.ClassOther, "it gave no reason"},
	} {
		claim := (&hearing{order: order{TimeoutMS: 1000}}).claim(record{Err: &c.r})
		if o := claim.Outcome; o.Class != c.class || o.Err.Error() != c.words {
			t.Errorf("%+v: %s %q, want %s %q", c.r, o.Class, o.Err, c.class, c.words)
		}
	}
}

// What a child does not support is named by what somebody typed, where there is a word
// for that.
func TestRefusalsNameWhatWasTyped(t *testing.T) {
	for _, c := range []struct {
		o          order
		field, say string
	}{
		{order{}, "read_body", "--body headers (read_body)"},
		{order{pooling: pooling{ReadBody: true}}, "read_body", "read_body"},
		{order{pooling: pooling{ReuseClient: true}}, "reuse_client", "--connections warm (reuse_client)"},
		{order{}, "reuse_client", "reuse_client"},
		{order{Concurrency: 400}, "concurrency", "400 in flight (concurrency)"},
		{order{}, "concurrency", "all in flight at once (concurrency)"},
		{order{}, "a\x1bb", "a\x1bb"},
	} {
		if got := c.o.typed([]string{c.field}); len(got) != 1 || got[0] != c.say {
			t.Errorf("%s of %+v: %q, want %q", c.field, c.o, got, c.say)
		}
	}
}
