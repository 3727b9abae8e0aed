package main

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// The measures of a drawing: those of a monospaced character at 14 px, whose width is
// six tenths of its size in all fonts that are named. Each line says how long it is, so
// that one with other ideas changes nothing.
const (
	cellWidth  = 8.4
	lineHeight = 20
	margin     = 16
)

// look is the style of a drawing: that of a page by day, and of one by night for those
// who have asked for it. All colours have a contrast of 4.5 at least.
const look = `
  text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; white-space: pre; fill: #1f2328 }
  rect { fill: #f6f8fa; stroke: #d1d9e0 }
  .typed { font-weight: 600 } .dim { fill: #59636e } .good { fill: #116329 } .bad { fill: #a40e26 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } rect { fill: #161b22; stroke: #3d444d }
    .dim { fill: #9198a1 } .good { fill: #56d364 } .bad { fill: #ff7b72 }
  }
`

// drawing is a terminal as a picture: the line that was typed and what came, with its
// colours. Whatever stands in the text is drawn and never markup.
func drawing(prompt, text string) []byte {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	columns := utf8.RuneCountInString(prompt)
	for _, line := range lines {
		columns = max(columns, utf8.RuneCountInString(bare(line)))
	}
	width, height := float64(columns)*cellWidth+2*margin, (len(lines)+1)*lineHeight+2*margin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %d" width="%.0f" height="%d" role="img">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, "<title>%s</title>\n<desc>%s</desc>\n<style>%s</style>\n", html.EscapeString(prompt), html.EscapeString(bare(text)), look)
	fmt.Fprintf(&b, `<rect x="0.5" y="0.5" width="%.0f" height="%d" rx="8"/>`+"\n", width-1, height-1)
	mark, command := prompt[:2], prompt[2:]
	line(&b, 0, prompt, fmt.Sprintf(`<tspan class="dim">%s</tspan><tspan class="typed">%s</tspan>`, html.EscapeString(mark), html.EscapeString(command)))
	colour := ""
	for i, text := range lines {
		var spans string
		spans, colour = coloured(text, colour)
		line(&b, i+1, bare(text), spans)
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// line puts a line of text in its place; an empty one needs none.
func line(b *strings.Builder, row int, text, spans string) {
	if length := utf8.RuneCountInString(text); strings.TrimSpace(text) != "" {
		const ascent = 15
		fmt.Fprintf(b, `<text x="%d" y="%d" textLength="%.1f" xml:space="preserve">%s</text>`+"\n",
			margin, margin+row*lineHeight+ascent, float64(length)*cellWidth, spans)
	}
}

// coloured turns the colours of a terminal into classes. A colour goes on until another
// comes, over the ends of lines.
func coloured(text, colour string) (spans, after string) {
	var b strings.Builder
	for i, part := range strings.Split(text, "\x1b[") {
		if i > 0 {
			code, rest, _ := strings.Cut(part, "m")
			colour, part = class(code), rest
		}
		switch {
		case part == "":
		case colour == "":
			b.WriteString(html.EscapeString(part))
		default:
			fmt.Fprintf(&b, `<tspan class="%s">%s</tspan>`, colour, html.EscapeString(part))
		}
	}
	return b.String(), colour
}

// class is what a colour of the terminal means here.
func class(code string) string {
	switch code {
	case "32":
		return "good"
	case "31":
		return "bad"
	}
	return ""
}

// bare is a text without its colours.
func bare(text string) string {
	var b strings.Builder
	for i, part := range strings.Split(text, "\x1b[") {
		if i > 0 {
			_, part, _ = strings.Cut(part, "m")
		}
		b.WriteString(part)
	}
	return b.String()
}
