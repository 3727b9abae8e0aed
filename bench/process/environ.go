package process

import (
	"os"
	"slices"
)

// Environ is what a program gets of the environment: what programs and the runtimes of
// their languages are found and set up by. The rest is not its business: tokens live
// there. Proxies are taken away, because a program that goes by way of one is no
// match for one that does not. More is added.
func Environ(more ...string) []string {
	var out []string
	for _, name := range passed() {
		if value, set := os.LookupEnv(name); set {
			out = append(out, name+"="+value)
		}
	}
	return slices.Concat(out, []string{"NO_PROXY=*", "no_proxy=*", "PYTHONUNBUFFERED=1"}, more)
}

// passed lists the variables that a program gets.
func passed() []string {
	return []string{
		"PATH", "HOME", "USER", "TMPDIR", "TEMP", "TMP", "TZ", "LANG", "LC_ALL", "LC_CTYPE",
		"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT",
		"GOMAXPROCS", "GOGC", "GOMEMLIMIT", "GODEBUG", "GOTRACEBACK", "GORACE", "GOCOVERDIR",
		"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYENV_ROOT", "PYENV_VERSION",
		"NODE_PATH", "NVM_DIR", "JAVA_HOME", "GEM_PATH", "GEM_HOME",
	}
}
