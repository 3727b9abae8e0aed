package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// mostLinks is after how many links a path is given up, as the system gives it up.
const mostLinks = 40

// resolved is the file that a path stands for: absolute, and where a link leads in place
// of the link, even if nothing is there yet. Two paths of one file are then the same.
func resolved(path string) string {
	for range mostLinks {
		target, err := os.Readlink(path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	folder, name := filepath.Dir(path), filepath.Base(path)
	if target, err := filepath.EvalSymlinks(folder); err == nil {
		folder = target
	}
	path = filepath.Join(folder, name)
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	return path
}

// apart refuses outputs that are one file, those that are read by the command, and those
// that are the journal of any run: what was measured is there once.
func apart(paths, inputs []string) error {
	seen, read := map[string]bool{}, map[string]bool{}
	for _, path := range inputs {
		read[resolved(path)] = true
	}
	for _, path := range paths {
		target := resolved(path)
		switch {
		case read[target]:
			return &failure{code: exitUsage, err: fmt.Errorf("%s is read by this command, and would be overwritten", path), hint: "give the result a file of its own"}
		case seen[target]:
			return &failure{code: exitUsage, err: fmt.Errorf("%s is to be written twice", path), hint: "give each result a file of its own"}
		case isJournal(target):
			return &failure{code: exitUsage, err: fmt.Errorf("%s is the journal of a run, and would be overwritten", path), hint: "give the result a file of its own; fetchbench rm removes runs"}
		}
		seen[target] = true
	}
	return nil
}

// isJournal tells whether a file is the journal of a run. What is no regular file is
// not looked into: opening a pipe could wait for ever.
func isJournal(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }() // it was only read
	head, err := io.ReadAll(io.LimitReader(file, results.HeadBytes))
	return err == nil && results.BeginsJournal(head)
}

// outside refuses outputs that would be taken for a run, or for the name of one, by
// whoever lists the folder of runs.
func outside(dir string, paths []string) error {
	runs := resolved(filepath.Join(dir, "any"))
	for _, path := range paths {
		target := resolved(path)
		among := filepath.Dir(target) == filepath.Dir(runs) && strings.HasSuffix(target, journalSuffix)
		if among || filepath.Dir(target) == filepath.Join(filepath.Dir(runs), "names") {
			return &failure{code: exitUsage, err: fmt.Errorf("%s lies among the runs, and would be taken for one", path), hint: "choose another folder, or another ending than " + journalSuffix}
		}
	}
	return nil
}

// paths are where outputs go.
func paths(files []output) (list []string) {
	for _, o := range files {
		list = append(list, o.path)
	}
	return list
}
