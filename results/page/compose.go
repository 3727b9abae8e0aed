package page

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/plot"
	"github.com/fetchbench/fetchbench/results/report"
)

//go:embed page.html page.css charts.css
var files embed.FS

// A content is what the template fills in.
type content struct {
	Options
	// Policy and Style belong together: the first permits the second and no other.
	Policy string
	Style  template.CSS
	// Facts say in a line what was measured and when.
	Facts    []string
	Method   string
	Lead     report.Headline
	Picture  *Figure
	View     report.View
	Figures  []Figure
	Sections []Section
}

// layout parses the template.
func layout() (*template.Template, error) {
	sheet, err := template.New("page.html").Funcs(TableFuncs()).ParseFS(files, "page.html")
	if err != nil {
		return nil, fmt.Errorf("read the template of the page: %w", err)
	}
	return sheet, nil
}

// compose gathers what stands on the page.
func compose(j *results.Judgement, o Options) (*content, error) {
	view, err := report.Look(j, report.Options{Cost: true})
	if err != nil {
		return nil, err
	}
	for i := range view.Meaning {
		view.Meaning[i].Text = glued(view.Meaning[i].Text)
	}
	for i, warning := range view.Warnings {
		view.Warnings[i] = strings.TrimPrefix(warning, "warning: ") // they stand under that word
	}
	in := &Input{Judgement: j, Unit: report.UnitOf(j), Trials: o.Trials}
	all, err := figures(in)
	if err != nil {
		return nil, err
	}
	css := plot.Style()
	for _, name := range []string{"page.css", "charts.css"} {
		own, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read the style of the page: %w", err)
		}
		css += string(own)
	}
	lead := report.Lead(j)
	lead.Evidence = glued(lead.Evidence)
	c := &content{
		Options: o, Policy: policy(css), Style: template.CSS(css), // ours, both of them
		Facts: facts(j.Run), Method: method(j.Run), Lead: lead, View: view, Figures: all,
		Sections: sections(j.Run, o.Command),
	}
	if picture, shown := medians(in); shown {
		c.Picture = &picture
	}
	return c, nil
}

// policy forbids the page to load, run or send anything, and to have any style but
// the one of this hash.
func policy(css string) string {
	sum := sha256.Sum256([]byte(css))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}

// glued keeps together what is read at one glance, as in p = 0.002.
func glued(text string) string {
	const space = "\u00a0"
	return strings.NewReplacer(" = ", space+"="+space, " < ", space+"<"+space, " %", space+"%").Replace(text)
}
