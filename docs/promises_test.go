package docs_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The page of promises, and the variable that names what the tests printed with
// go test -json, from which its columns of tests and results are written anew.
const (
	promisesPage = "reliability.md"
	promisesKey  = "PROMISES"
)

// A proof is a test of a promise: its package and its name without TestR and number.
type proof struct{ folder, name string }

// proofs finds the tests of each promise by its number.
func proofs(t *testing.T) map[string][]proof {
	t.Helper()
	found := map[string][]proof{}
	name := regexp.MustCompile(`(?m)^func TestR(\d+b?)([A-Z]\w*)\(`)
	err := filepath.WalkDir("..", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		code, err := os.ReadFile(path)
		folder := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../")
		for _, test := range name.FindAllStringSubmatch(string(code), -1) {
			found[test[1]] = append(found[test[1]], proof{folder, test[2]})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range found {
		slices.SortFunc(list, func(a, b proof) int { return strings.Compare(a.folder+a.name, b.folder+b.name) })
	}
	return found
}

// tests is the cell that names the tests of a promise, by their folders.
func tests(list []proof) string {
	var cell strings.Builder
	folder := ""
	for _, p := range list {
		switch {
		case p.folder != folder && folder != "":
			cell.WriteString("; " + p.folder + ": ")
		case p.folder != folder:
			cell.WriteString(p.folder + ": ")
		default:
			cell.WriteString(", ")
		}
		folder = p.folder
		cell.WriteString(p.name)
	}
	return cell.String()
}

// results reads what go test -json printed: how each test of a promise ended.
func results(t *testing.T, path string) map[string]map[string]int {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	ended := map[string]map[string]int{}
	number := regexp.MustCompile(`^TestR(\d+b?)[A-Z]\w*$`)
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var event struct{ Action, Test string }
		if json.Unmarshal(lines.Bytes(), &event) != nil || !slices.Contains([]string{"pass", "fail", "skip"}, event.Action) {
			continue
		}
		if test := number.FindStringSubmatch(event.Test); test != nil {
			if ended[test[1]] == nil {
				ended[test[1]] = map[string]int{}
			}
			ended[test[1]][event.Action]++
		}
	}
	return ended
}

// worded is the cell that says how the tests of a promise ended.
func worded(ended map[string]int) string {
	var words []string
	for _, action := range []struct{ name, word string }{{"fail", "FAILED"}, {"pass", "passed"}, {"skip", "skipped"}} {
		if n := ended[action.name]; n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, action.word))
		}
	}
	if words == nil {
		return "not run"
	}
	return strings.Join(words, ", ")
}

// row is a line of a table of promises: number, promise, tests, result.
var row = regexp.MustCompile(`(?m)^\| (\d+b?) \| ([^|]+) \| ([^|]*) \| ([^|]*) \|$`)

// Every promise has a test of its number, every such test has its promise, and the
// table names them all. make promises writes the table with the results.
func TestPromisesHaveTests(t *testing.T) {
	text, err := os.ReadFile(promisesPage)
	if err != nil {
		t.Fatal(err)
	}
	found := proofs(t)
	promised := map[string]bool{}
	for _, cells := range row.FindAllStringSubmatch(string(text), -1) {
		promised[cells[1]] = true
		switch want := tests(found[cells[1]]); {
		case want == "":
			t.Errorf("promise %s has no test", cells[1])
		case cells[3] != want && os.Getenv(promisesKey) == "":
			t.Errorf("promise %s is tested by %q, and %s names %q: run make promises", cells[1], want, promisesPage, cells[3])
		case strings.Contains(cells[4], "FAILED"):
			t.Errorf("promise %s is not kept: %s", cells[1], cells[4])
		}
	}
	for number := range found {
		if !promised[number] {
			t.Errorf("R%s is tested and no promise in %s", number, promisesPage)
		}
	}
	const least = 60
	if len(promised) < least {
		t.Errorf("only %d promises are listed", len(promised))
	}
}

// TestPromisesAreWritten writes the columns of tests and results.
func TestPromisesAreWritten(t *testing.T) {
	path := os.Getenv(promisesKey)
	if path == "" {
		t.Skip("make promises writes the table")
	}
	text, err := os.ReadFile(promisesPage)
	if err != nil {
		t.Fatal(err)
	}
	found, ended := proofs(t), results(t, path)
	out := row.ReplaceAllStringFunc(string(text), func(line string) string {
		cells := row.FindStringSubmatch(line)
		return fmt.Sprintf("| %s | %s | %s | %s |", cells[1], cells[2], tests(found[cells[1]]), worded(ended[cells[1]]))
	})
	if err := os.WriteFile(promisesPage, []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
}
