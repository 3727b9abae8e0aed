package main

import (
	"slices"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/app"
	children "github.com/fetchbench/fetchbench/bench/child"
)

// makers make the contenders that package bench does not know.
func makers() []bench.Maker { return []bench.Maker{children.Maker()} }

// launcher starts the programs that serve whole routes.
func launcher() bench.Launcher { return app.Launcher() }

// literal tells whether a contender takes the rest of its flag as it is, commas and all.
func literal(spec string) bool {
	return bench.IsRoute(spec) || slices.ContainsFunc(makers(), func(m bench.Maker) bool { return m.Is(spec) })
}
