// Package export writes what a run came to for other programs: lines of the Go
// benchmark format, a stream of JSON lines, and metrics of OpenTelemetry and of
// Prometheus. It is a package of its own because of what it links: nobody who reads
// journals or writes tables needs these libraries.
//
// It judges nothing and measures nothing. A number that there is not is absent in
// every format, never NaN, an infinity or 0. Names and texts of others are made
// inert for the format that they go into, and names that differ stay apart. All
// times are seconds but in the Go benchmark format, whose custom is nanoseconds;
// all sizes are bytes.
//
//	err := export.Benchmarks(file, results.Judge(run))
package export
