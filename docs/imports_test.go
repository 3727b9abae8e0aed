package docs_test

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// importing is what one file imports, as far as the rules care.
type importing struct {
	file     string
	pkg      string // below the module, "bench/upstream"
	test     bool   // a _test.go file of either kind
	external bool   // of a package of its own, "bench_test", that no one can import
	paths    []string
}

// table finds the rows of the import table in the text of the design: the
// numbered lines of the first fenced block that is marked "imports" or that the
// words "Who may import whom" introduce. A package in no row is in no answer.
func table(design string) (map[string]int, error) {
	row := regexp.MustCompile(`^\s*(\d+)\s+(\S.*)$`)
	rows, found := map[string]int{}, false
	for line := range strings.Lines(design) {
		line = strings.TrimRight(line, "\r\n")
		found = found || line == "```imports" || strings.Contains(line, "Who may import whom")
		cells := row.FindStringSubmatch(line)
		switch {
		case found && len(rows) > 0 && strings.HasPrefix(line, "```"):
			return rows, nil
		case !found || cells == nil:
			continue
		}
		if err := place(rows, cells[1], strings.Fields(cells[2])); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("no closed import table in the design, got %d packages", len(rows))
}

// place puts the packages of one printed row into the table and refuses a
// package that stands in two, for then both answers would be right.
func place(rows map[string]int, number string, packages []string) error {
	n, err := strconv.Atoi(number)
	if err != nil {
		return fmt.Errorf("row of the import table: %w", err)
	}
	for _, pkg := range packages {
		if _, twice := rows[pkg]; twice {
			return fmt.Errorf("package %s stands twice in the import table", pkg)
		}
		rows[pkg] = n
	}
	return nil
}

// check returns one complaint for each arrow that does not run down the table.
//
//   - A package, and tests inside it, may import rows below its own only.
//   - Tests in a package of their own may also import their own row, the package
//     under test included, and from any row a package whose name ends in "test",
//     because that is what such a package is for.
//   - Tests in a folder without a package (these) are in no row and above all.
//
// A package that the table does not name is a complaint of its own.
func check(imports []importing, rows map[string]int) []string {
	var complaints []string
	for _, from := range imports {
		own, known := rows[from.pkg]
		if !known {
			if !from.external {
				complaints = append(complaints, fmt.Sprintf("%s: package %s is not in the import table", from.file, from.pkg))
			}
			continue
		}
		for _, imported := range from.paths {
			to, ours := below(imported)
			if ours && !allowed(from, own, to, rows) {
				complaints = append(complaints, fmt.Sprintf("%s: %s (row %d) must not import %s", from.file, from.pkg, own, to))
			}
		}
	}
	return complaints
}

// allowed decides about one arrow. A target outside the table is not allowed:
// the table is the whole list.
func allowed(from importing, own int, to string, rows map[string]int) bool {
	row, known := rows[to]
	switch {
	case !known:
		return false
	case row < own:
		return true
	default:
		return from.external && (row == own || strings.HasSuffix(path.Base(to), "test"))
	}
}

// below cuts the module from an import path, and says whether it was there. A
// path that only begins with the same letters is somebody else's.
func below(imported string) (string, bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

// coreBudget returns what the core library links beyond its allowance. A
// service that imports fetchers for its strategies gets the standard library
// and golang.org/x/sync, and nothing to keep up to date; one that imports
// fetchers/client gets the standard library. Their tests may use more.
func coreBudget(imports []importing) []string {
	var complaints []string
	for _, from := range imports {
		core := from.pkg == "fetchers"
		if from.test || !core && from.pkg != "fetchers/client" {
			continue
		}
		for _, imported := range from.paths {
			host, _, _ := strings.Cut(imported, "/")
			standard := !strings.Contains(host, ".")
			ours := core && strings.HasPrefix(imported, "golang.org/x/sync/")
			if !standard && !ours {
				complaints = append(complaints, fmt.Sprintf("%s: the core must not import %s", from.file, imported))
			}
		}
	}
	return complaints
}

// importsOf reads the import lines of one file, whatever name an import is
// given there: a blank or renamed import is an arrow like any other.
func importsOf(s source) importing {
	from := importing{file: s.path, pkg: s.folder(), test: s.test()}
	from.external = from.test && strings.HasSuffix(s.file.Name.Name, "_test")
	for _, spec := range s.file.Imports {
		from.paths = append(from.paths, strings.Trim(spec.Path.Value, "`\""))
	}
	return from
}

// TestImportTable reads the table from the design and the arrows from the
// sources, so that neither can change without the other. Rows may name packages
// that are still to come; packages that are here must have a row.
func TestImportTable(t *testing.T) {
	rows, err := table(read(t, "docs/design.md"))
	if err != nil {
		t.Fatal(err)
	}
	var imports []importing
	for _, s := range sources(t) {
		imports = append(imports, importsOf(s))
	}
	complain(t, check(imports, rows))
	complain(t, coreBudget(imports))
	if !slices.ContainsFunc(imports, func(i importing) bool { return i.pkg == "fetchers" && !i.test }) {
		t.Error("no file of package fetchers was read: its budget would pass unseen")
	}
}
