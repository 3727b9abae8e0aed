//go:build !unix

package contender

// used is not known here.
func used() usage { return usage{} }
