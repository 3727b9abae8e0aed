//go:build linux || darwin

package main

import "golang.org/x/sys/unix"

// freeDisk is how many bytes this user may still write where a folder is.
func freeDisk(dir string) (uint64, error) {
	var s unix.Statfs_t
	err := unix.Statfs(dir, &s)
	return s.Bavail * uint64(s.Bsize), err
}
