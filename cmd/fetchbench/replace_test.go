package main

import (
	"fmt"
	"io"
	"os"

	"github.com/fetchbench/fetchbench/results"
)

// The points at which a process that replaces a file kills itself, and the one
// that goes on until somebody else does.
const (
	atBegin   = "begin"
	atHalf    = "half"
	atWritten = "written"
	atReplace = "replaced"
	never     = "never"
)

// versionLines is how often a version of the file says which one it is; it is more
// than any buffer holds.
const versionLines = 20_000

// replaceForever is a program that replaces the file named by its first argument
// with one version after the other, and acknowledges each. At the point that its
// second argument names it ends, in version 3, as by kill -9.
func replaceForever() {
	path, point := os.Args[1], os.Args[2]
	for version := 0; ; version++ {
		die := func(at string) {
			if version == 3 && at == point {
				self, _ := os.FindProcess(os.Getpid()) // it is there
				_ = self.Kill()                        // and nothing comes after this
				select {}
			}
		}
		err := saveFile(output{path: path, write: func(w io.Writer, _ *results.Judgement, _ string) error {
			die(atBegin)
			for line := range versionLines {
				if _, err := fmt.Fprintln(w, version); err != nil {
					return err
				}
				if line == versionLines/2 {
					die(atHalf)
				}
			}
			die(atWritten)
			return nil
		}}, nil, "")
		die(atReplace)
		if err == nil {
			_, err = fmt.Println(version)
		}
		if err != nil {
			os.Exit(1)
		}
	}
}
