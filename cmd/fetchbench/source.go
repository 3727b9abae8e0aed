package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/spf13/pflag"
)

// source finds what is to be fetched: a plan file, URLs as arguments or in a
// file, or the profile of an embedded upstream. It takes one of them.
func (f *planFlags) source(flags *pflag.FlagSet, args []string, stdin io.Reader) (bench.Plan, error) {
	if err := misplaced(args); err != nil {
		return bench.Plan{}, err
	}
	planFile := slices.ContainsFunc(args, isPlan)
	given := 0
	for _, is := range []bool{len(args) > 0, flags.Changed("urls"), flags.Changed("profile")} {
		if is {
			given++
		}
	}
	switch {
	case given > 1:
		return bench.Plan{}, &failure{
			code: exitUsage, err: errors.New("URLs, --urls FILE, --profile NAME and a plan file exclude each other"),
			hint: "give one of them",
		}
	case planFile && len(args) > 1:
		return bench.Plan{}, fmt.Errorf("a plan file stands alone, got %q", args)
	case planFile:
		return readPlan(args[0])
	case given == 0 && f.onlyRoutes():
		return bench.RouteDefaults()
	case given == 0:
		return bench.Defaults("article")
	case flags.Changed("profile"):
		return profilePlan(f.profile)
	}
	return f.urlPlan(flags, args, stdin)
}

// misplaced refuses contenders among the URLs: behind -s they are one word.
func misplaced(args []string) error {
	at := slices.IndexFunc(args, isContender)
	if at < 0 {
		return nil
	}
	f := usage(fmt.Errorf("%q is a contender, and stands where URLs do", args[at]))
	f.hint = "contenders go behind -s, by commas: -s sequential," + args[at]
	return f
}

// isContender tells whether a word is the name of a strategy, with what may stand
// behind it, and not that of a file.
func isContender(word string) bool {
	_, err := os.Stat(word)
	name, _, _ := strings.Cut(word, ":")
	name, _, _ = strings.Cut(name, "@")
	name, _, _ = strings.Cut(name, "+")
	return err != nil && slices.ContainsFunc(bench.Specs(), func(s bench.Spec[fetchers.Strategy]) bool { return s.Name == name })
}

// profilePlan is the plan for a profile of the embedded upstream.
func profilePlan(name string) (bench.Plan, error) {
	if name == "" {
		return bench.Plan{}, &failure{code: exitUsage, err: errors.New("--profile needs a name"), hint: "have " + list(profileNames())}
	}
	plan, err := bench.Defaults(name)
	return plan, meant(err, name, profileNames())
}

// urlPlan is the plan for URLs in a file or as arguments.
func (f *planFlags) urlPlan(flags *pflag.FlagSet, args []string, stdin io.Reader) (bench.Plan, error) {
	plan, err := bench.Defaults("")
	if err != nil {
		return plan, err
	}
	if flags.Changed("urls") {
		plan.URLs, err = readURLs(f.urls, stdin)
		return plan, err
	}
	for _, url := range args {
		plan.URLs = append(plan.URLs, bench.Request{URL: url})
	}
	return plan, nil
}

// isPlan tells whether an argument is a plan file: by its ending, or because
// there is such a file and it is no URL.
func isPlan(arg string) bool {
	if strings.Contains(arg, "://") {
		return false
	}
	switch filepath.Ext(arg) {
	case ".yaml", ".yml", ".json":
		return true
	}
	_, err := os.Stat(arg)
	return err == nil
}

// maxPlan bounds a plan file.
const maxPlan = 16 << 20

// readPlan reads a plan file.
func readPlan(path string) (bench.Plan, error) {
	file, err := os.Open(path)
	if err != nil {
		return bench.Plan{}, unreadable(path, err, "a plan is a YAML or JSON file; a URL begins with http:// or https://")
	}
	defer func() { _ = file.Close() }() // it was only read
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return bench.Plan{}, &failure{
			code: exitUsage, err: fmt.Errorf("%s is a directory, not a plan", path), hint: "give the plan file in it",
		}
	}
	text, err := io.ReadAll(io.LimitReader(file, maxPlan+1))
	if err != nil {
		return bench.Plan{}, unreadable(path, err, "")
	}
	if len(text) > maxPlan {
		return bench.Plan{}, fmt.Errorf("%s has more than %d bytes, which is no plan", path, maxPlan)
	}
	plan, err := bench.DecodePlan(path, text)
	if err != nil && listsURLs(text) {
		return plan, &failure{code: exitUsage, err: err, hint: "this looks like a list of URLs: use --urls " + path}
	}
	return plan, hinted(err)
}

// listsURLs tells whether the first line that says anything is a URL.
func listsURLs(text []byte) bool {
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return strings.HasPrefix(line, "http://") || strings.HasPrefix(line, "https://")
		}
	}
	return false
}

// readURLs reads a list of URLs, - for stdin.
func readURLs(path string, stdin io.Reader) ([]bench.Request, error) {
	if path == "-" {
		list, err := bench.ParseURLs("stdin", stdin)
		return list, hinted(err)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err, "--urls names a file with one URL a line; URLs themselves need no flag")
	}
	defer func() { _ = file.Close() }() // it was only read
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a directory, not a list of URLs", path)
	}
	list, err := bench.ParseURLs(path, file)
	if ext := filepath.Ext(path); err != nil && (ext == ".yaml" || ext == ".yml" || ext == ".json") {
		return list, &failure{code: exitUsage, err: err, hint: "this looks like a plan: run it without --urls"}
	}
	return list, hinted(err)
}

// unreadable is the failure of a file that was to be read, with its hint.
func unreadable(path string, err error, hint string) *failure {
	return &failure{code: exitUsage, err: fmt.Errorf("cannot read %s: %w", path, cause(err)), hint: hint}
}

// hinted adds the way out to errors that have a usual one.
func hinted(err error) error {
	switch {
	case errors.Is(err, bench.ErrNoURLs):
		return &failure{code: exitUsage, err: err, hint: "one URL a line, such as https://api.example.com/user"}
	case err != nil && strings.Contains(err.Error(), "send an Authorization header"):
		return &failure{code: exitUsage, err: err, hint: "-H 'Authorization: Basic env:VAR', where the variable VAR has user:password in base64"}
	}
	return err
}
