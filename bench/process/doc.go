// Package process has what it takes to start a program of others and to leave nothing
// of it behind: a process group of its own, the end of all that is in it, the little of
// the environment that it is given, the file that lists what it is to fetch, the words of
// its command without a shell, and a ring that keeps the end of what it writes.
//
//	command.SysProcAttr, command.Env = process.Alone(), process.Environ()
//
// It starts nothing by itself, and speaks to nobody. Sizes are bytes.
package process
