package plot

import "html"

// Line draws a straight line.
func (c *Canvas) Line(ink Ink, from, to Point) {
	if !finite(from.X, from.Y, to.X, to.Y) {
		return
	}
	c.begin("line", ink.Class)
	c.number("x1", from.X)
	c.number("y1", from.Y)
	c.number("x2", to.X)
	c.number("y2", to.Y)
	c.end("line", ink.Tip)
}

// Rect draws a bar or a band. It may be given by any two opposite corners.
func (c *Canvas) Rect(ink Ink, one, other Point) {
	if !finite(one.X, one.Y, other.X, other.Y) {
		return
	}
	c.begin("rect", ink.Class)
	c.number("x", min(one.X, other.X))
	c.number("y", min(one.Y, other.Y))
	c.number("width", max(one.X, other.X)-min(one.X, other.X))
	c.number("height", max(one.Y, other.Y)-min(one.Y, other.Y))
	c.end("rect", ink.Tip)
}

// Dot draws a disc.
func (c *Canvas) Dot(ink Ink, at Point, radius float64) {
	if !finite(at.X, at.Y, radius) {
		return
	}
	c.begin("circle", ink.Class)
	c.number("cx", at.X)
	c.number("cy", at.Y)
	c.number("r", radius)
	c.end("circle", ink.Tip)
}

// shapes are the outlines of Mark around the origin, as fractions of its radius.
func shapes() [][]Point {
	return [][]Point{
		{{0, -1.25}, {1.25, 0}, {0, 1.25}, {-1.25, 0}},
		{{-0.9, -0.9}, {0.9, -0.9}, {0.9, 0.9}, {-0.9, 0.9}},
		{{0, -1.2}, {1.15, 0.8}, {-1.15, 0.8}},
		{{0, 1.2}, {1.15, -0.8}, {-1.15, -0.8}},
		{{-0.4, -1.1}, {0.4, -1.1}, {0.4, -0.4}, {1.1, -0.4}, {1.1, 0.4}, {0.4, 0.4}, {0.4, 1.1}, {-0.4, 1.1}, {-0.4, 0.4}, {-1.1, 0.4}, {-1.1, -0.4}, {-0.4, -0.4}},
	}
}

// Mark draws the shape of the i-th series: a disc, diamond, square, triangle up,
// triangle down or cross. Those who see no colours tell series apart by it.
func (c *Canvas) Mark(ink Ink, i int, at Point, radius float64) {
	all := shapes()
	i %= len(all) + 1
	if i == 0 {
		c.Dot(ink, at, radius)
		return
	}
	var outline []Point
	for _, p := range all[i-1] {
		outline = append(outline, Point{at.X + radius*p.X, at.Y + radius*p.Y})
	}
	c.path(ink, outline, true)
}

// Cross draws what was not reached: an upright x.
func (c *Canvas) Cross(ink Ink, at Point, radius float64) {
	r := radius
	c.begin("path", "cross "+ink.Class)
	var d []byte
	d = to(d, 'M', Point{at.X - r, at.Y - r})
	d = to(d, 'L', Point{at.X + r, at.Y + r})
	d = to(d, 'M', Point{at.X - r, at.Y + r})
	d = to(d, 'L', Point{at.X + r, at.Y - r})
	c.attr("d", string(d))
	c.end("path", ink.Tip)
}

// Dots draws many equal dots as one element, which takes a fifth of the room. Their
// size is the class's.
func (c *Canvas) Dots(ink Ink, at []Point) {
	var d []byte
	for _, p := range at {
		if finite(p.X, p.Y) {
			d = append(to(d, 'M', p), "h0"...)
			c.marks++
		}
	}
	if len(d) == 0 {
		return
	}
	c.marks--
	c.begin("path", "dots "+ink.Class)
	c.attr("d", string(d))
	c.end("path", ink.Tip)
}

// Polyline draws straight lines from point to point.
func (c *Canvas) Polyline(ink Ink, at []Point) {
	ink.Class = "curve " + ink.Class
	c.path(ink, at, false)
}

// Steps draws a line that keeps its height until the next point.
func (c *Canvas) Steps(ink Ink, at []Point) {
	var corners []Point
	for i, p := range at {
		if i > 0 {
			corners = append(corners, Point{p.X, at[i-1].Y})
		}
		corners = append(corners, p)
	}
	c.Polyline(ink, corners)
}

// Area fills what lies between two lines which both run from left to right.
func (c *Canvas) Area(ink Ink, upper, lower []Point) {
	outline := append([]Point(nil), upper...)
	for i := range lower {
		outline = append(outline, lower[len(lower)-1-i])
	}
	c.path(ink, outline, true)
}

// path draws one stroke through the points that there are.
func (c *Canvas) path(ink Ink, at []Point, closed bool) {
	var d []byte
	command := byte('M')
	for _, p := range at {
		if finite(p.X, p.Y) {
			d = to(d, command, p)
			command = 'L'
		}
	}
	if len(d) == 0 {
		return
	}
	if closed {
		d = append(d, 'Z')
	}
	c.begin("path", ink.Class)
	c.attr("d", string(d))
	c.end("path", ink.Tip)
}

// to appends a command of a path.
func to(d []byte, command byte, p Point) []byte {
	d = length(append(d, command), p.X)
	return length(append(d, ' '), p.Y)
}

// An Anchor says which end of a text is at its point.
type Anchor string

// The anchors of a text.
const (
	Start  Anchor = "start"
	Middle Anchor = "middle"
	End    Anchor = "end"
)

// Text writes a text on one line, its base line at the point.
func (c *Canvas) Text(ink Ink, at Point, anchor Anchor, text string) {
	if !finite(at.X, at.Y) {
		return
	}
	c.begin("text", ink.Class)
	c.number("x", at.X)
	c.number("y", at.Y)
	if anchor != Start {
		c.attr("text-anchor", string(anchor))
	}
	c.body = append(c.body, '>')
	c.text(ink.Tip, text)
}

// text ends a text element, with its tip before the text.
func (c *Canvas) text(tip, text string) {
	if tip != "" {
		c.element("title", tip)
	}
	c.body = append(c.body, html.EscapeString(text)...)
	c.close("text")
}
