package plot

import "html/template"

// Boxes draws many filled boxes as one element, which takes a third of the room.
func (c *Canvas) Boxes(ink Ink, all []Box) {
	var d []byte
	for _, b := range all {
		if !finite(b.Left, b.Top, b.Width, b.Height) {
			continue
		}
		d = append(to(d, 'M', Point{b.Left, b.Top}), 'h')
		d = append(length(d, b.Width), 'v')
		d = append(length(d, b.Height), 'h')
		d = append(length(d, -b.Width), 'z')
		c.marks++
	}
	if len(d) == 0 {
		return
	}
	c.marks--
	c.begin("path", ink.Class)
	c.attr("d", string(d))
	c.end("path", ink.Tip)
}

// Sample is a canvas without words of its own, for a legend that has them.
func (c *Canvas) Sample() template.HTML {
	head := &Canvas{}
	head.begin("svg", "plot")
	head.attr("aria-hidden", "true")
	head.attr("viewBox", "0 0 "+string(length(nil, c.width))+" "+string(length(nil, c.height)))
	head.body = append(head.body, '>')
	return template.HTML(string(head.body) + string(c.body) + "</svg>") // escaped as it was written
}
