package docs_test

import (
	"maps"
	"testing"
)

// drawn is a table as a design may print one: a sentence, then a block. Numbered
// lines outside of the block, like its last, are not rows.
const drawn = "Who may import whom (a test reads the imports):\n" +
	"```\n" +
	" 2  bench   results/report\n" +
	" 1  fetchers/fetchertest   results\n" +
	" 0  fetchers   bench/upstream\n" +
	"```\n" +
	" 9  after the block\n"

// drawnRows is what the drawing says, and what every other form of it must say.
func drawnRows() map[string]int {
	return map[string]int{
		"bench": 2, "results/report": 2, "fetchers/fetchertest": 1, "results": 1,
		"fetchers": 0, "bench/upstream": 0,
	}
}

// TestTableIsReadFromTheDesign accepts the three forms that a reader would take
// for the same table, so that the document may be edited for its readers.
func TestTableIsReadFromTheDesign(t *testing.T) {
	for name, design := range map[string]string{
		"introduced": drawn,
		"marked":     " 7  before the block\n```imports\n2 bench results/report\n1 fetchers/fetchertest results\n0 fetchers bench/upstream\n```\n",
		"titled":     "```\nWho may import whom\n2 bench results/report\n1 fetchers/fetchertest results\n0 fetchers bench/upstream\n```\n",
	} {
		rows, err := table(design)
		if err != nil || !maps.Equal(rows, drawnRows()) {
			t.Errorf("%s: got %v, %v", name, rows, err)
		}
	}
}

// TestTableThatCannotBeReadIsAnError matters because an empty table would
// allow nothing, or everything, depending on who reads the complaints.
func TestTableThatCannotBeReadIsAnError(t *testing.T) {
	for name, design := range map[string]string{
		"absent":     "# Design\n",
		"empty":      "```imports\n```\n",
		"not closed": "```imports\n0 fetchers\n",
		"twice":      "```imports\n1 fetchers\n0 fetchers\n```\n",
		"huge":       "```imports\n99999999999999999999 fetchers\n```\n",
	} {
		if rows, err := table(design); err == nil {
			t.Errorf("%s: read as %v", name, rows)
		}
	}
}

// TestArrowsRunDown gives one import line at a time to the check. A want of 1 is
// a fabricated violation; each of them differs from an allowed line in one thing.
func TestArrowsRunDown(t *testing.T) {
	const inside, external = false, true
	for _, c := range []struct {
		pkg      string
		external bool
		imported string
		want     int
	}{
		{"bench", inside, module + "/fetchers", 0},
		{"bench", inside, "net/http", 0},
		{"bench", inside, "golang.org/x/sync/errgroup", 0},
		{"fetchers", inside, module + "/bench", 1},                    // upwards
		{"bench", inside, module + "/results/report", 1},              // sideways
		{"bench", inside, module + "/bench/unheard", 1},               // not in the table
		{"bench", inside, module, 1},                                  // the top has no package
		{"unheard", inside, "fmt", 1},                                 // not in the table itself
		{"bench", external, module + "/bench", 0},                     // under test
		{"bench", external, module + "/results/report", 0},            // its own row
		{"fetchers", external, module + "/fetchers/fetchertest", 0},   // made for tests
		{"fetchers", inside, module + "/fetchers/fetchertest", 1},     // a cycle in waiting
		{"fetchers", external, module + "/results", 1},                // upwards even so
		{"docs", external, module + "/bench", 0},                      // in no row
		{"bench", inside, "github.com/fetchbench/fetchbench-more", 0}, // somebody else's
	} {
		from := importing{file: "f.go", pkg: c.pkg, external: c.external, paths: []string{c.imported}}
		if got := check([]importing{from}, drawnRows()); len(got) != c.want {
			t.Errorf("%s (external %t) imports %s: got %q, want %d", c.pkg, c.external, c.imported, got, c.want)
		}
	}
}

// TestCoreBudgetStopsThirdParties parses what it checks, so that import lines
// of every form (grouped, blank) are seen to be read.
func TestCoreBudgetStopsThirdParties(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"fetchers/a.go", `package fetchers; import ("sync"; "golang.org/x/sync/semaphore")`, 0},
		{"fetchers/a.go", `package fetchers; import "golang.org/x/synchrony"`, 1},
		{"fetchers/a.go", `package fetchers; import _ "github.com/alitto/pond/v2"`, 1},
		{"fetchers/a_test.go", `package fetchers; import _ "pgregory.net/rapid"`, 0},
		{"fetchers/client/a.go", `package client; import ("net/http"; "golang.org/x/sync/errgroup")`, 1},
		{"fetchers/client/h3/a.go", `package h3; import _ "github.com/quic-go/quic-go"`, 0},
		{"fetchers/adapters/a.go", `package adapters; import _ "github.com/alitto/pond/v2"`, 0},
	} {
		from := importsOf(mustParse(t, c.name, c.text))
		if got := coreBudget([]importing{from}); len(got) != c.want {
			t.Errorf("%s: %s: got %q, want %d", c.name, c.text, got, c.want)
		}
	}
}

// TestImportsOfTellsTestsApart: the name of the file says that it is a test, the
// name of the package says whether it can be imported.
func TestImportsOfTellsTestsApart(t *testing.T) {
	for _, c := range []struct {
		name, text     string
		test, external bool
	}{
		{"bench/a.go", "package bench", false, false},
		{"bench/a_test.go", "package bench", true, false},
		{"bench/a_test.go", "package bench_test", true, true},
	} {
		got := importsOf(mustParse(t, c.name, c.text))
		if got.pkg != "bench" || got.test != c.test || got.external != c.external {
			t.Errorf("%s, %s: got %+v", c.name, c.text, got)
		}
	}
}
