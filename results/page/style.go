package page

import (
	"fmt"
	"html/template"

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
