package bench

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// terms reads what this process is held to from the files of a system, in the form
// of Linux. Elsewhere there are no such files, and nothing is known.
func terms(root fs.FS) results.Terms {
	t := results.Terms{
		FDLimit:   fdLimit(),
		Ports:     ports(content(root, "proc/sys/net/ipv4/ip_local_port_range")),
		Governor:  content(root, "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
		Container: container(root),
	}
	for _, group := range controlGroups(content(root, "proc/self/cgroup")) {
		t.CPULimit = tighter(t.CPULimit, group.cpu(root))
		t.MemoryLimit = tighter(t.MemoryLimit, group.memory(root))
	}
	return t
}

// content is what a small file says, without the space around it, or nothing.
func content(root fs.FS, name string) string {
	text, _ := fs.ReadFile(root, name) // not there on this system: what it would say is unknown
	return strings.TrimSpace(string(text))
}

// ports is the size of the range that local ports are taken from, as in
// "32768 60999", both ends included (ip(7)).
func ports(text string) int {
	ends := strings.Fields(text)
	if len(ends) != 2 {
		return 0
	}
	first, err1 := strconv.ParseUint(ends[0], 10, 16)
	last, err2 := strconv.ParseUint(ends[1], 10, 16)
	if err1 != nil || err2 != nil || last < first {
		return 0
	}
	return int(last-first) + 1
}

// container is the kind of container that this process runs in, as far as it
// leaves traces: a hint for those who wonder at the figures, and no proof.
func container(root fs.FS) string {
	for name, kind := range map[string]string{".dockerenv": "docker", "run/.containerenv": "podman"} {
		if _, err := fs.Stat(root, name); err == nil {
			return kind
		}
	}
	groups := content(root, "proc/1/cgroup")
	for _, kind := range []string{"kubepods", "docker", "containerd", "lxc"} {
		if strings.Contains(groups, kind) {
			return kind
		}
	}
	return ""
}

// A controlGroup is a folder that may bound this process. The first version of the
// kernel's interface has one for each controller, the second one for all.
type controlGroup struct {
	folder                  string
	unified, cpus, memories bool // what it bounds: unified is both
}

// controlGroups lists the groups that the text of /proc/self/cgroup names, and all
// that these lie in: each of them bounds what is inside (cgroups(7)). A container
// sees its own group as the root whatever the text says, so that is looked at too.
func controlGroups(text string) (groups []controlGroup) {
	for line := range strings.Lines(text) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		base := path.Join("sys/fs/cgroup", path.Clean("/"+strings.TrimPrefix(parts[1], "name=")))
		for _, controller := range strings.Split(parts[1], ",") {
			g := controlGroup{unified: controller == "", cpus: controller == "cpu", memories: controller == "memory"}
			for at := path.Clean("/" + parts[2]); ; at = path.Dir(at) {
				g.folder = path.Join(base, at)
				groups = append(groups, g)
				if at == "/" {
					break
				}
			}
		}
	}
	return groups
}

// cpu is how many processors the group may use, 0 for all.
func (g controlGroup) cpu(root fs.FS) float64 {
	var quota, period string
	switch {
	case g.unified:
		quota, period, _ = strings.Cut(content(root, path.Join(g.folder, "cpu.max")), " ")
	case g.cpus:
		quota = content(root, path.Join(g.folder, "cpu.cfs_quota_us"))
		period = content(root, path.Join(g.folder, "cpu.cfs_period_us"))
	}
	used, of := whole(quota), whole(period)
	if used == 0 || of == 0 {
		return 0
	}
	return float64(used) / float64(of)
}

// memory is how many bytes the group may use, 0 for all.
func (g controlGroup) memory(root fs.FS) int64 {
	switch {
	case g.unified:
		return whole(content(root, path.Join(g.folder, "memory.max")))
	case g.memories:
		return whole(content(root, path.Join(g.folder, "memory.limit_in_bytes")))
	}
	return 0
}

// unbounded is from where a number of bytes is no limit: the first version of the
// interface says "none" by the largest number that it can.
const unbounded = 1 << 60

// whole is a limit above 0, or 0 for what is none: "max", -1, or nothing.
func whole(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 || n >= unbounded {
		return 0
	}
	return n
}

// tighter is the lower of two bounds, of which 0 is none.
func tighter[T int64 | float64](a, b T) T {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// planHash is a short name of a plan's text: equal plans have the same, and who
// compares two runs need not read both.
func planHash(text []byte) string {
	const bytes = 8
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:bytes])
}
