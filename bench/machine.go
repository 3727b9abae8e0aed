package bench

import (
	"runtime"
	"runtime/metrics"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// A reading is what this process has used so far. The upstream is usually a
// process of its own, and is not in it.
type reading struct {
	cpu        time.Duration
	allocs     uint64
	allocBytes uint64
	gcPause    time.Duration
	sched      *metrics.Float64Histogram
	host       hostReading
}

// metricSched is the runtime's name of how long goroutines waited for a thread.
const metricSched = "/sched/latencies:seconds"

// read takes a reading, outside the timed span. ReadMemStats stops the world for
// some microseconds and is exact; the runtime's metrics of the same name lag
// behind by what each processor has cached, a few hundred objects.
func read() reading {
	sample := []metrics.Sample{{Name: metricSched}}
	metrics.Read(sample)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return reading{
		cpu: cpuTime(), gcPause: time.Duration(m.PauseTotalNs),
		allocs: m.Mallocs, allocBytes: m.TotalAlloc,
		sched: sample[0].Value.Float64Histogram(), host: readHost(),
	}
}

// since is what was used from an earlier reading to this one.
func (r reading) since(earlier reading) results.Machine {
	return results.Machine{
		CPUNS:      (r.cpu - earlier.cpu).Nanoseconds(),
		Allocs:     r.allocs - earlier.allocs,
		AllocBytes: r.allocBytes - earlier.allocBytes,
		GCPauseNS:  (r.gcPause - earlier.gcPause).Nanoseconds(),
		SchedP99NS: int64(p99(r.sched, earlier.sched) * 1e9),
		Host:       r.host.since(earlier.host),
	}
}

// p99 is the 99th percentile in seconds of what a histogram gained: the upper
// edge of its bucket, or the lower one of a bucket that has no end.
func p99(now, earlier *metrics.Float64Histogram) float64 {
	var total uint64
	for i, n := range now.Counts {
		total += n - earlier.Counts[i]
	}
	var below uint64
	for i, n := range now.Counts {
		below += n - earlier.Counts[i]
		if total > 0 && below*100 >= total*99 {
			if i+2 < len(now.Buckets) {
				return now.Buckets[i+1]
			}
			return now.Buckets[i]
		}
	}
	return 0
}
