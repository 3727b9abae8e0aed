// Package predict says what a strategy would have taken that nobody measured: it
// draws batches from the latencies that a run recorded, and lets a schedule make
// them in simulated time.
//
// All of it rests on one assumption: a request takes as long however many others
// are in flight. That is what concurrency can buy at most; an upstream or a
// machine that becomes slower under load makes every prediction too fast. Whether
// the run itself shows that, Sample.Warnings tells.
//
// It knows when requests start and nothing of what they are made of: policies,
// which change what a request takes, and strategies that look at the answers are
// not covered. It reads a journal, measures nothing and prints nothing. The same
// journal, options and seed give the same digits. Times are durations within a
// simulation and seconds in a Prediction.
//
//	sample, err := predict.Read(journal, run, run.Sequential())
//	...
//	p, err := sample.Simulate(predict.Schedule{Kind: predict.Slots, Size: 8}, predict.Options{})
package predict
