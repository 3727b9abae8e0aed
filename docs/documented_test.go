package docs_test

import (
	"cmp"
	"go/ast"
	"slices"
	"strings"
)

// exportedDocs asks for a doc comment on every name that a package promises to
// others. The names in tests are promised to no one.
func exportedDocs(s source) []string {
	if s.test() {
		return nil
	}
	var complaints []string
	for _, declaration := range s.file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			complaints = append(complaints, functionDoc(s, d)...)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				complaints = append(complaints, specDoc(s, d, spec)...)
			}
		}
	}
	return complaints
}

// functionDoc looks at a function, or at a method of an exported type. A method
// that an interface asks for is documented all the same: what it costs or refuses
// is not the interface's to say.
func functionDoc(s source, f *ast.FuncDecl) []string {
	reachable := f.Recv == nil || ast.IsExported(receiver(f))
	if !f.Name.IsExported() || !reachable || f.Doc != nil {
		return nil
	}
	return []string{undocumented(s, f.Name)}
}

// receiver names the type that a method belongs to, through the pointer and the
// type parameters that may stand around it.
func receiver(f *ast.FuncDecl) string {
	expr := f.Recv.List[0].Type
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.IndexListExpr:
			expr = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}

// specDoc looks at the names of one line of a type, const or var declaration.
// One comment may serve a group of constants or variables, and a comment behind
// the name serves as well as one above it; a type has its own.
func specDoc(s source, group *ast.GenDecl, spec ast.Spec) []string {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		if spec.Name.IsExported() && spec.Doc == nil && (group.Doc == nil || group.Lparen.IsValid()) {
			return []string{undocumented(s, spec.Name)}
		}
	case *ast.ValueSpec:
		return valueDoc(s, group, spec)
	}
	return nil
}

// valueDoc looks at constants and variables. Each name on an undocumented line
// is a complaint, since each is one that a reader cannot look up.
func valueDoc(s source, group *ast.GenDecl, spec *ast.ValueSpec) []string {
	if group.Doc != nil || spec.Doc != nil || spec.Comment != nil {
		return nil
	}
	var complaints []string
	for _, name := range spec.Names {
		if name.IsExported() {
			complaints = append(complaints, undocumented(s, name))
		}
	}
	return complaints
}

// undocumented words the complaint about one name. What a comment says is for
// readers to judge; that it begins with the name, for the linter.
func undocumented(s source, name *ast.Ident) string {
	return s.at(name.Pos(), "exported %s has no doc comment", name.Name)
}

// packageDocs asks each package for one doc comment in any of its files. That
// of a package others import begins "Package name", as go doc expects.
func packageDocs(all []source) []string {
	documented, first := map[string]bool{}, map[string]source{}
	for _, s := range all {
		key := s.folder() + " " + strings.TrimSuffix(s.file.Name.Name, "_test")
		first[key] = cmp.Or(first[key], s)
		begins := "Package " + s.file.Name.Name + " "
		doc := s.file.Doc.Text()
		documented[key] = documented[key] || doc != "" && (s.file.Name.Name == "main" || strings.HasPrefix(doc, begins))
	}
	var complaints []string
	for key, s := range first {
		if !documented[key] {
			complaints = append(complaints, s.at(s.file.Package, "package %s has no doc comment", s.file.Name.Name))
		}
	}
	slices.Sort(complaints)
	return complaints
}
