package upstream

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// TestR34ChildKnowsNoSecret: a token in the environment of a run is neither in that of
// its child nor among its arguments, as the system shows them.
func TestR34ChildKnowsNoSecret(t *testing.T) {
	t.Setenv("API_TOKEN", "CANARY")
	t.Setenv("GOMAXPROCS", "1")
	p, err := Lookup("fast")
	if err != nil {
		t.Fatal(err)
	}
	process, err := Start(context.Background(), child("serve"), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := process.Close(); err != nil {
			t.Error(err)
		}
	}()
	given := strings.Join(process.command.Env, "\n") + strings.Join(process.command.Args, "\n")
	if runtime.GOOS == "linux" {
		for _, file := range []string{"environ", "cmdline"} {
			text, err := os.ReadFile("/proc/" + strconv.Itoa(process.Pid()) + "/" + file)
			if err != nil {
				t.Fatal(err)
			}
			given += string(text)
		}
	}
	if strings.Contains(given, "CANARY") || !strings.Contains(given, "GOMAXPROCS=1") {
		t.Errorf("the child has %q", given)
	}
}
