//go:build !unix

package app_test

// ignoreSignals has nothing to ignore: there are no signals that end kindly.
func ignoreSignals() {}
