package upstream

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strconv"
)

// The size of a picture, and of a dot of its digits, in pixels.
const (
	pictureWidth  = 320
	pictureHeight = 200
	dot           = 14
)

// numeral is a digit, three dots wide and five high: five rows of three bits.
func numeral(digit byte) [5]byte {
	return [...][5]byte{
		{7, 5, 5, 5, 7},
		{2, 6, 2, 2, 7},
		{7, 1, 7, 4, 7},
		{7, 1, 7, 1, 7},
		{5, 5, 7, 1, 1},
		{7, 4, 7, 1, 7},
		{7, 4, 7, 5, 7},
		{7, 1, 1, 1, 1},
		{7, 5, 7, 5, 7},
		{7, 5, 7, 1, 7},
	}[digit-'0']
}

// picture draws a number in white on a ground whose colour is the number's own. The
// same number is the same bytes, wherever it is drawn by the same version of Go.
func picture(n int) ([]byte, error) {
	ground := mix(uint64(n))
	shade := func(shift int) uint8 { return uint8(40 + ground>>shift&0x5F) } // dark enough for white
	colours := color.Palette{color.RGBA{shade(0), shade(8), shade(16), 255}, color.White}
	canvas := image.NewPaletted(image.Rect(0, 0, pictureWidth, pictureHeight), colours)
	frame(canvas)
	text := strconv.Itoa(n)
	left := (pictureWidth - (4*len(text)-1)*dot) / 2
	for i := range len(text) {
		stamp(canvas, numeral(text[i]), left+4*i*dot)
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	err := encoder.Encode(&out, canvas)
	return out.Bytes(), err
}

// frame draws a line inside the edge, as comics have it.
func frame(canvas *image.Paletted) {
	const inset, line = 8, 3
	outer := canvas.Rect.Inset(inset)
	draw.Draw(canvas, outer, image.White, image.Point{}, draw.Src)
	draw.Draw(canvas, outer.Inset(line), image.NewUniform(canvas.Palette[0]), image.Point{}, draw.Src)
}

// stamp draws a digit at half the height.
func stamp(canvas *image.Paletted, rows [5]byte, left int) {
	top := (pictureHeight - len(rows)*dot) / 2
	for y, row := range rows {
		for x := range 3 {
			if row>>(2-x)&1 == 1 {
				at := image.Rect(0, 0, dot, dot).Add(image.Pt(left+x*dot, top+y*dot))
				draw.Draw(canvas, at, image.White, image.Point{}, draw.Src)
			}
		}
	}
}
