package main

import (
	"errors"
	"fmt"

	"github.com/fetchbench/fetchbench/results"
)

// suited refuses what cannot be made of a run, before anything is written: a form that
// is of another kind of run, and limits that name none of its contenders.
func (p products) suited(h results.Header) *failure {
	for _, suits := range p.suits {
		if err := suits(h); err != nil {
			return asFailure(err, exitUsage)
		}
	}
	return p.knownIn(h)
}

// demands are what a run has to be for the forms that were asked for.
func (f *outputFlags) demands() (suits []func(results.Header) error) {
	for _, known := range formats(nil) {
		path := f.files[known.name]
		asked := path != nil && *path != "" || known.name == f.unasked
		if known.suits != nil && asked {
			suits = append(suits, known.suits)
		}
	}
	return suits
}

// isSweep refuses runs that have no sizes.
func isSweep(h results.Header) error {
	if h.Design.Sweep {
		return nil
	}
	return &failure{code: exitUsage, err: errors.New("csv-sizes has a row a size, and this run is no sweep"), hint: "csv has a row a trial, and json says all of a run; fetchbench sweep measures sizes"}
}

// hasSides refuses runs that are no comparison of two.
func hasSides(h results.Header) error {
	n := len(h.Contenders)
	if n == 2 {
		return nil
	}
	return &failure{code: exitUsage, err: fmt.Errorf("ab shows two sides, and this run has %s", counted(n, "contender")), hint: "leave out --format ab for a table of all of them"}
}
