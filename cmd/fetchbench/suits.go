package main

import (
	"errors"
	"fmt"

	"github.com/fetchbench/fetchbench/results"
	"github.com/spf13/pflag"
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

// filled refuses the first of the flags that is given and empty, which is what a variable
// that is not set makes of it: what it asks for would go nowhere.
func filled(flags *pflag.FlagSet, names ...string) error {
	for _, name := range names {
		if flag := flags.Lookup(name); flag != nil && flag.Changed && flag.Value.String() == "" {
			kind, _ := pflag.UnquoteUsage(flag)
			return &failure{code: exitUsage, err: fmt.Errorf("--%s is empty: it takes a %s", name, kind), hint: "set the variable that it comes from, or leave the flag out"}
		}
	}
	return nil
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
