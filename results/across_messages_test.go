package results_test

import (
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// TestAcrossNamesWhatWasSent: the first of method, header and body that differs, with what
// it was. A GET may be written or not.
func TestAcrossNamesWhatWasSent(t *testing.T) {
	for _, c := range []struct{ base, other, what, was, is string }{
		{`{"url":"a"}`, `{"url":"a","method":"GET"}`, "", "", ""},
		{`{"url":"a"}`, `{"url":"a","method":"POST","body":"x"}`, "method of request 2", "GET", "POST"},
		{`{"header":{"A":"1","B":"1"}}`, `{"header":{"B":"2","A":"1"}}`, "header B of request 2", "1", "2"},
		{`{"header":{"B":"1","A":"1","D":"1"}}`, `{"header":{"D":"2","C":"2","A":"2"}}`, "header A of request 2", "1", "2"},
		{`{"header":{"A":"1"}}`, `{}`, "header A of request 2", "1", "none"},
		{`{"method":"PUT"}`, `{"method":"PUT","header":{"A":"1"}}`, "header A of request 2", "none", "1"},
		{`{"body":"x"}`, `{"body":"yy"}`, "body of request 2", "1 byte", "2 bytes"},
		{`{"body":"xx"}`, `{"body":"yy"}`, "body of request 2", "2 bytes", "others"},
		{`{"url":"env:A"}`, `{"url":"env:B"}`, "", "", ""}, // where the addresses are the same
	} {
		base, other := timed([]string{"pool:4"}, around(1)), timed([]string{"pool:4"}, around(1))
		base.Plan = []byte(`{"urls":[{},` + c.base + `]}`)
		other.Plan = []byte(`{"urls":[{},` + c.other + `]}`)
		want := []results.Difference{}
		if c.what != "" {
			want = append(want, results.Difference{Kind: results.KindWork, What: c.what, Base: c.was, Other: c.is})
		}
		equal(t, c.other, results.Across(base, other).Differences, want)
	}
}

// TestAcrossTellsAddressesOnce, and not as another message as well: which of two lists
// belongs to which is not known.
func TestAcrossTellsAddressesOnce(t *testing.T) {
	base, other := timed([]string{"pool:4"}, around(1)), timed([]string{"pool:4"}, around(1))
	base.Plan = []byte(`{"urls":[{"url":"http://127.0.0.1:1/a"},{"url":"http://127.0.0.1:1/b"}]}`)
	other.Plan = []byte(`{"urls":[{"url":"http://127.0.0.1:1/a"},{"url":"http://127.0.0.1:1/c","method":"POST"}]}`)
	other.Target.URLs = []string{base.Target.URLs[0], "http://127.0.0.1:1/c"}
	equal(t, "differences", results.Across(base, other).Differences, []results.Difference{
		{Kind: results.KindWork, What: "address 2", Base: "http://127.0.0.1:1/b", Other: "http://127.0.0.1:1/c"},
	})
}
