// Package plot draws figures as SVG: scales with round ticks, axes, and marks such as
// dots, bars, bands and lines. It knows nothing of what they show.
//
// All that goes into a figure is escaped, so that a name may be anything; numbers have
// a fixed number of decimals and never an exponent; what is not finite is not drawn.
// Colours are classes only: Style returns the sheet that gives them their meaning, in light
// and in dark, and a figure has no style of its own, as a strict Content Security
// Policy wants it. Colour is never alone: Series differ by shape and dash as well.
//
// All lengths are units of the figure. It is as wide as its place, whatever that is, so
// a unit is about a pixel on a desk and half of one on a phone, where Style makes the
// letters larger: leave Line units for a line of text, and seven ticks to a width.
//
//	c := plot.New(plot.Width, 200)
//	f := plot.Frame{Box: plot.Box{Left: 40, Top: 8, Width: 580, Height: 150}, X: x, Y: y}
//	f.Draw(c)
//	c.Polyline(plot.Ink{Class: plot.Series(0)}, points)
//	svg := c.HTML("ecdf", "Latency", "The share of requests that were at least as fast.")
package plot

import (
	"embed"
	"math"
	"strconv"
)

//go:embed style.css
var files embed.FS

// Style is the style sheet of the figures. It takes its colours from variables that
// are in it too, for light and for dark.
func Style() string {
	text, err := files.ReadFile("style.css")
	if err != nil {
		panic(err) // it is part of the program
	}
	return string(text)
}

// Width is how wide a figure is, and Line how much a line of text needs.
const (
	Width = 640
	Line  = 24
)

// A Point is a place in a figure. Y grows downwards.
type Point struct{ X, Y float64 }

// An Ink says how a mark looks. Class has one or more classes of Style, separated by
// spaces. Tip shows when the pointer rests on the mark.
type Ink struct{ Class, Tip string }

// series is how many series look different before they look alike again.
const series = 8

// Series is the class of the i-th series: a colour, and a dash where it is a line.
func Series(i int) string { return "s" + strconv.Itoa(i%series) }

// finite tells whether all of the numbers can be drawn.
func finite(all ...float64) bool {
	for _, v := range all {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// Number writes a number as short as it is: what the last digits of a float add to it
// is left out.
func Number(v float64) string {
	const digits = 9
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	if err != nil || rounded == 0 {
		return "0" // and not -0
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
