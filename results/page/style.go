package page

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/fetchbench/fetchbench/results/plot"
)

// Style is the style sheet of the page and its figures, for pages that are to look
// like it.
func Style() (template.CSS, error) {
	own, err := files.ReadFile("page.css")
	if err != nil {
		return "", fmt.Errorf("read the style of the page: %w", err)
	}
	return template.CSS(plot.Style() + string(own)), nil // ours, both of them
}

// TableFuncs are what a template needs for tables that the style sheet fits to a phone.
// Kind is the class of a column by its head: intervals are left out where there is no
// room for them and for what they are of. Parts cuts a name after its last slash and its
// last colon, where a line may end; there are always three, so that no name changes the
// shape of a page.
func TableFuncs() template.FuncMap {
	return template.FuncMap{
		"kind": func(head string) string {
			if strings.HasSuffix(head, " interval") {
				return "interval"
			}
			return "value"
		},
		"parts": func(name string) [3]string {
			colon, slash := strings.LastIndex(name, ":")+1, strings.LastIndex(name, "/")+1
			if colon == 1 {
				colon = 0 // as in :8001, which is a port
			}
			one, other := min(colon, slash), max(colon, slash)
			return [3]string{name[:one], name[one:other], name[other:]}
		},
	}
}
