package docs_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"
)

// noInit forbids work that happens because a package was imported. A method may
// bear the name: somebody has to call it.
func noInit(s source) []string {
	return search(s, func(n ast.Node) string {
		f, ok := n.(*ast.FuncDecl)
		if !ok || f.Recv != nil || f.Name.Name != "init" {
			return ""
		}
		return s.at(f.Pos(), "func init runs unasked; call it from where it is needed")
	})
}

// noMutable forbids state that packages share behind the caller's back. What
// stays is written once and never assigned: errors to compare with, compiled
// expressions, embedded files and assertions about types.
func noMutable(s source) []string {
	var complaints []string
	for _, declaration := range s.file.Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			value, ok := spec.(*ast.ValueSpec)
			if ok && !constant(value) {
				complaints = append(complaints, s.at(value.Pos(), "package variable %s; pass a value instead", value.Names[0].Name))
			}
		}
	}
	return complaints
}

// constant reports whether a package variable is one only because Go has no
// constants of its type. Each name must have a value of its own: the results of
// one call cannot be told apart here.
func constant(v *ast.ValueSpec) bool {
	if word(v.Type) == "embed.FS" && len(v.Values) == 0 {
		return true
	}
	for i, name := range v.Names {
		if len(v.Values) != len(v.Names) || !constantValue(name.Name, v.Values[i]) {
			return false
		}
	}
	return true
}

// constantValue decides about one name and its value. The blank name is an
// assertion that a type has its methods: nothing can be assigned to it. An error
// is recognised by its name, so that a reader can tell it from a variable too.
func constantValue(name string, value ast.Expr) bool {
	if name == "_" {
		return true
	}
	call, ok := value.(*ast.CallExpr)
	if !ok {
		return false
	}
	switch word(call.Fun) {
	case "errors.New", "fmt.Errorf":
		return strings.HasPrefix(strings.ToLower(name), "err")
	case "regexp.MustCompile":
		return true
	}
	return false
}

// word spells a qualified name, and is empty for any other expression. It reads
// what is written: an import under another name is not followed, and complained about.
func word(e ast.Expr) string {
	selector, ok := e.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	pkg, ok := selector.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return pkg.Name + "." + selector.Sel.Name
}

// noSilence forbids the comments that switch a linter off for a line: mend the
// line or the linter's settings, where everybody sees it.
func noSilence(s source) []string {
	directive := regexp.MustCompile(`^//\s*(no` + `lint|lint:ignore|lint:file-ignore|revive:disable)\b`)
	var complaints []string
	for _, group := range s.file.Comments {
		for _, comment := range group.List {
			if directive.MatchString(comment.Text) {
				complaints = append(complaints, s.at(comment.Pos(), "a linter is silenced: %s", comment.Text))
			}
		}
	}
	return complaints
}
