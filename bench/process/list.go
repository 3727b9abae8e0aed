package process

import (
	"errors"
	"os"
	"strings"
)

// URLsVariable is the environment variable with the path of the file that List wrote.
const URLsVariable = "FETCHBENCH_URLS"

// List writes the URLs that a program is to fetch into a temporary file, one a line,
// which nobody else can read. Whoever asked for it removes it.
func List(urls []string) (path string, err error) {
	file, err := os.CreateTemp("", "fetchbench-urls-*.txt")
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(strings.Join(urls, "\n") + "\n")
	if err = errors.Join(err, file.Close()); err != nil {
		_ = os.Remove(file.Name()) // half a list
	}
	return file.Name(), err
}
