package upstream

import (
	"os"
	"slices"
)

// inherited is what a child gets of the environment: what a Go program and its tests
// are set up by. The rest is not its business: tokens live there, and a process that
// serves strangers on loopback needs none.
func inherited() []string {
	var kept []string
	for _, name := range passed() {
		if value, set := os.LookupEnv(name); set {
			kept = append(kept, name+"="+value)
		}
	}
	return slices.Clip(kept)
}

// passed lists the variables that a child gets.
func passed() []string {
	return []string{
		"PATH", "HOME", "TMPDIR", "TEMP", "TMP", "TZ", "LANG", "LC_ALL",
		"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT",
		"GOMAXPROCS", "GOGC", "GOMEMLIMIT", "GODEBUG", "GOTRACEBACK", "GORACE", "GOCOVERDIR",
	}
}
