package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/fetchbench/fetchbench/bench"
)

// What is too little, or too much, for numbers to be believed.
const (
	fewFiles  = 1024                 // open files: a request holds one, and the upstream another
	noFiles   = 64                   // less than this program needs for itself
	fewPorts  = 10_000               // local ports, of which each fresh connection holds one for a minute
	lowDisk   = 1 << 30              // bytes free for journals
	noDisk    = 16 << 20             // less than one run may need
	longGap   = 5 * time.Millisecond // without a look at the clock
	muchSteal = 0.01                 // of all processor time
)

// folder tries whether a journal can be written. Nothing is left behind: of a folder that
// is not there yet the nearest one above is tried.
func (d doctor) folder() finding {
	f := finding{Name: "runs", State: stateOK, Found: d.dir}
	file, err := os.CreateTemp(above(d.dir), ".doctor-*")
	if err == nil {
		err = errors.Join(file.Close(), os.Remove(file.Name()))
	}
	if err != nil {
		f.State, f.Found = stateBroken, fmt.Sprintf("cannot write in %s (%v)", d.dir, cause(err))
		f.Help = "use --out DIR with a folder that can be written, or set XDG_STATE_HOME"
	}
	return f
}

// above is the folder, or the nearest one above that is there.
func above(dir string) string {
	for {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) || filepath.Dir(dir) == dir {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

// disk asks how much is free where journals go.
func (d doctor) disk() finding {
	f := finding{Name: "disk", State: stateOK, Help: "free some, or use --out DIR on another disk"}
	free, err := freeDisk(above(d.dir))
	switch f.Found = fmt.Sprintf("%d MiB free for runs", free>>20); {
	case err != nil:
		f.State, f.Found = stateDoubt, fmt.Sprintf("nobody says how much is free (%v)", cause(err))
	case free < noDisk:
		f.State = stateBroken
	case free < lowDisk:
		f.State = stateDoubt
	default:
		f.Help = ""
	}
	return f
}

// loopback tries whether the embedded upstream can be served.
func loopback() finding {
	f := finding{Name: "loopback", State: stateOK, Found: "127.0.0.1 can be listened at"}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		err = l.Close()
	}
	if err != nil {
		f.State, f.Found, f.Help = stateBroken, fmt.Sprintf("127.0.0.1 cannot be listened at (%v)", cause(err)), "bring the loopback device up: ip link set lo up"
	}
	return f
}

// machine says what this process is held to, and whether the machine is quiet. What
// nobody knows on this system is left out.
func (d doctor) machine(ctx context.Context) (list []finding) {
	e := bench.Survey()
	if n := e.FDLimit; n > 0 {
		list = append(list, files(n))
	}
	if n := e.Ports; n > 0 {
		f := finding{Name: "ports", State: stateOK, Found: fmt.Sprintf("%d local ports", n)}
		if n < fewPorts {
			f.State, f.Help = stateDoubt, "sysctl net.ipv4.ip_local_port_range='15000 60999', or --connections warm: fresh connections may run out of them"
		}
		list = append(list, f)
	}
	return append(list, quiet(bench.Listen(ctx, d.look), e.Load, runtime.NumCPU()))
}

// files judges how many files may be open.
func files(n uint64) finding {
	f := finding{Name: "open files", State: stateOK, Found: fmt.Sprintf("%d at once", n)}
	if n < fewFiles {
		f.State, f.Help = stateDoubt, fmt.Sprintf("ulimit -n 65536: this is enough for about %d requests in flight", n/4)
	}
	if n < noFiles {
		f.State, f.Help = stateBroken, "ulimit -n 65536"
	}
	return f
}

// quiet judges what else goes on.
func quiet(n bench.Noise, load float64, processors int) finding {
	f := finding{Name: "machine", State: stateOK, Found: fmt.Sprintf(
		"%d processors, load %.1f, %.1f %% stolen, longest gap %.1f ms", processors, load, 100*n.Steal, float64(n.Gap)/float64(time.Millisecond))}
	if load > float64(processors) || n.Steal > muchSteal || n.Gap > longGap {
		f.State, f.Help = stateDoubt, "close what else runs before measuring; fetchbench selftest says what can be believed"
	}
	return f
}
