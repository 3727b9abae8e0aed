package bench

import (
	"cmp"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/fetchbench/fetchbench/results"
	diff "github.com/google/go-cmp/cmp"
)

// system makes the files of a system of their texts.
func system(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

// Field by field, over systems made for it: both versions of control groups, of
// which the tightest bound counts, and texts that say nothing.
func TestR50TheEnvironmentIsRead(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  results.Terms
	}{
		"nothing": {},
		"a laptop": {
			map[string]string{
				"proc/sys/net/ipv4/ip_local_port_range":                "32768\t60999\n",
				"sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "powersave\n",
				"proc/self/cgroup":                            "0::/user.slice/a.scope\n",
				"sys/fs/cgroup/user.slice/a.scope/cpu.max":    "max 100000\n",
				"sys/fs/cgroup/user.slice/a.scope/memory.max": "max\n",
			},
			results.Terms{Ports: 28232, Governor: "powersave"}, // 60999 - 32768 + 1
		},
		"a bound on what it lies in": {
			map[string]string{
				"proc/self/cgroup":                            "0::/user.slice/a.scope\n",
				"sys/fs/cgroup/user.slice/cpu.max":            "150000 100000\n",
				"sys/fs/cgroup/user.slice/a.scope/cpu.max":    "400000 100000\n",
				"sys/fs/cgroup/user.slice/memory.max":         "1073741824\n",
				"sys/fs/cgroup/user.slice/a.scope/memory.max": "536870912\n",
			},
			results.Terms{CPULimit: 1.5, MemoryLimit: 512 << 20},
		},
		"a container that is its own root": {
			map[string]string{
				".dockerenv": "", "proc/self/cgroup": "0::/\n",
				"sys/fs/cgroup/cpu.max": "50000 100000\n", "sys/fs/cgroup/memory.max": "268435456\n",
			},
			results.Terms{CPULimit: 0.5, MemoryLimit: 256 << 20, Container: "docker"},
		},
		"the first version": {
			map[string]string{
				"proc/self/cgroup": "5:cpu,cpuacct:/kubepods/x\n4:memory:/kubepods/x\n1:name=systemd:/\n",
				"proc/1/cgroup":    "4:memory:/kubepods/x\n",
				"sys/fs/cgroup/cpu,cpuacct/kubepods/x/cpu.cfs_quota_us": "-1\n",
				"sys/fs/cgroup/cpu,cpuacct/kubepods/cpu.cfs_quota_us":   "200000\n",
				"sys/fs/cgroup/cpu,cpuacct/kubepods/cpu.cfs_period_us":  "100000\n",
				"sys/fs/cgroup/memory/kubepods/x/memory.limit_in_bytes": "1000\n",
				"sys/fs/cgroup/memory/memory.limit_in_bytes":            "9223372036854771712\n",
			},
			results.Terms{CPULimit: 2, MemoryLimit: 1000, Container: "kubepods"},
		},
		"garbage": {
			map[string]string{
				"proc/sys/net/ipv4/ip_local_port_range": "9 1", "proc/self/cgroup": "0::\n::\nx\n0::/../../etc\n",
				"sys/fs/cgroup/cpu.max": "x y z", "sys/fs/cgroup/memory.max": "-5",
			},
			results.Terms{},
		},
	} {
		got := terms(system(c.files))
		c.want.FDLimit = fdLimit() // asked of the system, and of no file
		if d := diff.Diff(c.want, got); d != "" {
			t.Errorf("%s: -want +got\n%s", name, d)
		}
	}
}

// What each file says alone.
func TestPortRanges(t *testing.T) {
	for text, want := range map[string]int{
		"1 1": 1, "40000 40063": 64, "0 65535": 65536, "2 1": 0, "1": 0, "1 2 3": 0, "": 0, "a b": 0, "1 70000": 0, "-1 5": 0,
	} {
		if got := ports(text); got != want {
			t.Errorf("%q: %d ports, want %d", text, got, want)
		}
	}
}

// header is what a run says of itself.
func header(t *testing.T, rounds int) results.Header {
	t.Helper()
	p, err := Defaults("fast")
	if err != nil {
		t.Fatal(err)
	}
	p.Upstream.Form, p.Rounds, p.Seed = FormMock, rounds, 7
	e, err := Open(t.Context(), p, Tool{Name: "tool 1"})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	return e.Header()
}

// The environment of a run is that of this machine, and the plan's hash tells two
// plans apart by whatever differs in them.
func TestR50TheEnvironmentIsStored(t *testing.T) {
	got := header(t, 1).Environment
	want := results.Environment{
		Tool: "tool 1", Go: runtime.Version(), OS: runtime.GOOS + "/" + runtime.GOARCH, Kernel: kernel(),
		CPU: cpuModel(file("/proc/cpuinfo")), CPUs: runtime.NumCPU(), MaxProcs: runtime.GOMAXPROCS(0),
		GOGC: cmp.Or(os.Getenv("GOGC"), "100"), Load: got.Load, Terms: terms(os.DirFS("/")),
	}
	want.PlanHash = got.PlanHash
	if got != want || len(got.PlanHash) != 16 {
		t.Errorf("the environment is %+v, want %+v", got, want)
	}
	if runtime.GOOS == "linux" && (got.Kernel == "" || got.FDLimit == 0 || got.Ports == 0) {
		t.Errorf("on Linux the environment is %+v", got)
	}
	other, again := header(t, 2).Environment.PlanHash, header(t, 1).Environment.PlanHash
	if other == got.PlanHash || again != got.PlanHash {
		t.Errorf("a plan has the hashes %s and %s, another %s", got.PlanHash, again, other)
	}
}

// FuzzTerms: whatever the files of a system say, bounds are positive or unknown, and
// a group that is named cannot lead out of the folder of groups.
func FuzzTerms(f *testing.F) {
	f.Add("32768 60999", "0::/a/b", "50000 100000", "268435456")
	f.Add("9 1", "4:cpu,memory:/x\n1:name=systemd:/", "max 100000", "max")
	f.Add("", "0::/../../etc", "-1 0", "-1")
	f.Add("", "0:../../../etc:/x", "", "")
	f.Fuzz(func(t *testing.T, ports, groups, cpu, memory string) {
		got := terms(system(map[string]string{
			"proc/sys/net/ipv4/ip_local_port_range": ports, "proc/self/cgroup": groups,
			"sys/fs/cgroup/cpu.max": cpu, "sys/fs/cgroup/memory.max": memory,
		}))
		if got.Ports < 0 || got.Ports > 1<<16 || !(got.CPULimit >= 0) || got.MemoryLimit < 0 {
			t.Errorf("%q, %q, %q, %q: %+v", ports, groups, cpu, memory, got)
		}
		for _, group := range controlGroups(groups) {
			if !strings.HasPrefix(group.folder+"/", "sys/fs/cgroup/") {
				t.Errorf("%q leads to %q", groups, group.folder)
			}
		}
	})
}
