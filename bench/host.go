package bench

import (
	"strconv"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// A hostReading is what the machine around this process has done so far.
type hostReading struct {
	load                   float64
	steal, total, switches int64
	// at is one instant by both clocks, which drift apart when somebody sets the
	// wall clock or the machine sleeps.
	at time.Time
}

// readHost takes a reading. It reads two small files outside the timed span.
func readHost() hostReading {
	steal, total := ticks(file("/proc/stat"))
	return hostReading{load: load(file("/proc/loadavg")), steal: steal, total: total, switches: switches(), at: time.Now()}
}

// since is what the machine did between an earlier reading and this one.
func (h hostReading) since(earlier hostReading) results.Host {
	wall := h.at.Round(0).Sub(earlier.at.Round(0))
	return results.Host{
		Load:        h.load,
		StealTicks:  h.steal - earlier.steal,
		TotalTicks:  h.total - earlier.total,
		Switches:    h.switches - earlier.switches,
		ClockStepNS: (wall - h.at.Sub(earlier.at)).Nanoseconds(),
	}
}

// ticks are the stolen and all ticks of all processors in the form of Linux's
// /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal; what follows
// is part of user time already (proc(5)).
func ticks(stat string) (steal, total int64) {
	const columns = 8
	line, _, _ := strings.Cut(stat, "\n")
	fields := strings.Fields(line)
	if len(fields) <= columns || fields[0] != "cpu" {
		return 0, 0
	}
	for i, field := range fields[1 : columns+1] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, 0
		}
		total += n
		if i == columns-1 {
			steal = n
		}
	}
	return steal, total
}
