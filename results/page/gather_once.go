package page

// gathered reads the requests the first time that a figure needs them, and not again.
// It is nil where there are none to read.
func (in *Input) gathered() (*gathering, error) {
	if in.Trials == nil || in.Run.Imported {
		return nil, nil
	}
	if in.drawn == nil {
		g, err := gather(in.Run, in.Trials())
		if err != nil {
			return nil, err
		}
		in.drawn = g
	}
	return in.drawn, nil
}
