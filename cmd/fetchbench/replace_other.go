//go:build !unix

package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// replace writes a file beside the path and renames it: what was there stays until
// the new one is whole. Whether the rename is atomic is up to the system, which is
// why renameio leaves these systems out.
func replace(path string, write func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".fetchbench-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }() // of no effect once it was renamed
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
