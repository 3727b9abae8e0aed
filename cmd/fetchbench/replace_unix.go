//go:build unix

package main

import (
	"io"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// replace writes a file beside the path and renames it: what was there stays until
// the new one is whole, and so do its permissions.
func replace(path string, write func(io.Writer) error) error {
	file, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)),
		renameio.WithPermissions(0o666), renameio.WithExistingPermissions())
	if err != nil {
		return err
	}
	defer func() { _ = file.Cleanup() }() // of no effect once it was renamed
	if err := write(file); err != nil {
		return err
	}
	return file.CloseAtomicallyReplace()
}
