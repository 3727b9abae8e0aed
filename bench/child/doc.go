// Package child runs contenders that are programs in other languages: a process that
// is started once for a run, is told the batch of each trial as lines of JSON on its
// standard input, and answers on its standard output. docs/children.md is the protocol
// for those who write such programs.
//
// Nothing that a child says is believed where it can be known better. The makespan is
// the harness's own, from the order to go to the line that says finished; requests are
// counted by the upstream; and every line is checked. A child that breaks has its
// trials counted as failed, each with the class of how it broke, and the other
// contenders go on. One that lies is named.
//
// It is no sandbox: a child is a program of the user's, with the user's rights. It gets
// no shell, few variables of the environment, and a process group of its own, of which
// nothing is left when the run ends.
//
// Times of the protocol are whole microseconds since the child's own start of a plan,
// limits whole milliseconds.
package child

// The classes of a child that broke. Lies have results.ClassLying.
const (
	ClassMissing    = "child_missing"    // there is no such program, or it cannot be started
	ClassSilent     = "child_silent"     // it did not answer in time
	ClassExit       = "child_exit"       // it ended by itself
	ClassKilled     = "child_killed"     // a signal ended it
	ClassGarbage    = "child_garbage"    // what it wrote is no line of the protocol
	ClassHalfLine   = "child_half_line"  // it ended in the middle of a line
	ClassLongLine   = "child_long_line"  // a line of more than 1 MiB
	ClassVersion    = "child_version"    // it speaks no version that is spoken here
	ClassUnknownID  = "child_unknown_id" // it answered what it was not asked
	ClassDuplicate  = "child_duplicate"  // it answered a request twice
	ClassIncomplete = "child_incomplete" // it left requests out
	ClassBadTime    = "child_bad_time"   // a time that cannot be
	ClassBadCount   = "child_bad_count"  // a number of bytes, a status or a sum that cannot be
	ClassUnexpected = "child_unexpected" // a line of the protocol out of its turn
	ClassRefused    = "child_refused"    // it cannot do what the plan wants, and says so
	ClassError      = "child_error"      // it said that something is wrong
)
