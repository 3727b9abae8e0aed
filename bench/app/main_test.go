package app_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// appArg makes the test binary a web app, of the kind and at the address that follow.
const appArg = "be-an-app"

// TestMain is also the door for the apps that the tests start. No test may leave a
// goroutine behind.
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == appArg {
		serve(os.Args[2], os.Args[3])
	}
	const pool = "github.com/panjf2000/ants/v2.(*poolCommon)." // two of its own, for a pool that nobody uses
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction(pool+"purgeStaleWorkers"), goleak.IgnoreTopFunction(pool+"ticktock"))
}

// serve is a web app that behaves, or not. What hangs ends with the tests at the latest.
func serve(kind, address string) {
	const end = time.Minute
	switch kind {
	case "exits":
		fmt.Println("\x1b[2Jno module named flask; api_key=sesame")
		os.Exit(3)
	case "floods":
		fmt.Println(strings.Repeat("x", 1<<20) + "\nthe end")
		os.Exit(3)
	case "hangs":
		time.Sleep(end)
		os.Exit(1)
	case "forks": // into a process that goes on
		grandchild := exec.Command(os.Args[0], appArg, "hangs", address)
		if err := grandchild.Start(); err != nil {
			os.Exit(4)
		}
	case "deaf": // to all that ends it kindly
		ignoreSignals()
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/fails":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/teapot":
			w.WriteHeader(http.StatusTeapot)
		case "/dies":
			os.Exit(3)
		case "/environment":
			list, _ := os.ReadFile(os.Getenv("FETCHBENCH_URLS"))
			_, _ = fmt.Fprintf(w, "%s\n%s", strings.Join(os.Environ(), "\n"), list)
		}
	})
	fmt.Println("serving", kind)
	if kind == "secure" {
		secure(address)
	}
	fmt.Println(http.ListenAndServe(address, nil))
	os.Exit(5)
}

// secure serves with a certificate of its own until the tests are over.
func secure(address string) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		os.Exit(6)
	}
	s := httptest.NewUnstartedServer(http.DefaultServeMux)
	_ = s.Listener.Close()
	s.Listener = l
	s.StartTLS()
	time.Sleep(time.Minute)
	os.Exit(1)
}
