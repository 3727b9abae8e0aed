package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	processes "github.com/fetchbench/fetchbench/bench/process"
)

// An aid is a program that something here needs.
type aid struct {
	name string
	argv []string // asks for its version
	help string
}

// aids lists the programs, but Python, which is asked for its modules too.
func aids() []aid {
	debian := func(pkg, what string) string { return fmt.Sprintf("apt install %s, or make setup: %s", pkg, what) }
	return []aid{
		{"go", []string{"go", "version"}, "install Go 1.26 or later: make and the template of a contender need it"},
		{"node", []string{"node", "--version"}, debian("nodejs", "for the contenders in examples/children/node")},
		{"npm", []string{"npm", "--version"}, debian("npm", "to install undici")},
		{"curl", []string{"curl", "--version"}, debian("curl", "for the contender in examples/children/curl")},
		{"gunicorn", []string{"gunicorn", "--version"}, debian("gunicorn", "to serve web apps in Python")},
		{"chromium", []string{"chromium", "--version"}, debian("chromium", "for the tests that look at pages")},
		{"nginx", []string{"nginx", "-v"}, debian("nginx", "for the test against a real server")},
		{"strace", []string{"strace", "--version"}, debian("strace", "for the tests in which a disk fails")},
		{"ip", []string{"ip", "-V"}, debian("iproute2", "for the tests in a network of their own")},
	}
}

// tool asks a program for its version.
func (d doctor) tool(ctx context.Context, t aid) finding {
	f := finding{Name: t.name, State: stateMissing, Help: t.help}
	path, err := found(t.argv[0])
	if err != nil {
		f.Found = "not in PATH"
		return f
	}
	text, err := d.ask(ctx, path, t.argv[1:]...)
	if err != nil {
		f.Found, f.Help = fmt.Sprintf("%s does not say its version (%v)", path, cause(err)), "reinstall it: "+t.help
		return f
	}
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	const most = 60
	f.State, f.Found, f.Help = stateOK, string([]rune(line)[:min(most, len([]rune(line)))]), ""
	return f
}

// found looks a program up in PATH, and where Debian keeps those of administrators.
func found(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err == nil {
		return path, nil
	}
	for _, folder := range []string{"/usr/sbin", "/sbin"} {
		if path, other := exec.LookPath(filepath.Join(folder, name)); other == nil {
			return path, nil
		}
	}
	return "", err
}

// ask starts a program and returns what it says; on standard error only where there is
// nothing else, because some complain there and some tell their version. It gets the environment of a contender,
// and a folder without anybody's modules in it.
func (d doctor) ask(ctx context.Context, path string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, d.limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env, cmd.Dir, cmd.WaitDelay = processes.Environ(), string(filepath.Separator), time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return "", fmt.Errorf("no answer within %v", d.limit)
	case stdout.Len() == 0:
		return stderr.String(), err
	}
	return stdout.String(), err
}

// modules are what the contenders and web apps in Python import.
func modules() []string { return []string{"aiohttp", "flask", "httpx", "requests"} }

// versions asks a Python for its own version and those of modules, empty where there is
// none.
const versions = `import json, sys
from importlib import metadata
def version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
print(json.dumps({"python": sys.version.split()[0], **{n: version(n) for n in sys.argv[1:]}}))`

// An interpreter is a Python, with what it has and lacks of the modules.
type interpreter struct {
	path, said string
	lacking    []string
	err        error // it does not say
}

// python looks for a Python that has the modules. The first in PATH is often another one
// than Debian's, which has them as packages.
func (d doctor) python(ctx context.Context) []finding {
	var all []interpreter
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		path, err := exec.LookPath(name)
		if err != nil || len(all) > 0 && all[0].path == path {
			continue
		}
		p := interpreter{path: path}
		p.said, p.lacking, p.err = d.installed(ctx, path)
		all = append(all, p)
	}
	return pythons(all)
}

// pythons tells of the Python that lacks least, and of the first one where that is
// another: what the documents call python3 is then not the one that has the modules.
func pythons(all []interpreter) []finding {
	f := finding{
		Name: "python3", State: stateMissing, Found: "not in PATH",
		Help: "apt install python3-aiohttp python3-flask python3-httpx python3-requests, or make setup: for the contenders in examples/children/python",
	}
	best := -1
	for i, p := range all {
		switch {
		case p.err != nil && best < 0:
			f.Found = fmt.Sprintf("%s does not say its version (%v)", p.path, cause(p.err))
		case p.err == nil && (best < 0 || len(p.lacking) < len(all[best].lacking)):
			best, f.Found = i, p.said
		}
	}
	if best < 0 || len(all[best].lacking) > 0 {
		return []finding{f}
	}
	f.State, f.Help = stateOK, ""
	if best == 0 {
		return []finding{f}
	}
	first := finding{Name: "PATH python3", State: stateDoubt, Found: all[0].path + " lacks " + strings.Join(all[0].lacking, ", ")}
	if all[0].err != nil {
		first.Found = all[0].path + " does not answer"
	}
	first.Help = fmt.Sprintf("write exec:%s ... and --start '%[1]s ...' where examples have python3", all[best].path)
	return []finding{f, first}
}

// installed words what a Python has of the modules, and lists what it lacks.
func (d doctor) installed(ctx context.Context, path string) (said string, lacking []string, err error) {
	text, err := d.ask(ctx, path, append([]string{"-c", versions}, modules()...)...)
	if err != nil {
		return "", nil, err
	}
	has := map[string]string{}
	if err := json.Unmarshal([]byte(text), &has); err != nil {
		return "", nil, errors.New("its answer cannot be read")
	}
	said = fmt.Sprintf("%s %s", path, has["python"])
	for _, name := range modules() {
		if has[name] == "" {
			lacking = append(lacking, name)
			continue
		}
		said += ", " + name + " " + has[name]
	}
	if len(lacking) > 0 {
		said += "; without " + strings.Join(lacking, ", ")
	}
	return clip(said), lacking, nil
}

// undici looks for the package of npm that one contender needs, in the checkout that
// this program is called in.
func (d doctor) undici() finding {
	f := finding{Name: "undici", State: stateMissing, Help: "make setup, or npm ci --prefix examples/children/node: for the contender undici_pool.mjs"}
	folder := filepath.Join("examples", "children", "node")
	if _, err := os.Stat(folder); err != nil {
		f.Found = "this folder is no checkout of fetchbench"
		return f
	}
	text, err := os.ReadFile(filepath.Join(folder, "node_modules", "undici", "package.json"))
	if err != nil {
		f.Found = "not in " + filepath.Join(folder, "node_modules")
		return f
	}
	var about struct {
		Version string `json:"version"`
	}
	if err := json.Unmarshal(text, &about); err != nil || about.Version == "" {
		f.Found = "its package.json cannot be read"
		return f
	}
	f.State, f.Found, f.Help = stateOK, "undici "+clip(about.Version), ""
	return f
}
