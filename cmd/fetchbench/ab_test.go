package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"golang.org/x/sync/errgroup"
)

// fetchAll is a program as people write them, and compare: fetch-all N fetches the URLs
// on its standard input, N at once. It is on the PATH of scripts. Further words make it
// fail, hang, or leave one out.
func fetchAll() {
	workers, err := strconv.Atoi(os.Args[1])
	var urls []string
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		urls = append(urls, lines.Text())
	}
	switch {
	case err != nil:
		os.Exit(2)
	case slices.Contains(os.Args, "fail"):
		fmt.Fprintln(os.Stderr, "fetch-all: \x1b[31mout of luck")
		os.Exit(3)
	case slices.Contains(os.Args, "hang"):
		time.Sleep(time.Hour)
	case slices.Contains(os.Args, "lazy"):
		urls = urls[1:]
	}
	var calls errgroup.Group
	calls.SetLimit(workers)
	for _, url := range urls {
		calls.Go(func() error {
			answer, err := http.Get(url)
			if err != nil {
				return err
			}
			defer answer.Body.Close()
			_, err = io.Copy(io.Discard, answer.Body)
			return err
		})
	}
	if calls.Wait() != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// readmeJob is the command of the job that the README shows.
func readmeJob(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, passage, found := strings.Cut(string(text), "\n## In CI\n")
	block := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindStringSubmatch(passage)
	if !found || block == nil {
		t.Fatal("the README has no job to try")
	}
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct {
				Run string `yaml:"run"`
			} `yaml:"steps"`
		} `yaml:"jobs"`
	}
	if err := yaml.Unmarshal([]byte(block[1]), &workflow); err != nil {
		t.Fatal(err)
	}
	for _, job := range workflow.Jobs {
		for _, step := range job.Steps {
			if strings.HasPrefix(step.Run, "fetchbench ab ") {
				return step.Run
			}
		}
	}
	t.Fatal("no step of the job begins with fetchbench ab")
	return ""
}

// runJob runs the command of a job in a folder of its own, in which fetch-main and
// fetch-pr fetch so many at once, and returns its exit code, what it said and the page
// of the job.
func runJob(t *testing.T, command string, base, head int) (code int, said, page string) {
	t.Helper()
	dir := t.TempDir()
	for name, workers := range map[string]int{"fetch-main": base, "fetch-pr": head} {
		text := fmt.Sprintf("#!/bin/sh\nexec fetch-all %d\n", workers)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	page = filepath.Join(dir, "page.md")
	if err := os.WriteFile(page, []byte("what an earlier step wrote\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	job := exec.Command("sh", "-e", "-c", command)
	job.Dir, job.Env = dir, append(environment(dir), "GITHUB_STEP_SUMMARY="+page)
	out, err := job.CombinedOutput()
	if err != nil && job.ProcessState == nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if junit, err := os.ReadFile(filepath.Join(dir, "gates.xml")); err != nil || !strings.Contains(string(junit), "<testsuite ") {
		t.Errorf("gates.xml: %v\n%s", err, junit)
	}
	return job.ProcessState.ExitCode(), string(out), string(text)
}

// TestReadmeJobCatchesARegression: the job, as it stands in the README, fails with 4 for
// a head that fetches two at once in place of eight, says by how much, and shows it on
// the page of the job, behind what was there. Of a head that is the base it says
// nothing of the kind.
func TestReadmeJobCatchesARegression(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("SKIPPED: go test -short leaves out what takes its time")
	}
	command := readmeJob(t)
	code, said, page := runJob(t, command, 8, 2)
	if code != exitGate || !strings.Contains(said, "fetchbench: error: regression: the median of head is ") {
		t.Errorf("exit code %d, want %d\n%s", code, exitGate, said)
	}
	if !strings.HasPrefix(page, "what an earlier step wrote\n### fetchbench: 1 gate failed") || !strings.Contains(page, "| median +5% (head) | **failed** |") {
		t.Errorf("the page of the job:\n%s", page)
	}
	calm := regexp.MustCompile(`--pairs \d+`).ReplaceAllString(command, "--pairs 8 --scale 0.1")
	if code, said, page = runJob(t, calm, 8, 8); code != exitOK || strings.Contains(page, "**failed**") {
		t.Errorf("base against base: exit code %d\n%s\n%s", code, said, page)
	}
}
