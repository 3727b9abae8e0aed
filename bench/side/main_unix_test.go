//go:build unix

package side_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench/process"
	"go.uber.org/goleak"
)

// actVariable makes the test binary one of the programs that tests compare.
const actVariable = "FETCHBENCH_TEST_ACT"

// TestMain is also the door for these programs. No test may leave a goroutine behind.
func TestMain(m *testing.M) {
	if act := os.Getenv(actVariable); act != "" {
		os.Exit(acts()[act]())
	}
	const pool = "github.com/panjf2000/ants/v2.(*poolCommon)." // which starts two with the program, for a pool that nobody uses
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction(pool+"purgeStaleWorkers"), goleak.IgnoreTopFunction(pool+"ticktock"))
}

// acts are the programs.
func acts() map[string]func() int {
	return map[string]func() int{
		"fetch": func() int { return fetch(os.Stdin, 0) },
		"from the file": func() int {
			file, err := os.Open(os.Getenv(process.URLsVariable))
			if err != nil {
				return 1
			}
			return fetch(file, 0)
		},
		"knows": func() int {
			for _, name := range []string{"HTTP_PROXY", "https_proxy", "API_TOKEN"} {
				if value, set := os.LookupEnv(name); set {
					fmt.Fprintln(os.Stderr, name, "is", value)
					return 1
				}
			}
			if os.Getenv("JAVA_HOME") != "/java" || os.Getenv("NO_PROXY") != "*" {
				fmt.Fprintln(os.Stderr, os.Environ())
				return 1
			}
			return fetch(os.Stdin, 0)
		},
		"leave one out": func() int { return fetch(os.Stdin, 1) },
		"fetch twice": func() int {
			file, err := os.Open(os.Getenv(process.URLsVariable))
			if err != nil {
				return 1
			}
			return fetch(io.MultiReader(os.Stdin, file), 0)
		},
		"fail": func() int {
			fmt.Fprintln(os.Stderr, strings.Repeat("noise ", 1000)+"the last word")
			return 3
		},
		"hang": func() int { time.Sleep(time.Hour); return 0 },
		"leave a child": func() int {
			child := exec.Command(os.Args[0])
			child.Env = append(os.Environ(), actVariable+"=hang")
			child.Stdout = os.Stdout // which it holds open
			if err := child.Start(); err != nil {
				return 1
			}
			if err := os.WriteFile(os.Getenv("CHILD"), fmt.Append(nil, child.Process.Pid), 0o600); err != nil {
				return 1
			}
			if os.Getenv("STAY") != "" {
				time.Sleep(time.Hour)
			}
			return fetch(os.Stdin, 0)
		},
	}
}

// fetch fetches the URLs of a list one after the other, but for so many.
func fetch(list io.Reader, but int) int {
	var urls []string
	for lines := bufio.NewScanner(list); lines.Scan(); {
		urls = append(urls, lines.Text())
	}
	for _, url := range urls[:len(urls)-but] {
		answer, err := http.Get(url)
		if err != nil {
			return 1
		}
		_, err = io.Copy(io.Discard, answer.Body)
		if answer.Body.Close() != nil || err != nil || answer.StatusCode != http.StatusOK {
			return 1
		}
	}
	return 0
}
