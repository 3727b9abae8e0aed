//go:build unix

package child

import (
	"bufio"
	"io"
	"os/exec"
	"testing"

	"github.com/fetchbench/fetchbench/bench/process"
)

// The number of a group that has ended may be another's. Here it is that of a program
// which says back what it is told, as long as nobody ends it.
func TestNobodyElseIsEndedForAChildThatIsGone(t *testing.T) {
	other := exec.Command("cat")
	other.SysProcAttr = process.Alone()
	to, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	from, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	gone := &running{command: other, ended: make(chan struct{})}
	close(gone.ended)
	gone.terminate()
	_, _ = io.WriteString(to, "here\n") // what became of it is read
	if said, err := bufio.NewReader(from).ReadString('\n'); said != "here\n" {
		t.Errorf("it says %q: %v", said, err)
	}
	_ = to.Close()
	if err := other.Wait(); err != nil {
		t.Error(err)
	}
}
