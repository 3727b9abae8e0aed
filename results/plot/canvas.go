package plot

import (
	"html"
	"html/template"
	"strconv"
	"strings"
)

// A Canvas is a figure in the making. What is drawn later lies on top.
type Canvas struct {
	width, height float64
	body          []byte
	marks         int
	open          int
}

// New is an empty canvas.
func New(width, height float64) *Canvas { return &Canvas{width: width, height: height} }

// Marks is how many marks there are. Whoever would draw more than MostMarks bins.
func (c *Canvas) Marks() int { return c.marks }

// MostMarks is how many marks a figure may have.
const MostMarks = 5000

// begin opens an element with its class.
func (c *Canvas) begin(name, class string) {
	c.body = append(append(c.body, '<'), name...)
	if class != "" {
		c.attr("class", class)
	}
}

// attr adds an attribute. Its value may be anything.
func (c *Canvas) attr(name, value string) {
	c.body = append(append(append(c.body, ' '), name...), `="`...)
	c.body = append(append(c.body, html.EscapeString(value)...), '"')
}

// number adds an attribute that is a length.
func (c *Canvas) number(name string, v float64) {
	c.body = append(append(append(c.body, ' '), name...), `="`...)
	c.body = append(length(c.body, v), '"')
}

// end closes an element of which only the tip is within.
func (c *Canvas) end(name, tip string) {
	c.marks++
	if tip == "" {
		c.body = append(c.body, "/>"...)
		return
	}
	c.body = append(c.body, '>')
	c.element("title", tip)
	c.close(name)
}

// element writes a text within an element.
func (c *Canvas) element(name, text string) {
	c.body = append(append(append(c.body, '<'), name...), '>')
	c.body = append(c.body, html.EscapeString(text)...)
	c.close(name)
}

// close ends an element.
func (c *Canvas) close(name string) {
	c.body = append(append(append(c.body, "</"...), name...), '>')
}

// Group begins a group of marks which share the class and the tip, so that neither has
// to be said for each. It lasts until End.
func (c *Canvas) Group(ink Ink) {
	c.begin("g", ink.Class)
	c.body = append(c.body, '>')
	if ink.Tip != "" {
		c.element("title", ink.Tip)
	}
	c.open++
}

// End ends the innermost group.
func (c *Canvas) End() {
	if c.open > 0 {
		c.open--
		c.close("g")
	}
}

// length appends a length: two decimals at most, and no zeros at the end.
func length(to []byte, v float64) []byte {
	if !finite(v) {
		v = 0
	}
	to = strconv.AppendFloat(to, v, 'f', 2, 64)
	for to[len(to)-1] == '0' {
		to = to[:len(to)-1]
	}
	if to[len(to)-1] == '.' {
		to = to[:len(to)-1]
	}
	return to
}

// HTML is the figure. The id must be unlike all others on its page; title and
// description are for those who do not see it.
func (c *Canvas) HTML(id, title, description string) template.HTML {
	for c.open > 0 {
		c.End()
	}
	head := &Canvas{}
	head.begin("svg", "plot")
	head.attr("role", "img")
	head.attr("viewBox", "0 0 "+string(length(nil, c.width))+" "+string(length(nil, c.height)))
	head.attr("aria-labelledby", id+"-title "+id+"-desc")
	head.body = append(head.body, '>')
	for _, part := range []struct{ name, text string }{{"title", title}, {"desc", description}} {
		head.begin(part.name, "")
		head.attr("id", id+"-"+part.name)
		head.body = append(head.body, '>')
		head.body = append(head.body, html.EscapeString(part.text)...)
		head.close(part.name)
	}
	var out strings.Builder
	out.Write(head.body)
	out.Write(c.body)
	out.WriteString("</svg>")
	return template.HTML(out.String()) // all text in it was escaped as it was written
}
