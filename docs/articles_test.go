package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// saidByArticles is how many things the articles say that are listed.
const saidByArticles = 32

// A said is a line of the list: what stands in its columns "here" and "tests".
type said struct{ here, tests string }

// saidLines reads the list by its numbers.
func saidLines(page string) map[int]said {
	lines := map[int]said{}
	row := regexp.MustCompile(`(?m)^\| (\d+) \| [^|]+ \| [^|]+ \| ([^|]+) \|([^|]*)\|$`)
	for _, cells := range row.FindAllStringSubmatch(page, -1) {
		number, _ := strconv.Atoi(cells[1]) // which is digits only
		lines[number] = said{cells[2], strings.TrimSpace(cells[3])}
	}
	return lines
}

// namedTests are the tests that a cell names, as folder: Name, Name; folder: file.txtar.
func namedTests(cell string) (list []proof, err error) {
	if cell == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(cell, ";") {
		folder, names, found := strings.Cut(strings.TrimSpace(part), ": ")
		if !found {
			return nil, fmt.Errorf("%q names no folder", part)
		}
		for name := range strings.SplitSeq(names, ",") {
			list = append(list, proof{folder, strings.TrimSpace(name)})
		}
	}
	return list, nil
}

// exists tells whether there is a test of this name in the folder.
func (p proof) exists() (bool, error) {
	folder := filepath.Join(root, filepath.FromSlash(p.folder))
	if strings.HasSuffix(p.name, ".txtar") {
		_, err := os.Stat(filepath.Join(folder, "testdata", "script", p.name))
		return err == nil, nil
	}
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		return false, err
	}
	for _, file := range files {
		code, err := os.ReadFile(file)
		if err != nil || strings.Contains(string(code), "\nfunc Test"+p.name+"(") {
			return err == nil, err
		}
	}
	return false, nil
}

// Each thing that the articles say has a test here that exists, or a line that says why
// it has none.
func TestArticlesAreCovered(t *testing.T) {
	lines := saidLines(read(t, "docs/articles.md"))
	for number := 1; number <= saidByArticles; number++ {
		line, found := lines[number]
		if !found {
			t.Errorf("line %d is missing", number)
			continue
		}
		list, err := namedTests(line.tests)
		if err != nil {
			t.Errorf("line %d: %v", number, err)
		}
		if len(list) == 0 && !strings.HasPrefix(line.here, "none: ") {
			t.Errorf("line %d names no test and does not say why", number)
		}
		for _, p := range list {
			if found, err := p.exists(); err != nil || !found {
				t.Errorf("line %d: there is no test %s in %s (%v)", number, p.name, p.folder, err)
			}
		}
	}
	if len(lines) != saidByArticles {
		t.Errorf("%d lines, want %d", len(lines), saidByArticles)
	}
}

// A list is read with all of its cells, and what is in no folder is no test.
func TestSaidLines(t *testing.T) {
	lines := saidLines("| # | x |\n| 7 | 0, 1 | a | none: b | |\n| 8 | 2 | a | b | docs: SaidLines, No; cmd/fetchbench: run.txtar |\n")
	if lines[7] != (said{"none: b", ""}) || len(lines) != 2 {
		t.Errorf("read %+v", lines)
	}
	list, err := namedTests(lines[8].tests)
	if err != nil || len(list) != 3 {
		t.Fatalf("%v, %v", list, err)
	}
	for i, want := range []bool{true, false, true} {
		if got, err := list[i].exists(); err != nil || got != want {
			t.Errorf("%v: %v, %v, want %v", list[i], got, err, want)
		}
	}
	if _, err := namedTests("Nowhere"); err == nil {
		t.Error("a test without a folder was taken")
	}
}

// What is published of the articles' comparison is whole, of the plan that is here, and
// names nothing of the machine where it was measured.
func TestPublishedArticleIsWhole(t *testing.T) {
	const folder = "results/published/article/"
	if got := read(t, folder+"plan.yaml"); got != read(t, "examples/article.yaml") {
		t.Error("the published run is of another plan than examples/article.yaml: make article")
	}
	for name, want := range map[string]string{
		"run.jsonl":  `"embedded":"article"`,
		"table.txt":  "upstream saw the same",
		"trials.csv": "route:http://127.0.0.1:8001/urls/async",
		"page.html":  "</html>",
	} {
		text := read(t, folder+name)
		if !strings.Contains(text, want) {
			t.Errorf("%s%s has no %s", folder, name, want)
		}
		for _, path := range []string{"/home/", "/root", "/tmp", "/usr/"} {
			if strings.Contains(text, path) {
				t.Errorf("%s%s has a path of somebody's machine: %s", folder, name, path)
			}
		}
	}
}
