package child

import (
	"errors"
	"strings"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/process"
	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// A complained error is what a child says is wrong, and whether it is about to end.
type complained struct {
	bench.Broken
	fatal bool
}

// Error is what the child says.
func (c *complained) Error() string { return c.Broken.Error() }

// Unwrap returns the fault, for those who ask for its class.
func (c *complained) Unwrap() error { return &c.Broken }

// usable tells whether a child may be given another plan after an error: it has
// refused this one, said that it failed, or told a lie in good form.
func usable(err error) bool {
	var said *complained
	if errors.As(err, &said) {
		return !said.fatal
	}
	var broken *bench.Broken
	return errors.As(err, &broken) && (broken.Class == ClassRefused || broken.Class == results.ClassLying)
}

// explain adds to the fault of a child what it last wrote to its standard error.
func (d *dialogue) explain(err error) error {
	var broken *bench.Broken
	if d == nil || !errors.As(err, &broken) || broken.Said != "" {
		return err
	}
	return &bench.Broken{Class: broken.Class, Err: broken.Err, Said: said(d.process.stderr)}
}

// mute is a fault without what the child last said.
func mute(err error) error {
	var broken *bench.Broken
	if !errors.As(err, &broken) {
		return err
	}
	return &bench.Broken{Class: broken.Class, Err: broken.Err}
}

// giveUp ends a child that broke: whatever it still sends would be in the trials of
// others. One that is only silent is asked to stop first.
func (d *dialogue) giveUp(err error) {
	var broken *bench.Broken
	if errors.As(err, &broken) && broken.Class == ClassSilent {
		_ = d.settle() // it is ended in any case
	}
	d.process.close()
}

// settle asks a child to give up its plan, as the trial has ended, and waits for it to
// say that it has. One that does not is of no more use.
func (d *dialogue) settle() error {
	limit := deadline(d.process.limits.patience)
	err := d.process.send(line(signal{"cancel", d.plan}), limit)
	for err == nil {
		var m message
		if m, err = d.last(limit); err == nil && m.Type == "done" {
			return nil
		}
	}
	if err != nil {
		d.process.terminate()
	}
	return d.explain(err)
}

// said is what a child wrote to its standard error, with nothing in it that could move
// the cursor of a terminal.
func said(r *process.Ring) string {
	lines := r.Lines()
	for i, line := range lines {
		lines[i] = report.Clean(line)
	}
	return strings.Join(lines, "\n")
}
