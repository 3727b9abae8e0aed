package child_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// childArg makes the test binary a child of the kind that follows it.
const childArg = "be-a-child"

// TestMain is also the door for the children that the tests start. No test may leave a
// goroutine behind.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == childArg {
		actor{kind: os.Args[len(os.Args)-1]}.play()
		os.Exit(0)
	}
	const pool = "github.com/panjf2000/ants/v2.(*poolCommon)." // two of its own, for a pool that nobody uses
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction(pool+"purgeStaleWorkers"), goleak.IgnoreTopFunction(pool+"ticktock"))
}

// spec is the spec of a child of a kind.
func spec(kind string) string { return "exec:'" + os.Args[0] + "' " + childArg + " '" + kind + "'" }

// hoard takes so many bytes and writes to each page of them.
func hoard(bytes int) {
	const page = 4 << 10
	pages := make([]byte, bytes)
	for at := 0; at < len(pages); at += page {
		pages[at] = 1
	}
}
