package plot

// An Axis is a scale with its name. With no Ticks it is not drawn; Words writes the
// number of a tick, and is Number if nil.
type Axis struct {
	Scale Scale
	Label string
	Ticks int
	Words func(float64) string
}

// A Box is a part of a figure.
type Box struct{ Left, Top, Width, Height float64 }

// Right and Bottom are the other sides.
func (b Box) Right() float64 { return b.Left + b.Width }

// Bottom is the side where the axis of X is.
func (b Box) Bottom() float64 { return b.Top + b.Height }

// A Frame is where values are drawn: a box with two axes. X grows to the right and Y
// upwards.
type Frame struct {
	Box
	X, Y Axis
}

// At is the place of two values.
func (f Frame) At(x, y float64) Point { return Point{f.XOf(x), f.YOf(y)} }

// XOf is where a value lies from left to right.
func (f Frame) XOf(x float64) float64 { return f.Left + f.Width*f.X.Scale.Share(x) }

// YOf is where a value lies from top to bottom.
func (f Frame) YOf(y float64) float64 { return f.Bottom() - f.Height*f.Y.Scale.Share(y) }

// Draw draws the grid with the numbers of the axes and their names. Below the box it
// takes Line units for the numbers and Line for the name; the name of Y stands above
// the box and takes Line there, the numbers to the left.
func (f Frame) Draw(c *Canvas) {
	f.drawX(c)
	f.drawY(c)
}

// drawX draws upright lines, their numbers below them.
func (f Frame) drawX(c *Canvas) {
	if f.X.Ticks == 0 {
		return
	}
	for _, v := range f.X.Scale.Ticks(f.X.Ticks) {
		x := f.XOf(v)
		c.Line(Ink{Class: "grid"}, Point{x, f.Top}, Point{x, f.Bottom()})
		c.Text(Ink{Class: "tick"}, Point{x, f.Bottom() + 0.75*Line}, Middle, f.X.word(v))
	}
	c.Line(Ink{Class: "axis"}, Point{f.Left, f.Bottom()}, Point{f.Right(), f.Bottom()})
	if f.X.Label != "" {
		c.Text(Ink{Class: "label"}, Point{f.Right(), f.Bottom() + 1.65*Line}, End, f.X.Label)
	}
}

// drawY draws level lines, their numbers to the left.
func (f Frame) drawY(c *Canvas) {
	if f.Y.Ticks == 0 {
		return
	}
	for _, v := range f.Y.Scale.Ticks(f.Y.Ticks) {
		y := f.YOf(v)
		c.Line(Ink{Class: "grid"}, Point{f.Left, y}, Point{f.Right(), y})
		c.Text(Ink{Class: "tick"}, Point{f.Left - 6, y + 4.5}, End, f.Y.word(v))
	}
	if f.Y.Label != "" {
		c.Text(Ink{Class: "label"}, Point{0, f.Top - 0.5*Line}, Start, f.Y.Label)
	}
}

// word writes the number of a tick.
func (a Axis) word(v float64) string {
	if a.Words == nil {
		return Number(v)
	}
	return a.Words(v)
}
