package page

import (
	"fmt"
	"html/template"
	"iter"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// A Figure is a picture of the page with its words, and its numbers for those who do
// not see it.
type Figure struct {
	// ID names it within the page: a plain word, which SVG was made with.
	ID string
	// Title says what is shown, Caption how to read it, and Description what there
	// is to see, for those who cannot.
	Title, Caption, Description string
	SVG                         template.HTML
	// Legend says which series is which; empty where the figure does by itself.
	Legend []Key
	// Table has the same numbers.
	Table report.Table
	// Wide asks for the whole width of the page.
	Wide bool
}

// A Key is an entry of a legend: a sample of how it is drawn, and its name.
type Key struct {
	Sample template.HTML
	Name   string
}

// An Input is what figures are made of.
type Input struct {
	*results.Judgement
	// Unit is that of the tables.
	Unit report.Unit
	// Trials streams the trials with their requests from the journal, warm-up rounds
	// included; nil where there are none.
	Trials func() iter.Seq2[*results.Trial, error]
	// drawn is what gathered has read.
	drawn *gathering
	// looks are those that Look has dealt out.
	looks map[string]int
}

// A Maker makes a figure, or tells that it has nothing to show for this run.
type Maker func(in *Input) (f Figure, shown bool, err error)

// makers lists the figures in the order of the page.
func makers() []Maker {
	return []Maker{drawSweep, strips, speedUps, drawWaterfall, ecdf}
}

// figures makes all that have something to show.
func figures(in *Input) ([]Figure, error) {
	var all []Figure
	for _, make := range makers() {
		f, shown, err := make(in)
		if err != nil {
			return nil, fmt.Errorf("draw a figure of run %q: %w", in.Run.ID, err)
		}
		if shown {
			all = append(all, f)
		}
	}
	widen(all)
	return all, nil
}

// widen gives its whole row to the last figure where none would stand beside it: figures
// that are not wide stand in twos.
func widen(all []Figure) {
	last, narrow := -1, 0
	for i := range all {
		if !all[i].Wide {
			last, narrow = i, narrow+1
		}
	}
	if narrow%2 == 1 {
		all[last].Wide = true
	}
}

// Name is a contender's name, clean and short enough for a figure.
func (in *Input) Name(name string) string { return report.NameIn(in.Run, name) }

// Place is where a contender stands in the run; -1 for an unknown one.
func (in *Input) Place(name string) int {
	for i := range in.Contenders {
		if in.Contenders[i].Name == name {
			return i
		}
	}
	return -1
}
