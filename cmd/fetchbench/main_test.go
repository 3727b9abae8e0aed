package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the test binary the program itself when it is started under
// its name, by a script or by a test that has to signal it. It is on the PATH.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"fetchbench": main, measuredName: measured, "faraway": faraway, "replace-forever": replaceForever, "fetch-all": fetchAll})
}

// environment is that of a person who has run nothing yet: all that the program
// keeps lies in dir, and nothing says how wide or colourful a terminal is.
func environment(dir string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "XDG_STATE_HOME=" + dir + "/state",
		"TMPDIR=" + os.TempDir(), "LANG=C.UTF-8", "TERM=xterm",
		"GORACE=atexit_sleep_ms=0", "GOCOVERDIR=" + os.Getenv("GOCOVERDIR"),
	}
}
