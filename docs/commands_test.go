package docs_test

import (
	"os"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/bench"
)

// shown lists the specs that the pages name in commands: what follows an -s.
func shown(t *testing.T) (specs []string) {
	t.Helper()
	for _, page := range []string{"../README.md", "strategies.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			words := strings.Fields(line)
			for i, word := range words {
				if strings.HasPrefix(line, "$ bin/fetchbench run") && word == "-s" && i+1 < len(words) {
					specs = append(specs, strings.Split(words[i+1], ",")...)
				}
			}
		}
	}
	return specs
}

// Every contender that the documents show can be typed as it stands there.
func TestContendersOfTheDocumentsExist(t *testing.T) {
	specs := shown(t)
	const least = 30
	if len(specs) < least {
		t.Errorf("only %d contenders are shown", len(specs))
	}
	for _, spec := range specs {
		if _, err := bench.ParseContender(spec); err != nil {
			t.Error(err)
		}
	}
}

// Whatever a contender can be made of is told of in the page about it.
func TestEveryNameIsDocumented(t *testing.T) {
	text, err := os.ReadFile("strategies.md")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range bench.Specs() {
		names = append(names, s.Name)
	}
	for _, s := range bench.Policies() {
		names = append(names, s.Name)
	}
	for _, s := range bench.Transports() {
		names = append(names, "@"+s.Name)
	}
	for _, name := range names {
		if !strings.Contains(string(text), name) {
			t.Errorf("docs/strategies.md does not mention %s", name)
		}
	}
}
