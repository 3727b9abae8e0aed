package bench

import (
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// environment describes the machine. What cannot be found out is empty or 0.
func environment(tool string) results.Environment {
	gogc := os.Getenv("GOGC")
	if gogc == "" {
		gogc = "100"
	}
	return results.Environment{
		Tool: tool, Go: runtime.Version(), OS: runtime.GOOS + "/" + runtime.GOARCH, Kernel: kernel(),
		CPU: cpuModel(file("/proc/cpuinfo")), CPUs: runtime.NumCPU(), MaxProcs: runtime.GOMAXPROCS(0),
		GOGC: gogc, Load: load(file("/proc/loadavg")), Terms: terms(os.DirFS("/")),
	}
}

// file is the content of a small file, or nothing.
func file(path string) string {
	text, _ := os.ReadFile(path) // not there on this system: what it would say is unknown
	return string(text)
}

// cpuModel is the model name in the form of Linux's /proc/cpuinfo.
func cpuModel(cpuinfo string) string {
	for line := range strings.Lines(cpuinfo) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// load is the load of the last minute in the form of Linux's /proc/loadavg.
func load(loadavg string) float64 {
	first, _, _ := strings.Cut(loadavg, " ")
	value, _ := strconv.ParseFloat(first, 64)
	return value
}
