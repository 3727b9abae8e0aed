package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every promise has a test of its number, and every such test has its promise.
func TestPromisesHaveTests(t *testing.T) {
	text, err := os.ReadFile("reliability.md")
	if err != nil {
		t.Fatal(err)
	}
	promised := map[string]bool{}
	for _, row := range regexp.MustCompile(`(?m)^\| (\d+b?) \|`).FindAllStringSubmatch(string(text), -1) {
		promised[row[1]] = false
	}
	name := regexp.MustCompile(`(?m)^func TestR(\d+b?)[A-Z]\w*\(`)
	err = filepath.WalkDir("..", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		code, err := os.ReadFile(path)
		for _, test := range name.FindAllStringSubmatch(string(code), -1) {
			if _, known := promised[test[1]]; !known {
				t.Errorf("%s: %s has no promise in reliability.md", path, test[0])
			}
			promised[test[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	const least = 60
	if len(promised) < least {
		t.Errorf("only %d promises are listed", len(promised))
	}
	for number, tested := range promised {
		if !tested {
			t.Errorf("promise %s has no test", number)
		}
	}
}
